// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";

const region = h("div", { class: "visually-hidden", "aria-live": "polite", role: "status" });
/** Sentences are gathered this long, so that a quick model does not make a stutter. */
const gatherMs = 1200;
const mostLines = 12;

/** The place a screen reader listens to, once in the page. */
export const announcements = () => region;

/** @param {string} text */
export function announce(text) {
  region.append(h("p", {}, text));
  while (region.childElementCount > mostLines) region.firstElementChild?.remove();
}

/** Reads a growing answer aloud by finished sentences, never by tokens. */
export class AnswerReader {
  #said = 0;
  #text = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} text the answer so far */
  grow(text) {
    if (!text.startsWith(this.#text.slice(0, this.#said))) this.#said = 0;
    this.#text = text;
    this.#timer ??= setTimeout(() => this.#speak(lastSentenceEnd(this.#text)), gatherMs);
  }

  /** Says the rest and that this was all. */
  finish() {
    this.#speak(this.#text.length);
    announce(t("chat.finished"));
    this.#text = "";
    this.#said = 0;
  }

  /** @param {number} end */
  #speak(end) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sentences = spoken(this.#text.slice(this.#said, end));
    this.#said = Math.max(this.#said, end);
    if (sentences) announce(sentences);
  }
}

/** @param {string} text */
function lastSentenceEnd(text) {
  const ends = [...text.matchAll(/[.!?…。！？](?=\s)|\n/g)];
  const last = ends.at(-1);
  return last ? (last.index ?? 0) + 1 : 0;
}

/**
 * Markdown without its marks; code is named, not read out.
 * @param {string} text
 */
function spoken(text) {
  return text.replace(/```[\s\S]*?(```|$)/g, ` ${t("markdown.codeSpoken")} `)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`#>|~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
