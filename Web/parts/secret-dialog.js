// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { copyButton } from "./clipboard.js";
import { showDialog } from "./dialog.js";

/**
 * Shows something that nobody sees again.
 * @param {{title: string, body: string, secret: string}} about
 */
export const showSecret = ({ title, body, secret }) => showDialog(title, (close) => [
  h("p", {}, body),
  h("p", { class: "secret" }, h("code", {}, secret), copyButton(t("action.copy"), () => secret)),
  h("div", { class: "dialog-actions" },
    h("button", { type: "button", class: "button primary", autofocus: true, on: { click: () => close(null) } }, t("action.close"))),
]);
