// @ts-check
import { ApiError, cancelRun, getState, joinRun, messageOf, selectCheckpoint, startRun } from "../api.js";
import { uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { readEvents } from "./event-stream.js";
import { LineageView } from "./lineage.js";
import { Messages, messagesOf, pendingToolCalls } from "./messages.js";
import { contentOf, picturesOf } from "./pictures.js";
import { forgetRun, rememberRun, rememberedRun } from "./open-runs.js";

/**
 * @typedef {"loading" | "idle" | "running" | "reconnecting" | "stopping" | "waiting" | "stalled" | "orphan"
 *   | "missing" | "failed"} Phase
 *   `waiting`: tool calls wait for a yes; `stalled`: a step failed and can be tried again;
 *   `orphan`: the thread's assistant is gone; `failed`: the state could not be loaded.
 */

/** A broken stream is taken up again this often, with pauses that grow to eight seconds: about ten minutes. */
const mostReconnects = 80;
const longestPauseMs = 8000;
/** After a stop the server closes the stream; when it does not, we stop listening. */
const stopPatienceMs = 5000;

/**
 * One thread as this page sees it: its messages, what it is doing, and the run it follows.
 * It outlives the screen that shows it. Fires `messages` (content changed), `phase`, `lineage` and `done`.
 */
export class Session extends EventTarget {
  messages = new Messages();
  /** @type {Phase} */
  phase = "loading";
  /** What went wrong last, for a person; empty when nothing did. */
  error = "";
  /** When trying again makes sense, in milliseconds since 1970; null when that is now, or nobody knows. */
  /** @type {number | null} */
  retryAt = null;
  /** The model is asked again by itself at that time. */
  /** @type {number | null} */
  waitsUntil = null;
  /** What is laid over the assistant's settings in each run: a form that is being tried, before it is saved. */
  overrides = () => /** @type {Record<string, any>} */ ({});
  lineage;
  /** @type {string | null} */
  #runId = null;
  /** @type {string | null} */
  #lastEventId = null;
  #controller = new AbortController();
  /** Stop was asked for before the run had a name. */
  #isStopWanted = false;

  /** @param {string} threadId */
  constructor(threadId) {
    super();
    this.threadId = threadId;
    this.lineage = new LineageView(threadId, () => this.#emit("lineage"));
  }

  get isBusy() {
    return this.phase === "running" || this.phase === "reconnecting" || this.phase === "stopping";
  }

  /** Loads the stored state, and takes up a run that was under way when the page was left. */
  async open() {
    await this.#loadState();
    const runId = rememberedRun(this.threadId);
    if (runId && this.phase !== "missing" && this.phase !== "orphan") await this.#rejoin(runId);
  }

  /** A thread made a moment ago holds nothing that would have to be loaded. */
  beginEmpty() {
    this.#setPhase("idle");
  }

  /**
   * Says something and follows the answer to its end. When the server does not take the message it is not
   * shown as sent: `error` says why and `rejected` fires with what was said, so that nothing of it is lost.
   * @param {import("../types.js").Said} said
   * @param {string | undefined} assistantType decides the shape of the input
   */
  async send(said, assistantType) {
    const message = humanMessage(said);
    this.messages.upsert([message]);
    this.#emit("messages");
    try {
      await this.#run(inputOf([message], assistantType));
    } catch (error) {
      this.messages.remove(message.id);
      this.dispatchEvent(new CustomEvent("rejected", { detail: said }));
      await this.#refused(error);
    }
  }

  /**
   * Says something else in the place of what was said. What was said before, and all that followed it, stays
   * beside it as another way of the thread. Pictures stay with it.
   * @param {string} messageId
   * @param {string} text
   * @param {string | undefined} assistantType
   */
  async sendInstead(messageId, text, assistantType) {
    const { before } = this.lineage.origin(messageId) ?? {};
    if (!before || this.isBusy) return;
    const earlier = this.messages.list.find(({ id }) => id === messageId);
    const message = humanMessage({ text, pictures: earlier ? picturesOf(earlier) : [] });
    this.messages.cutBefore(messageId);
    this.messages.upsert([message]);
    await this.#runFrom(before, inputOf([message], assistantType));
  }

  /**
   * Has the question before an answer answered once more; the answer there is stays beside the new one.
   * @param {string} messageId of the answer, or of a step on the way to it
   */
  async answerAgain(messageId) {
    const question = this.messages.questionBefore(messageId);
    const origin = question && this.lineage.origin(question.id);
    if (!origin || this.isBusy) return;
    this.messages.cutAfter(question.id);
    await this.#runFrom(origin.checkpoint_id, []);
  }

  /**
   * Takes another way of the thread, or goes back on this one.
   * @param {string} checkpointId
   */
  async goTo(checkpointId) {
    if (this.isBusy) return;
    try {
      await selectCheckpoint(this.threadId, checkpointId);
      this.error = "";
    } catch (error) {
      this.error = messageOf(error);
      this.#emit("phase");
      return;
    }
    await this.#loadState();
  }

  /**
   * @param {string} checkpointId where the run sets out
   * @param {any} input
   */
  async #runFrom(checkpointId, input) {
    this.#emit("messages");
    try {
      await this.#run(input, { from: checkpointId });
    } catch (error) {
      await this.#loadState();
      await this.#refused(error);
    }
  }

  /** Runs what is next: the tools that waited for a yes, or the step that failed. */
  async proceed() {
    try {
      await this.#run(null);
    } catch (error) {
      this.#refused(error);
    }
  }

  /**
   * Goes on with the calls that wait, as a person decided about each.
   * @param {import("../types.js").CallDecision[]} decisions
   */
  async decide(decisions) {
    try {
      await this.#run(null, { decisions });
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Asks the server to end the run; what was said so far stays. */
  async stop() {
    if (!this.isBusy) return;
    this.#setPhase("stopping");
    const controller = this.#controller;
    setTimeout(() => controller.abort(), stopPatienceMs);
    this.#isStopWanted = this.#runId === null;
    if (this.#runId) await this.#cancel(this.#runId);
  }

  /** @param {string} runId */
  async #cancel(runId) {
    await cancelRun(this.threadId, runId).catch((error) => {
      this.error = messageOf(error);
    });
  }

  /**
   * @param {any} input
   * @param {{from?: string, decisions?: import("../types.js").CallDecision[]}} options `from`: the checkpoint
   *   where it sets out, instead of where the thread stands
   */
  async #run(input, { from, decisions } = {}) {
    const before = this.phase;
    this.error = "";
    this.retryAt = null;
    this.#startFollowing(null);
    let response;
    try {
      const configurable = { ...this.overrides(), ...(from && { checkpoint_id: from }) };
      response = await startRun({ thread_id: this.threadId, input, decisions, config: { configurable } }, this.#controller.signal);
    } catch (error) {
      this.#setPhase(before);
      throw error;
    }
    await this.#follow(response);
  }

  /**
   * The server started no run. When another one is under way, begun in another tab, it is followed.
   * @param {unknown} error
   */
  async #refused(error) {
    this.error = this.#controller.signal.aborted ? "" : messageOf(error);
    this.#emit("messages");
    this.#emit("phase");
    const runId = rememberedRun(this.threadId);
    if (error instanceof ApiError && error.status === 409 && runId) await this.#rejoin(runId);
  }

  /** @param {string} runId */
  async #rejoin(runId) {
    this.#startFollowing(runId);
    await this.#follow(null);
  }

  /** @param {string | null} runId */
  #startFollowing(runId) {
    this.#runId = runId;
    this.#lastEventId = null;
    this.#isStopWanted = false;
    this.#controller = new AbortController();
    this.#setPhase("running");
  }

  /**
   * Follows a run to its end, across broken connections, then loads what was stored.
   * @param {Response | null} response null when the stream has yet to be joined
   */
  async #follow(response) {
    let ended = response !== null && await this.#consume(response);
    for (let attempt = 0; !ended && this.#runId && attempt < mostReconnects; attempt += 1) {
      if (this.#controller.signal.aborted) break;
      const joined = await this.#join(this.#runId, attempt);
      if (joined === "gone") break;
      if (joined === "unreachable") {
        if (attempt === mostReconnects - 1) this.error = t("error.streamLost");
        continue;
      }
      const seen = this.#lastEventId;
      ended = await this.#consume(joined);
      if (this.#lastEventId !== seen) attempt = 0;
    }
    forgetRun(this.threadId);
    await this.#loadState();
    this.#emit("done");
  }

  /**
   * @param {string} runId
   * @param {number} attempt
   * @returns {Promise<Response | "gone" | "unreachable">}
   */
  async #join(runId, attempt) {
    if (attempt > 0 || this.#lastEventId) {
      if (this.phase === "running") this.#setPhase("reconnecting");
      await pause(Math.min(longestPauseMs, 250 * 2 ** attempt));
    }
    try {
      const response = await joinRun(this.threadId, runId, this.#lastEventId, this.#controller.signal);
      if (this.phase === "reconnecting") this.#setPhase("running");
      return response;
    } catch (error) {
      const retry = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      return retry ? "unreachable" : "gone";
    }
  }

  /**
   * @param {Response} response
   * @returns {Promise<boolean>} whether the run's end was seen
   */
  async #consume(response) {
    if (!response.body) return false;
    const stopListening = () => response.body?.cancel().catch(() => {});
    this.#controller.signal.addEventListener("abort", stopListening, { once: true });
    try {
      for await (const event of readEvents(response.body)) {
        if (event.id !== null) this.#lastEventId = event.id;
        if (event.event === "end") return true;
        this.#apply(event.event, event.data);
      }
    } catch {
      // The connection broke; the caller takes the stream up again.
    }
    return false;
  }

  /**
   * @param {string} event
   * @param {string} data
   */
  #apply(event, data) {
    const value = JSON.parse(data);
    if (this.waitsUntil !== null) {
      this.waitsUntil = null;
      this.#emit("phase");
    }
    if (event === "metadata") {
      this.#runId = value.run_id;
      rememberRun(this.threadId, value.run_id);
      if (this.#isStopWanted) this.#cancel(value.run_id);
    } else if (event === "data") {
      this.messages.upsert(Array.isArray(value) ? value : []);
      this.#emit("messages");
    } else if (event === "delta") {
      this.messages.append(value);
      this.#emit("messages");
    } else if (event === "progress") {
      this.messages.note(value);
      this.#emit("messages");
    } else if (event === "waiting") {
      this.waitsUntil = Date.now() + value.seconds * 1000;
      this.#emit("phase");
    } else if (event === "error") {
      this.retryAt = value.retry_after_seconds ? Date.now() + value.retry_after_seconds * 1000 : null;
      this.error = t("error.run", { reason: value.message || t("error.runUnknown") });
    }
  }

  async #loadState() {
    try {
      const state = await getState(this.threadId);
      this.messages.replaceAll(messagesOf(state));
      this.#setPhase(restingPhase(state.next ?? [], this.messages.list));
    } catch (error) {
      this.#settleWithout(error);
    }
    this.#emit("messages");
    this.lineage.load();
  }

  /** @param {unknown} error why the state could not be loaded */
  #settleWithout(error) {
    const status = error instanceof ApiError ? error.status : -1;
    if (status === 404) return this.#setPhase("missing");
    if (status === 400) return this.#setPhase("orphan");
    this.error = this.error || messageOf(error);
    this.#setPhase("failed");
  }

  /** @param {Phase} phase */
  #setPhase(phase) {
    this.phase = phase;
    if (!this.isBusy) this.waitsUntil = null;
    this.#emit("phase");
  }

  /** @param {string} type */
  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}

/** @param {import("../types.js").Said} said @returns {import("../types.js").Message} */
const humanMessage = (said) => ({
  content: contentOf(said), additional_kwargs: {}, response_metadata: {}, type: "human", id: `human-${uniqueId()}`,
});

/**
 * @param {import("../types.js").Message[]} messages
 * @param {string | undefined} assistantType decides the shape
 */
const inputOf = (messages, assistantType) => (assistantType === "chat_retrieval" ? { messages } : messages);

/**
 * What a thread is doing when no run is under way.
 * @param {string[]} next the nodes that would run
 * @param {import("../types.js").Message[]} messages
 * @returns {Phase}
 */
function restingPhase(next, messages) {
  if (next.length === 0) return "idle";
  const asks = next.includes("action") && pendingToolCalls(messages).length > 0;
  return asks ? "waiting" : "stalled";
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
