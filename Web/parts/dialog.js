// @ts-check
import { h, uniqueId } from "../dom.js";
import { t } from "../strings.js";

/**
 * Shows a modal dialog. Escape and a click beside it cancel.
 * @template Result
 * @param {string} title
 * @param {(close: (result: Result | null) => void) => (Node | string)[]} content
 * @param {{isWide?: boolean}} options
 * @returns {Promise<Result | null>} null when it was cancelled
 */
export function showDialog(title, content, { isWide = false } = {}) {
  return new Promise((resolve) => {
    const titleId = `title-${uniqueId()}`;
    /** @type {Result | null} */
    let result = null;
    const close = (/** @type {Result | null} */ value) => {
      result = value;
      dialog.close();
    };
    const dialog = h("dialog", { class: isWide ? "dialog wide" : "dialog", "aria-labelledby": titleId },
      h("div", { class: "dialog-body" }, h("h2", { id: titleId }, title), content(close)));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Asks before something goes for good. The harmless answer has the focus.
 * @param {{title: string, body: string, action: string}} question
 * @returns {Promise<boolean>}
 */
export async function confirmDanger({ title, body, action }) {
  const answer = await showDialog(title, (close) => [
    h("p", {}, body),
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", autofocus: true, on: { click: () => close(null) } },
        t("action.cancel")),
      h("button", { type: "button", class: "button danger", on: { click: () => close(true) } }, action)),
  ]);
  return answer === true;
}

/**
 * Asks for one line of text.
 * @param {{title: string, label: string, value: string, action: string}} question
 * @returns {Promise<string | null>} null when cancelled or left empty
 */
export function askText({ title, label, value, action }) {
  const field = h("input", { type: "text", id: "asked-text", value, maxlength: 255, required: true, autofocus: true });
  return showDialog(title, (close) => [
    h("form", {
      class: "stack",
      on: {
        submit: (/** @type {Event} */ event) => {
          event.preventDefault();
          close(field.value.trim() || null);
        },
      },
    },
    h("label", { class: "field-label", for: "asked-text" }, label), field,
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", on: { click: () => close(null) } }, t("action.cancel")),
      h("button", { type: "submit", class: "button primary" }, action))),
  ]);
}
