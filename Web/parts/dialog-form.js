// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { attempt } from "./live-list.js";

/**
 * A form in a dialog that stays open until what it asks for is done.
 * @template Result
 * @param {string} title
 * @param {string} action
 * @param {Node[]} fields
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result | null>}
 */
export const askIn = (title, action, fields, work) => showDialog(title, (close) => [
  h("form", {
    class: "stack",
    on: {
      submit: (/** @type {Event} */ event) => {
        event.preventDefault();
        attempt(async () => close(await work()));
      },
    },
  }, fields, h("div", { class: "dialog-actions" },
    h("button", { type: "button", class: "button", on: { click: () => close(null) } }, t("action.cancel")),
    h("button", { type: "submit", class: "button primary" }, action))),
]);
