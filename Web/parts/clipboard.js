// @ts-check
import { t } from "../strings.js";
import { fill, h } from "../dom.js";
import { icon } from "./icon.js";

/**
 * Copies text. The clipboard interface exists on secure origins only; elsewhere a selection is copied.
 * @param {string} text
 */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = h("textarea", { class: "visually-hidden", value: text, readonly: true });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/**
 * A button that copies, and says so for two seconds.
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(label, text) {
  const button = h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: copy },
  }, icon("copy"));
  async function copy() {
    try {
      await copyText(text());
      showDone();
    } catch {
      // The browser refused; the text can still be selected by hand.
    }
  }
  function showDone() {
    fill(button, icon("check"), h("span", { role: "status", class: "visually-hidden" }, t("action.copied")));
    setTimeout(() => fill(button, icon("copy")), 2000);
  }
  return button;
}
