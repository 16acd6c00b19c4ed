// @ts-check
import { getAssistant, getThread, listThreadFiles, messageOf } from "../api.js";
import { readsFiles, typeOf } from "../assistant.js";
import { fill, h } from "../dom.js";
import { library } from "../library.js";
import { editPath, titlePage } from "../navigation.js";
import { AnswerReader, announce } from "../parts/announcer.js";
import { ChatStatus } from "../parts/chat-status.js";
import { Composer } from "../parts/composer.js";
import { Conversation } from "../parts/conversation.js";
import { showDialog } from "../parts/dialog.js";
import { actionButton } from "../parts/failure.js";
import { acceptDrops } from "../parts/file-chooser.js";
import { FileList } from "../parts/file-list.js";
import { iconButton } from "../parts/icon-button.js";
import { stickToBottom } from "../parts/stick-to-bottom.js";
import { toast } from "../parts/toast.js";
import { UploadQueue } from "../parts/upload-queue.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { sessionOf } from "../chat/sessions.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/** Showing may take one part in so many of the time, so that typing stays smooth while an answer streams. */
const restPerWork = 3;
const longestRestMs = 200;

/**
 * One chat.
 * @param {Record<string, string>} params
 * @returns {import("../types.js").Screen}
 */
export function chatScreen({ id = "" }) {
  const chat = new Chat(id);
  const thread = library.threads.find(({ thread_id: threadId }) => threadId === id);
  return {
    node: chat.node,
    header: chat.header,
    title: thread?.name || t("chat.conversation"),
    focus: () => chat.focus(),
    dispose: () => chat.dispose(),
  };
}

class Chat {
  #session;
  #conversation = new Conversation();
  #status;
  #files = new UploadQueue();
  /** @type {Composer} */
  #composer;
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
  #name = h("a", { class: "topbar-name" });
  header;
  node;

  /** @param {string} threadId */
  constructor(threadId) {
    this.#session = sessionOf(threadId);
    this.#status = new ChatStatus(this.#session, () => this.#findAssistant());
    this.#composer = new Composer({
      draftKey: threadId, files: this.#files,
      onSend: (text) => this.#send(text), onStop: () => this.#session.stop(),
    });
    this.#content = h("div", { class: "chat-content" }, this.#conversation.node, this.#status.node);
    this.#scroller = h("div", { class: "chat-scroll" }, this.#content);
    this.#stick = stickToBottom(this.#scroller, this.#content);
    this.header = [this.#name, iconButton("file", t("files.inChat"), () => this.#showFiles())];
    this.node = h("div", { class: "chat" }, this.#scroller,
      h("div", { class: "chat-foot" }, this.#stick.button, this.#composer.node));
    this.#listen();
    this.#open();
  }

  focus() {
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
  }

  dispose() {
    this.#listening.abort();
    this.#stick.dispose();
    this.#cancelShow();
  }

  #listen() {
    const { signal } = this.#listening;
    this.#session.addEventListener("messages", () => this.#showSoon(), { signal });
    this.#session.addEventListener("phase", () => this.#showNow(), { signal });
    this.#session.addEventListener("done", () => this.#finished(), { signal });
    this.#session.addEventListener("rejected", (event) => {
      this.#composer.restore(/** @type {CustomEvent} */ (event).detail);
    }, { signal });
    library.addEventListener("change", () => this.#showSoon(), { signal });
    addEventListener("keydown", (event) => this.#key(event), { signal });
    acceptDrops(this.node, (files) => this.#takeFiles(files));
  }

  /** @param {File[]} files */
  #takeFiles(files) {
    if (readsFiles(this.#assistant)) this.#files.add(files);
    else toast(t("files.notRead", { name: this.#assistant?.name ?? t("chat.assistant") }), { failure: true });
  }

  async #open() {
    this.#showNow();
    this.#files.sendTo({ thread_id: this.#session.threadId });
    await Promise.all([this.#findAssistant(), this.#session.phase === "loading" && this.#session.open()]);
    this.#stick.toEnd();
  }

  async #findAssistant() {
    try {
      const thread = await getThread(this.#session.threadId);
      if (!this.#listening.signal.aborted) titlePage(thread.name || t("rail.untitled"));
      const id = thread.assistant_id;
      this.#assistant = id ? library.assistant(id) ?? await getAssistant(id) : null;
    } catch {
      this.#assistant = null;
    }
    const name = this.#assistant?.name ?? t("chat.assistant");
    this.#name.textContent = name;
    if (this.#assistant) this.#name.href = `#${editPath(this.#assistant.assistant_id)}`;
    this.#composer.address(name);
    this.#composer.allowFiles(readsFiles(this.#assistant));
    this.#showNow();
  }

  /** @param {string} text @returns {Promise<void>} */
  async #send(text) {
    if (this.#files.isSending && !(await this.#files.sendTo({ thread_id: this.#session.threadId }))) {
      toast(t("files.someFailed"), { failure: true });
      return this.#composer.restore(text);
    }
    this.#files.clearDone();
    this.#stick.toEnd();
    await this.#session.send(text, typeOf(this.#assistant));
  }

  #showSoon() {
    if (this.#frame !== 0 || this.#rest !== undefined) return;
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#frame = requestAnimationFrame(() => this.#showNow());
    }, Math.min(longestRestMs, this.#lastShowMs * restPerWork));
  }

  #showNow() {
    const start = performance.now();
    this.#cancelShow();
    const { messages, phase, isBusy } = this.#session;
    const name = this.#assistant?.name ?? t("chat.assistant");
    this.#conversation.show(messages.list, { isBusy, isWaiting: phase === "waiting", name });
    this.#status.show();
    const cannotWrite = phase === "missing" || phase === "orphan" || phase === "loading";
    this.#composer.node.hidden = cannotWrite;
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
    this.#composer.setBusy(isBusy);
    if (isBusy) announce(t("chat.answering", { name }));
  }

  #readAloud() {
    const last = this.#session.messages.list.at(-1);
    if (last?.type === "ai") this.#reader.grow(textOf(last));
  }

  #finished() {
    this.#readAloud();
    this.#reader.finish();
    library.refresh();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented || !this.#session.isBusy) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    this.#session.stop();
  }

  #showFiles() {
    const list = new FileList(() => listThreadFiles(this.#session.threadId));
    list.refresh();
    showDialog(t("files.inChat"), (close) => [list.node,
      h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)))]);
  }
}
