// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { getBudget, setBudget } from "../identity-api.js";
import { budgetFields } from "../parts/budget-form.js";
import { failure } from "../parts/failure.js";
import { attempt } from "../parts/live-list.js";
import { toast } from "../parts/toast.js";
import { t } from "../strings.js";

/** What everybody may take, for administrators; a user's own budget comes before it. */
export function budgetSection() {
  const node = h("div", { class: "stack" });
  show(node);
  return { node };
}

/** @param {HTMLElement} node */
async function show(node) {
  try {
    const { nodes, read } = budgetFields(await getBudget(null), t("budget.noBound"));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      attempt(() => setBudget(null, read()), () => toast(t("account.saved")));
    };
    fill(node, h("form", { class: "stack", on: { submit } }, nodes,
      h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, t("form.save")))));
  } catch (error) {
    fill(node, failure(messageOf(error)));
  }
}
