// @ts-check
import { h } from "../dom.js";
import { typeOf } from "../assistant.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { AnswerReader, announce } from "./announcer.js";
import { ChatStatus } from "./chat-status.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { stickToBottom } from "./stick-to-bottom.js";
import { toast } from "./toast.js";
import { UploadQueue } from "./upload-queue.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/** Showing may take one part in so many of the time, so that typing stays smooth while an answer streams. */
const restPerWork = 3;
const longestRestMs = 200;

/** A thread that is read and spoken in: its messages, what it is doing, and the field to write in. */
export class ThreadView {
  #session;
  #actions;
  #conversation = new Conversation();
  #status;
  #reader = new AnswerReader();
  #content;
  #scroller;
  #stick;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  #lastShowMs = 0;
  #wasBusy = false;
  /** @type {Assistant | null} */
  #assistant = null;
  #listening = new AbortController();
  files = new UploadQueue();
  composer;
  node;

  /**
   * @param {import("../chat/session.js").Session} session
   * @param {{actions: import("./conversation.js").Actions | null, onAdopted?: () => void}} options
   */
  constructor(session, { actions, onAdopted = () => {} }) {
    this.#session = session;
    this.#actions = actions;
    this.#status = new ChatStatus(session, onAdopted);
    this.composer = new Composer({
      draftKey: session.threadId, files: this.files,
      onSend: (said) => this.#send(said), onStop: () => session.stop(),
    });
    this.#content = h("div", { class: "chat-content" }, this.#conversation.node, this.#status.node);
    this.#scroller = h("div", { class: "chat-scroll" }, this.#content);
    this.#stick = stickToBottom(this.#scroller, this.#content);
    this.node = h("div", { class: "chat" }, this.#scroller,
      h("div", { class: "chat-foot" }, this.#stick.button, this.composer.node));
    this.#listen();
  }

  /** Ends with the screen that shows it. */
  get signal() {
    return this.#listening.signal;
  }

  dispose() {
    this.#listening.abort();
    this.#stick.dispose();
    this.#cancelShow();
  }

  /** Loads what there is, unless that is known, and shows its end. */
  async open() {
    this.showNow();
    if (this.#session.phase === "loading") await this.#session.open();
    else this.#session.lineage.load();
    this.#stick.toEnd();
  }

  /** @param {Assistant | null} assistant who answers here */
  address(assistant) {
    this.#assistant = assistant;
    this.composer.address(assistant);
    this.showNow();
  }

  /**
   * Brings a message into view and lights it for a moment.
   * @param {string} messageId
   * @returns {boolean} whether it is there
   */
  reveal(messageId) {
    const row = this.#conversation.rowOf(messageId);
    if (!row) return false;
    this.#stick.letGo();
    row.scrollIntoView({ block: "center" });
    row.classList.add("revealed");
    return true;
  }

  #listen() {
    const { signal } = this.#listening;
    const session = this.#session;
    session.addEventListener("messages", () => this.showSoon(), { signal });
    session.addEventListener("lineage", () => this.showSoon(), { signal });
    session.addEventListener("phase", () => this.showNow(), { signal });
    session.addEventListener("done", () => this.#finished(), { signal });
    session.addEventListener("rejected", (event) => {
      this.composer.restore(/** @type {CustomEvent} */ (event).detail);
    }, { signal });
    addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {import("../types.js").Said} said @returns {Promise<void>} */
  async #send(said) {
    if (this.files.isSending && !(await this.files.sendTo({ thread_id: this.#session.threadId }))) {
      toast(t("files.someFailed"), { failure: true });
      return this.composer.restore(said);
    }
    this.files.clearDone();
    this.#stick.toEnd();
    await this.#session.send(said, typeOf(this.#assistant));
  }

  showSoon() {
    if (this.#frame !== 0 || this.#rest !== undefined) return;
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#frame = requestAnimationFrame(() => this.showNow());
    }, Math.min(longestRestMs, this.#lastShowMs * restPerWork));
  }

  showNow() {
    const start = performance.now();
    this.#cancelShow();
    const { messages, phase, isBusy, lineage } = this.#session;
    const name = this.#assistant?.name ?? t("chat.assistant");
    this.#conversation.show(messages.list, {
      isBusy, isWaiting: phase === "waiting", name, actions: this.#actions, factsOf: (id) => lineage.factsOf(id),
    });
    this.#status.show();
    this.composer.node.hidden = phase === "missing" || phase === "orphan" || phase === "loading";
    if (isBusy !== this.#wasBusy) this.#busyChanged(isBusy, name);
    if (isBusy) this.#readAloud();
    this.#lastShowMs = performance.now() - start;
  }

  #cancelShow() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.#frame = 0;
    this.#rest = undefined;
  }

  /** @param {boolean} isBusy @param {string} name */
  #busyChanged(isBusy, name) {
    this.#wasBusy = isBusy;
    this.composer.setBusy(isBusy);
    if (isBusy) announce(t("chat.answering", { name }));
  }

  #readAloud() {
    const last = this.#session.messages.list.at(-1);
    if (last?.type === "ai") this.#reader.grow(textOf(last));
  }

  #finished() {
    this.#readAloud();
    this.#reader.finish();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented || !this.#session.isBusy) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    this.#session.stop();
  }
}
