// @ts-check
import { h } from "../dom.js";
import { t, tn } from "../strings.js";
import { icon } from "./icon.js";

/** @typedef {import("../types.js").Quotation} Quotation */

/** From the best to the worst. */
const states = /** @type {const} */ (["exact", "near", "not_found"]);

/**
 * What the server found of the words that an answer quotes.
 * @param {import("../types.js").Message} message
 * @returns {Quotation[]}
 */
export function quotationsOf(message) {
  const quotations = message.additional_kwargs?.quotations;
  return Array.isArray(quotations) ? quotations : [];
}

/** @param {Quotation[]} quotations @returns {Quotation["state"] | undefined} */
export const worstState = (quotations) =>
  [...states].reverse().find((state) => quotations.some((quotation) => quotation.state === state));

/**
 * How many quotations are as they stand in their sources; those that are in none are named.
 * @param {Quotation[]} quotations
 */
export function proofNote(quotations) {
  const counts = states.map((state) => ({ state, count: quotations.filter((found) => found.state === state).length }));
  const missing = quotations.filter(({ state }) => state === "not_found");
  return [
    h("ul", { class: "proof", "aria-label": t("proof.title") }, counts.filter(({ count }) => count > 0).map(({ state, count }) =>
      h("li", { class: "proof-state", data: { state } }, icon(state === "exact" ? "check" : "alert"),
        tn(`proof.${state}`, count)))),
    missing.length > 0 && h("div", { class: "unproved", role: "note" },
      h("p", {}, tn("proof.warning", missing.length)), missing.map(({ text }) => h("p", {}, `“${text.replace(/\*+|__/g, "")}”`))),
  ];
}
