// @ts-check
import { getLineage, listFeedback, listRuns } from "../api.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../types.js").Origin} Origin */
/** @typedef {{place: number, count: number, previous: string | null, next: string | null}} Siblings */

/**
 * What is known of a message beside its content. One object as long as nothing changes, so that it tells
 * by itself whether a row has to be drawn again.
 * @typedef {{origin: Origin, siblings: Siblings | null, score: number | null, seconds: number | null,
 *   usage: import("../types.js").UsageTotal | null}} Facts `usage`: of the run that wrote it
 */

/** Where the messages of a thread came from, which other ways there are, what answers took and what was thought of them. */
export class LineageView {
  /** @type {import("../types.js").Lineage} */
  #lineage = { messages: [], forks: [] };
  /** @type {Map<string, Facts>} */
  #facts = new Map();
  /** @type {Map<string, number>} by run */
  #scores = new Map();
  /** @type {Map<string, import("../types.js").UsageTotal>} by run */
  #usage = new Map();
  #threadId;
  #onChange;
  #wanted = 0;

  /**
   * @param {string} threadId
   * @param {() => void} onChange
   */
  constructor(threadId, onChange) {
    this.#threadId = threadId;
    this.#onChange = onChange;
  }

  /** Where the thread would stand at its end; null when it does. */
  get end() {
    return this.#lineage.end ?? null;
  }

  /** Fetches it anew. Never throws: without it a chat can be read and gone on with, only not gone back in. */
  async load() {
    const mine = ++this.#wanted;
    try {
      const [lineage, feedback, runs] = await Promise.all(
        [getLineage(this.#threadId), listFeedback(this.#threadId), listRuns(this.#threadId)]);
      if (mine !== this.#wanted) return;
      this.#lineage = lineage;
      this.#usage = new Map(runs.flatMap(({ run_id: run, usage }) => (usage ? [[run, usage]] : [])));
      this.#scores = new Map(feedback.filter(({ key, score }) => key === "user_score" && score !== null)
        .map(({ run_id: run, score }) => [run, Number(score)]));
      this.#gather();
      this.#onChange();
    } catch {
      // The next load may do better.
    }
  }

  /** @param {string} messageId */
  factsOf(messageId) {
    return this.#facts.get(messageId) ?? null;
  }

  /** @param {string} messageId */
  origin(messageId) {
    return this.#facts.get(messageId)?.origin ?? null;
  }

  /**
   * @param {string} runId
   * @param {number | null} score
   */
  keepScore(runId, score) {
    if (score === null) this.#scores.delete(runId);
    else this.#scores.set(runId, score);
    this.#gather();
    this.#onChange();
  }

  #gather() {
    const before = this.#facts;
    const siblings = new Map(this.#lineage.forks.map((fork) => [fork.message_id, siblingsOf(fork)]));
    const begun = new Map();
    this.#facts = new Map();
    for (const origin of this.#lineage.messages) {
      const { message_id: id, run_id: run = "", created_at: at } = origin;
      if (run && !begun.has(run)) begun.set(run, at);
      const seconds = run ? (Date.parse(at) - Date.parse(begun.get(run))) / 1000 : null;
      const facts = { origin, siblings: siblings.get(id) ?? null, score: this.#scores.get(run) ?? null, seconds,
        usage: this.#usage.get(run) ?? null };
      this.#facts.set(id, sameOr(before.get(id), facts));
    }
  }
}

/** @param {import("../types.js").Fork} fork @returns {Siblings} */
function siblingsOf({ alternatives }) {
  const place = alternatives.findIndex(({ is_current: isCurrent }) => isCurrent);
  return {
    place, count: alternatives.length,
    previous: alternatives[place - 1]?.checkpoint_id ?? null, next: alternatives[place + 1]?.checkpoint_id ?? null,
  };
}

/**
 * @param {Facts | undefined} before
 * @param {Facts} now
 */
const sameOr = (before, now) => (before && JSON.stringify(before) === JSON.stringify(now) ? before : now);
