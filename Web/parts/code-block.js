// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { copyButton } from "./clipboard.js";

/**
 * A block of code with its language and a copy button.
 * @param {string} text
 * @param {string} language as the fence named it; may hold more than a name
 */
export function codeBlock(text, language) {
  const code = h("code", {}, text);
  const name = language.trim().split(/\s+/)[0] ?? "";
  return h("div", { class: "code-block" },
    h("div", { class: "code-head" },
      h("span", { class: "code-language" }, name),
      copyButton(t("markdown.copyCode"), () => code.textContent ?? "")),
    h("pre", { tabindex: "0" }, code));
}

/**
 * Adds what a growing block of code has gained.
 * @param {HTMLElement} node
 * @param {{text: string, lang?: string}} before
 * @param {{text: string, lang?: string}} after
 * @returns {boolean} false when it is not the same block grown longer
 */
export function growCode(node, before, after) {
  const text = node.querySelector("pre > code")?.firstChild;
  if (!(text instanceof Text) || before.lang !== after.lang || !after.text.startsWith(text.data)) return false;
  text.appendData(after.text.slice(text.data.length));
  return true;
}
