// @ts-check
import { h } from "../dom.js";
import { icon } from "./icon.js";

/**
 * Says what went wrong, and offers what can be done about it.
 * @param {string} text
 * @param {...(Node | null)} actions
 */
export function failure(text, ...actions) {
  return h("div", { class: "failure-note", role: "alert" }, icon("alert"), h("p", {}, text),
    h("div", { class: "actions" }, actions));
}

/**
 * @param {string} label
 * @param {() => void} onClick
 * @param {string} [style]
 */
export function actionButton(label, onClick, style = "") {
  return h("button", { type: "button", class: `button ${style}`.trim(), on: { click: onClick } }, label);
}
