// @ts-check
import { h } from "../dom.js";

/**
 * A line of text with its label.
 * @param {string} id
 * @param {string} label
 * @param {Record<string, any>} [attributes]
 * @param {string} [help]
 */
export function textField(id, label, attributes = {}, help = "") {
  const input = h("input", { type: "text", id, "aria-describedby": help ? `${id}-help` : null, ...attributes });
  const node = h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, label), input,
    help && h("p", { id: `${id}-help`, class: "quiet field-help" }, help));
  return { node, input };
}

/**
 * A new password: long enough, and kept by the browser's own safe.
 * @param {string} id
 * @param {string} label
 * @param {string} help
 */
export const passwordField = (id, label, help) =>
  textField(id, label, { type: "password", autocomplete: "new-password", required: true, minlength: 10, maxlength: 1000 }, help);

/**
 * One of a few, with its label.
 * @param {string} id
 * @param {string} label
 * @param {[string, string][]} choices value and text
 * @param {string} chosen
 */
export function choiceField(id, label, choices, chosen) {
  const input = h("select", { id }, choices.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return { node: h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, label), input), input };
}
