// @ts-check
import { Lexer } from "../vendor/marked.esm.js";
import { h } from "../dom.js";
import { growCode } from "../parts/code-block.js";
import { blockNode } from "./blocks.js";
import { decorate } from "./decorate.js";
import { inlineNodes } from "./inline.js";
import { mathTokens } from "./math-tokens.js";

/**
 * What a `[number]` in a text stands for, or null when it is just text.
 * @typedef {(number: number) => Node | null} Marks
 */

/** @type {Marks} */
const noMarks = () => null;

/**
 * Shows Markdown that may still be growing. Finished blocks are never touched again: each new text is
 * read from the last open block on, and only that block is rebuilt. Nothing is ever parsed as HTML.
 */
export class MarkdownView {
  node = h("div", { class: "markdown" });
  #text = "";
  #marks = noMarks;
  /** Where the last open block begins in the text. */
  #openAt = 0;
  /** @type {{token: any, node: HTMLElement | null}[]} the blocks from the open one on */
  #open = [];
  #isFinished = false;

  /**
   * @param {string} text the whole text so far
   * @param {Marks} [marks]
   */
  show(text, marks = noMarks) {
    const source = normalised(text);
    if (marks !== this.#marks || !source.startsWith(this.#text.slice(0, this.#openAt))) this.#clear();
    else if (source === this.#text) return;
    this.#text = source;
    this.#marks = marks;
    this.#isFinished = false;
    this.#rebuildOpen(blockTokens(source.slice(this.#openAt)));
  }

  /**
   * Nothing more will come. The whole text is read once more when a link was defined after the place that
   * uses it.
   */
  finish() {
    if (this.#isFinished) return;
    const text = this.#text;
    if (/^ {0,3}\[[^\]\n]+\]:/m.test(text)) {
      this.#clear();
      this.show(text, this.#marks);
    }
    this.#isFinished = true;
    for (const { node } of this.#open) if (node) decorate(node);
  }

  #clear() {
    this.node.replaceChildren();
    this.#text = "";
    this.#openAt = 0;
    this.#open = [];
  }

  /** @param {any[]} tokens what the text holds from the open block on */
  #rebuildOpen(tokens) {
    const before = this.#open;
    const changedAt = tokens.findIndex((token, place) => !this.#isKept(token, before[place]));
    const kept = before.slice(0, changedAt < 0 ? tokens.length : changedAt);
    for (const { node } of before.slice(kept.length)) node?.remove();
    const built = tokens.slice(kept.length).map((token) => ({ token, node: blockNode(token, this.#marks) }));
    for (const { node } of built) if (node) this.node.append(node);
    this.#open = [...kept, ...built];
    this.#closeFinished();
  }

  /**
   * @param {any} token
   * @param {{token: any, node: HTMLElement | null} | undefined} before
   */
  #isKept(token, before) {
    if (!before || before.token.type !== token.type) return false;
    if (before.token.raw === token.raw) return true;
    if (token.type !== "code" || !before.node || !growCode(before.node, before.token, token)) return false;
    before.token = token;
    return true;
  }

  /** Blocks before the last one can change no more. */
  #closeFinished() {
    const last = this.#open.findLastIndex(({ token }) => token.type !== "space");
    if (last <= 0) return;
    const finished = this.#open.splice(0, last);
    for (const { node } of finished) if (node) decorate(node);
    this.#openAt += finished.reduce((length, { token }) => length + token.raw.length, 0);
  }
}

/**
 * One line of Markdown, without blocks.
 * @param {string} text
 */
export function inlineMarkdown(text) {
  return inlineNodes(Lexer.lexInline(text, options), noMarks);
}

const options = { gfm: true, breaks: true, extensions: mathTokens };

/**
 * Line ends and leading tabs as the lexer itself would change them, so that its lengths are ours.
 * @param {string} text
 */
function normalised(text) {
  return text.replace(/\r\n|\r/g, "\n")
    .replace(/^( *)(\t+)/gm, (_, spaces, tabs) => spaces + "    ".repeat(tabs.length));
}

/**
 * The lexer knows an open code fence only by a finished line, so the last line is always finished for it.
 * @param {string} text
 * @returns {any[]}
 */
function blockTokens(text) {
  try {
    return Lexer.lex(text.endsWith("\n") ? text : `${text}\n`, options);
  } catch {
    return [{ type: "text", raw: text, text }];
  }
}
