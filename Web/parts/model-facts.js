// @ts-check
import { language, t } from "../strings.js";

/** @typedef {import("../types.js").ModelInfo} ModelInfo */

const counts = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });

/**
 * What a model can, in the words of a person: what it sees, calls, reads and costs.
 * @param {ModelInfo} model
 * @returns {string[]}
 */
export function modelFacts(model) {
  return [
    model.provider_title,
    model.context_tokens ? t("models.context", { count: counts.format(model.context_tokens) }) : "",
    model.tools === "native" ? t("models.tools") : t("models.toolsInWords"),
    model.images ? t("models.images") : "",
    model.thinking ? t("models.thinking") : "",
    priceOf(model),
  ].filter((fact) => fact !== "");
}

/** @param {ModelInfo} model */
function priceOf({ input_price: input, output_price: output }) {
  if (input === null || output === null) return "";
  if (input === 0 && output === 0) return t("models.free");
  return t("models.price", { input: readableMoney(input), output: readableMoney(output) });
}

/** @param {number} dollars */
export const readableMoney = (dollars) => new Intl.NumberFormat(language, {
  style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: dollars !== 0 && dollars < 0.1 ? 4 : 2,
}).format(dollars);
