// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { decodeEntities } from "./entities.js";
import { safeAddress } from "./safe-address.js";

/** Emphasis in emphasis deeper than this is shown as plain text. */
const deepest = 24;

/**
 * Builds the nodes of inline tokens. Tokens not named here are shown as the text they were written as,
 * raw HTML above all.
 * @param {any[]} tokens from marked's lexer
 * @param {import("./markdown.js").Marks} marks
 * @param {number} [depth]
 * @returns {Node[]}
 */
export function inlineNodes(tokens, marks, depth = 0) {
  /** @type {Node[]} */
  const nodes = [];
  let text = "";
  const flush = () => {
    if (text) nodes.push(...textNodes(text, marks));
    text = "";
  };
  for (const token of tokens) {
    if (token.type === "text" || token.type === "escape") {
      text += decodeEntities(token.text);
      continue;
    }
    flush();
    nodes.push(...inlineNode(token, marks, depth + 1));
  }
  flush();
  return nodes;
}

/**
 * @param {any} token
 * @param {import("./markdown.js").Marks} marks
 * @param {number} depth
 * @returns {Node[]}
 */
function inlineNode(token, marks, depth) {
  if (depth > deepest) return [document.createTextNode(token.raw)];
  const children = () => inlineNodes(token.tokens ?? [], marks, depth);
  switch (token.type) {
    case "strong": return [h("strong", {}, children())];
    case "em": return [h("em", {}, children())];
    case "del": return [h("del", {}, children())];
    case "codespan": return [h("code", {}, decodeEntities(token.text))];
    case "br": return [h("br")];
    case "math": return [mathNode(token)];
    case "link": return linkNodes(token, children());
    case "image": return imageNodes(token);
    case "html": return [/^<br\s*\/?>$/i.test(token.raw) ? h("br") : document.createTextNode(token.raw)];
    default: return [document.createTextNode(token.raw ?? "")];
  }
}

/**
 * @param {any} token
 * @param {Node[]} children
 * @returns {Node[]}
 */
function linkNodes(token, children) {
  const address = safeAddress(decodeEntities(token.href));
  if (!address) return [document.createTextNode(token.raw)];
  return [h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children)];
}

/**
 * A formula, as it was written until it is set.
 * @param {any} token
 */
export function mathNode({ raw, text, isDisplay }) {
  return h("span", { class: "math", data: { source: text, display: String(isDisplay) } }, raw.trim());
}

/**
 * An image is never fetched: its address can carry secrets away. It becomes a link somebody may follow.
 * @param {any} token
 * @returns {Node[]}
 */
function imageNodes(token) {
  const address = safeAddress(decodeEntities(token.href));
  const name = decodeEntities(token.text) || token.href;
  if (!address) return [document.createTextNode(token.raw)];
  return [h("a", { class: "image-link", href: address, target: "_blank", rel: "noopener noreferrer", title: address },
    t("markdown.image", { name }))];
}

/**
 * Text, with its `[1]` marks turned into what the answer's citations make of them.
 * @param {string} text
 * @param {import("./markdown.js").Marks} marks
 * @returns {Node[]}
 */
function textNodes(text, marks) {
  /** @type {Node[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(/\s?\[(\d{1,3})\]/g)) {
    const mark = marks(Number(match[1]));
    if (!mark) continue;
    nodes.push(document.createTextNode(text.slice(end, match.index)), mark);
    end = (match.index ?? 0) + (match[0] ?? "").length;
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}
