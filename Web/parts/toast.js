// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { iconButton } from "./icon-button.js";

const shownMs = 6000;
const shelf = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

/** The place where short messages appear, once in the page. */
export const toastShelf = () => shelf;

/**
 * Says something short that needs no answer. Failures stay until they are dismissed.
 * @param {string} text
 * @param {{failure?: boolean}} options
 */
export function toast(text, { failure = false } = {}) {
  const node = h("div", { class: failure ? "toast failure" : "toast" }, h("span", {}, text));
  node.append(iconButton("close", t("action.dismiss"), () => node.remove()));
  shelf.append(node);
  if (!failure) setTimeout(() => node.remove(), shownMs);
}
