// @ts-check
import { getBudget, setBudget } from "../identity-api.js";
import { t } from "../strings.js";
import { bounds } from "./budget-text.js";
import { askIn } from "./dialog-form.js";
import { textField } from "./form-fields.js";
import { attempt } from "./live-list.js";
import { toast } from "./toast.js";

/** @typedef {import("../identity-api.js").Budget} Budget */
/** @typedef {import("../strings.js").StringKey} StringKey */

/**
 * The fields of a budget, in the units people think in; an empty one is no bound.
 * @param {Budget} budget
 * @param {string} emptyText
 */
export function budgetFields(budget, emptyText) {
  const fields = bounds.map(({ key, unit }) => {
    const value = budget[key];
    const field = textField(`budget-${key}`, t(/** @type {StringKey} */ (`budget.${key}`)), {
      type: "number", min: 0, step: unit === 1 ? 1 : "any", inputmode: "decimal", placeholder: emptyText,
      value: value === null || value === undefined ? "" : value / unit,
    });
    return { key, unit, ...field };
  });
  /** @returns {Budget} */
  const read = () => Object.fromEntries(fields.map(({ key, unit, input }) =>
    [key, input.value === "" ? null : Math.round(Number(input.value) * unit)]));
  return { nodes: fields.map(({ node }) => node), read };
}

/**
 * What one user may take, in a dialog.
 * @param {string} userId
 * @param {string} title
 */
export const editBudget = (userId, title) => attempt(async () => {
  const { nodes, read } = budgetFields(await getBudget(userId), t("budget.asEverybody"));
  if (await askIn(title, t("form.save"), nodes, () => setBudget(userId, read()))) toast(t("account.saved"));
});
