// @ts-check
import { h } from "../dom.js";
import { codeBlock } from "../parts/code-block.js";
import { t } from "../strings.js";
import { decodeEntities } from "./entities.js";
import { inlineNodes, mathNode } from "./inline.js";

/** Lists and quotes deeper than this are shown as they were written. */
const deepest = 16;

/** @typedef {import("./markdown.js").Marks} Marks */

/**
 * Builds the node of one block token; null for what shows nothing (blank lines, link definitions).
 * @param {any} token from marked's lexer
 * @param {Marks} marks
 * @param {number} [depth]
 * @returns {HTMLElement | null}
 */
export function blockNode(token, marks, depth = 0) {
  if (depth > deepest) return h("p", {}, token.raw);
  const inline = () => inlineNodes(token.tokens ?? [], marks);
  switch (token.type) {
    case "space": case "def": return null;
    case "heading": return heading(token.depth, inline());
    case "paragraph": return h("p", {}, inline());
    case "text": return h("p", {}, token.tokens ? inline() : decodeEntities(token.text));
    case "code": return codeBlock(token.text, token.lang ?? "");
    case "blockquote": return h("blockquote", {}, blockNodes(token.tokens, marks, depth + 1));
    case "list": return list(token, marks, depth + 1);
    case "table": return table(token, marks);
    case "hr": return h("hr");
    case "math": return h("p", {}, mathNode(token));
    default: return h("p", { class: "as-written" }, (token.raw ?? "").trimEnd());
  }
}

/**
 * @param {any[]} tokens
 * @param {Marks} marks
 * @param {number} depth
 */
function blockNodes(tokens, marks, depth) {
  return tokens.map((token) => blockNode(token, marks, depth));
}

/**
 * Headings in an answer come below the page's own, which end at level three.
 * @param {number} depth
 * @param {Node[]} children
 */
function heading(depth, children) {
  const tags = /** @type {const} */ (["h4", "h4", "h5", "h5", "h6", "h6"]);
  return h(tags[depth - 1] ?? "h6", { class: `level-${depth}` }, children);
}

/**
 * @param {any} token
 * @param {Marks} marks
 * @param {number} depth
 */
function list(token, marks, depth) {
  const items = token.items.map((/** @type {any} */ item) => listItem(item, marks, depth));
  if (!token.ordered) return h("ul", {}, items);
  return h("ol", { start: token.start === 1 || token.start === "" ? null : token.start }, items);
}

/**
 * @param {any} item
 * @param {Marks} marks
 * @param {number} depth
 */
function listItem(item, marks, depth) {
  const content = item.tokens.flatMap((/** @type {any} */ token) =>
    token.type === "text" && !item.loose && token.tokens
      ? inlineNodes(token.tokens, marks)
      : [blockNode(token, marks, depth)]);
  if (!item.task) return h("li", {}, content);
  const box = h("input", {
    type: "checkbox", disabled: true, checked: item.checked,
    "aria-label": t(item.checked ? "markdown.done" : "markdown.notDone"),
  });
  return h("li", { class: "task" }, box, content);
}

/**
 * @param {any} token
 * @param {Marks} marks
 */
function table(token, marks) {
  const cell = (/** @type {"th" | "td"} */ tag, /** @type {any} */ content, /** @type {number} */ column) =>
    h(tag, { class: token.align[column] && `align-${token.align[column]}`, scope: tag === "th" && "col" },
      inlineNodes(content.tokens ?? [], marks));
  const head = h("tr", {}, token.header.map((/** @type {any} */ content, /** @type {number} */ column) =>
    cell("th", content, column)));
  const rows = token.rows.map((/** @type {any[]} */ row) =>
    h("tr", {}, row.map((content, column) => cell("td", content, column))));
  return h("div", { class: "table-scroll", tabindex: "0" },
    h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}
