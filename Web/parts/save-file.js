// @ts-check
import { h } from "../dom.js";

/** A browser has begun to save within this time. */
const savedMs = 10_000;

/**
 * Gives a file made in the page to the browser to be saved.
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const href = URL.createObjectURL(content);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), savedMs);
}
