// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { actionButton } from "./failure.js";

/**
 * A small picture that is shown large when it is clicked.
 * @param {string} address `data:`
 */
export function thumbnail(address) {
  return h("button", { type: "button", class: "thumbnail", "aria-label": t("picture.enlarge"), on: { click: () => enlarge(address) } },
    h("img", { src: address, alt: t("picture.name") }));
}

/** @param {string} address */
function enlarge(address) {
  showDialog(t("picture.name"), (close) => [h("img", { class: "picture-large", src: address, alt: t("picture.name") }),
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)))], { isWide: true });
}
