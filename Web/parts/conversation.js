// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { Answer } from "./answer.js";
import { Remark } from "./remark.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../chat/lineage.js").Facts} Facts */
/** @typedef {import("../chat/lineage.js").Siblings} Siblings */

/**
 * What can be done with a message.
 * @typedef {{goTo: (checkpointId: string) => void, sendInstead: (messageId: string, text: string) => void,
 *   answerAgain: (messageId: string) => void, fork: (checkpointId: string) => void,
 *   rate: (runId: string, score: number | null) => void,
 *   explain: (message: Message, from: HTMLElement) => void}} Actions
 *
 * What a row is shown with, beside its message.
 * @typedef {{isLast: boolean, isBusy: boolean, isWaiting: boolean, name: string, facts: Facts | null,
 *   siblings: Siblings | null, actions: Actions | null}} Surroundings
 * @typedef {{node: HTMLElement, show: (message: Message, results: Map<string, Message>,
 *   surroundings: Surroundings) => void}} Row
 * @typedef {{isBusy: boolean, isWaiting: boolean, name: string, actions: Actions | null,
 *   factsOf: (messageId: string) => Facts | null}} State
 */

/** So many messages are shown at once; those before them follow, some at a time, while nothing else is to be done. */
const atOnce = 40;
const atATime = 20;
/** Earlier messages do not wait longer than this, however busy the page is. */
const longestWaitMs = 500;

/**
 * All messages of a chat. Rows are kept by message id; only what changed is touched. Of a long chat the end is
 * there at once and the rest soon, so that a person waits for what is seen and the browser's own search finds all.
 */
export class Conversation {
  node = h("section", { class: "conversation", "aria-label": t("chat.conversation") });
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** What each row was last shown from. @type {WeakMap<Row, unknown[]>} */
  #shownFrom = new WeakMap();
  /** @type {(messages: Message[]) => void} */
  #showRows = () => {};
  /** @type {Message[]} */
  #visible = [];
  /** Place of the first message that has a row. */
  #begin = Infinity;
  #isFilling = false;

  /**
   * @param {Message[]} messages
   * @param {State} state
   */
  show(messages, state) {
    const results = resultsByCall(messages);
    const called = new Set(messages.flatMap(({ tool_calls: calls }) => calls?.map(({ id }) => id) ?? []));
    const visible = messages.filter((message) => !isAnswerToCall(message, called));
    const turns = siblingsByRow(visible, state);
    const last = messages.findLast(({ type }) => type === "ai" || type === "human");
    const { isBusy, isWaiting, name, actions } = state;
    this.#dropMissing(visible);
    this.#visible = visible;
    if (visible.length > 0) this.#begin = Math.min(this.#begin, Math.max(0, visible.length - atOnce));
    this.#showRows = (some) => some.forEach((message, place) => {
      const row = this.#rowFor(message);
      if (this.node.children[place] !== row.node) this.node.insertBefore(row.node, this.node.children[place] ?? null);
      this.#refresh(row, message, results, {
        isBusy, isWaiting, name, actions, isLast: message === last, facts: state.factsOf(message.id),
        siblings: turns.get(message.id) ?? null,
      });
    });
    this.#showRows(visible.slice(this.#begin));
    if (this.#begin > 0) this.#fillSoon();
  }

  #fillSoon() {
    if (this.#isFilling || this.#begin === Infinity) return;
    this.#isFilling = true;
    whenIdle(() => {
      this.#isFilling = false;
      this.#showEarlier(atATime);
      if (this.#begin > 0 && this.node.isConnected) this.#fillSoon();
    });
  }

  /** @param {number} count of messages that get a row, before those that have one */
  #showEarlier(count) {
    const end = this.#begin;
    this.#begin = Math.max(0, end - count);
    this.#showRows(this.#visible.slice(this.#begin, end));
  }

  /**
   * The row of a message, for bringing it into view.
   * @param {string} messageId
   */
  rowOf(messageId) {
    const place = this.#visible.findIndex(({ id }) => id === messageId);
    if (place >= 0 && place < this.#begin) this.#showEarlier(this.#begin - place);
    return this.#rows.get(messageId)?.node ?? null;
  }

  /**
   * Most rows of a long chat are as they were: those cost a comparison.
   * @param {Row} row
   * @param {Message} message
   * @param {Map<string, Message>} results
   * @param {Surroundings} surroundings
   */
  #refresh(row, message, results, surroundings) {
    const answers = (message.tool_calls ?? []).map(({ id }) => results.get(id ?? ""));
    const concernsRun = surroundings.isLast || answers.includes(undefined);
    const from = [message, surroundings.name, surroundings.isLast, concernsRun && surroundings.isBusy,
      concernsRun && surroundings.isWaiting, surroundings.facts, surroundings.siblings, ...answers];
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

/**
 * Which row offers the other ways: a question its own; of an answer that took several steps, the last of them,
 * whichever step differs.
 * @param {Message[]} visible
 * @param {State} state
 * @returns {Map<string, Siblings>}
 */
function siblingsByRow(visible, { factsOf }) {
  /** @type {Map<string, Siblings>} */
  const byRow = new Map();
  visible.forEach(({ id, type }, place) => {
    const siblings = factsOf(id)?.siblings;
    if (!siblings) return;
    if (type !== "ai") return byRow.set(id, siblings);
    let end = place;
    while (visible[end + 1]?.type === "ai") end += 1;
    byRow.set(visible[end]?.id ?? id, siblings);
  });
  return byRow;
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

/** @param {() => void} work */
function whenIdle(work) {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: longestWaitMs });
  else setTimeout(work, 30);
}
