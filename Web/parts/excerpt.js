// @ts-check
import { h } from "../dom.js";

/**
 * Part of a text with the words that were looked for lit.
 * @param {import("../types.js").Excerpt} pieces
 */
export function excerpt(pieces) {
  return h("span", { class: "excerpt" }, pieces.map(({ text, is_match: isMatch }) => (isMatch ? h("mark", {}, text) : text)));
}
