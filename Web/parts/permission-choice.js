// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";

/**
 * Whether a tool may be used: as it is for itself, without asking, after asking, or not at all.
 * @param {string} label what a screen reader says
 * @param {string | undefined} value `always`, `ask`, `never`, or nothing
 * @param {string} standard what holds where nothing is chosen
 * @param {(value: string | undefined) => void} onChange
 */
export function permissionChoice(label, value, standard, onChange) {
  const choices = [["", standard], ["always", t("permission.always")], ["ask", t("permission.ask")], ["never", t("permission.never")]];
  const select = h("select", {
    class: "permission", "aria-label": label,
    on: { change: () => onChange(select.value || undefined) },
  }, choices.map(([choice, text]) => h("option", { value: choice, selected: choice === (value ?? "") }, text)));
  return select;
}
