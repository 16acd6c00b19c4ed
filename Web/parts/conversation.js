// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { Answer } from "./answer.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {{node: HTMLElement, show: (message: Message, results: Map<string, Message>,
 *   surroundings: import("./answer.js").Surroundings) => void}} Row */

/** All messages of a chat. Rows are kept by message id; only what changed is touched. */
export class Conversation {
  node = h("section", { class: "conversation", "aria-label": t("chat.conversation") });
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** What each row was last shown from. @type {WeakMap<Row, unknown[]>} */
  #shownFrom = new WeakMap();

  /**
   * @param {Message[]} messages
   * @param {{isBusy: boolean, isWaiting: boolean, name: string}} state
   */
  show(messages, state) {
    const results = resultsByCall(messages);
    const called = new Set(messages.flatMap(({ tool_calls: calls }) => calls?.map(({ id }) => id) ?? []));
    const visible = messages.filter((message) => !isAnswerToCall(message, called));
    this.#dropMissing(visible);
    const last = messages.findLast(({ type }) => type === "ai" || type === "human");
    visible.forEach((message, place) => {
      const row = this.#rowFor(message);
      if (this.node.children[place] !== row.node) {
        this.node.insertBefore(row.node, this.node.children[place] ?? null);
      }
      this.#refresh(row, message, results, { ...state, isLast: message === last });
    });
  }

  /**
   * Most rows of a long chat are as they were: those cost a comparison.
   * @param {Row} row
   * @param {Message} message
   * @param {Map<string, Message>} results
   * @param {import("./answer.js").Surroundings} surroundings
   */
  #refresh(row, message, results, surroundings) {
    const answers = (message.tool_calls ?? []).map(({ id }) => results.get(id ?? ""));
    const concernsRun = surroundings.isLast || answers.includes(undefined);
    const from = [message, surroundings.name, surroundings.isLast, concernsRun && surroundings.isBusy,
      concernsRun && surroundings.isWaiting, ...answers];
    const before = this.#shownFrom.get(row);
    if (before?.length === from.length && from.every((part, place) => part === before[place])) return;
    this.#shownFrom.set(row, from);
    row.show(message, results, surroundings);
  }

  /** @param {Message[]} visible */
  #dropMissing(visible) {
    const ids = new Set(visible.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.node.remove();
      this.#rows.delete(id);
    }
  }

  /** @param {Message} message */
  #rowFor(message) {
    const known = this.#rows.get(message.id);
    if (known) return known;
    const row = message.type === "ai" ? new Answer() : new Remark(message.type);
    this.#rows.set(message.id, row);
    return row;
  }
}

/** What the person said, word for word; also any message of a kind without a form of its own. */
class Remark {
  #text = h("div", { class: "remark-text" });
  node;

  /** @param {string} type */
  constructor(type) {
    const heading = type === "human" ? t("chat.you") : type;
    this.node = h("article", { class: `message ${type === "human" ? "human" : "other"}` },
      h("h3", { class: type === "human" ? "visually-hidden" : "quiet" }, heading), this.#text);
  }

  /** @param {Message} message */
  show(message) {
    const text = typeof message.content === "string" ? message.content : textOf(message)
      || JSON.stringify(message.content, null, 2);
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }
}

/** @param {Message[]} messages */
function resultsByCall(messages) {
  return new Map(messages.filter(({ type, tool_call_id: call }) => type === "tool" && call)
    .map((message) => [message.tool_call_id ?? "", message]));
}

/**
 * A tool's result is shown in the card of its call; alone only when nobody called.
 * @param {Message} message
 * @param {Set<string | null | undefined>} called
 */
function isAnswerToCall({ type, tool_call_id: call }, called) {
  return type === "tool" && called.has(call);
}
