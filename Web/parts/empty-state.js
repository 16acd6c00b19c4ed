// @ts-check
import { h } from "../dom.js";

/**
 * What a place says when it has nothing to show: what is the matter and what to do next.
 * @param {string} title
 * @param {string} body
 * @param {...(Node | null)} actions
 */
export function emptyState(title, body, ...actions) {
  return h("div", { class: "empty-state" },
    h("h1", { tabindex: "-1" }, title), h("p", {}, body), h("div", { class: "actions" }, actions));
}
