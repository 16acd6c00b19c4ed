// @ts-check
import { forkThread, getAssistant, getThread, listThreadFiles, messageOf, sendFeedback } from "../api.js";
import { typeOf } from "../assistant.js";
import { h } from "../dom.js";
import { library } from "../library.js";
import { editPath, historyPath, navigate, runPath, threadPath, titlePage } from "../navigation.js";
import { showDialog } from "../parts/dialog.js";
import { actionButton } from "../parts/failure.js";
import { acceptDrops } from "../parts/file-chooser.js";
import { FileList } from "../parts/file-list.js";
import { icon } from "../parts/icon.js";
import { iconButton } from "../parts/icon-button.js";
import { ThreadView } from "../parts/thread-view.js";
import { toast } from "../parts/toast.js";
import { openWhy } from "../parts/why-panel.js";
import { t } from "../strings.js";
import { sessionOf } from "../chat/sessions.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/**
 * One chat.
 * @param {{id?: string, message?: string}} params the message to be shown, when it is not the last
 * @returns {import("../types.js").Screen}
 */
export function chatScreen({ id = "", message }) {
  const chat = new Chat(id, message);
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
  #view;
  /** @type {Assistant | null} */
  #assistant = null;
  #threadName = "";
  #name = h("a", { class: "topbar-name" });
  header;
  node;

  /**
   * @param {string} threadId
   * @param {string | undefined} messageId
   */
  constructor(threadId, messageId) {
    this.#session = sessionOf(threadId);
    this.#view = new ThreadView(this.#session, { actions: this.#actions(), onAdopted: () => this.#findAssistant() });
    this.node = this.#view.node;
    this.header = [this.#name, h("div", { class: "topbar-tools" },
      h("a", { class: "icon-button", href: `#${historyPath(threadId)}`, "aria-label": t("history.open"), title: t("history.open") }, icon("history")),
      iconButton("file", t("files.inChat"), () => this.#showFiles()))];
    const { signal } = this.#view;
    library.addEventListener("change", () => this.#view.showSoon(), { signal });
    this.#session.addEventListener("done", () => library.refresh(), { signal });
    acceptDrops(this.node, (files) => this.#view.composer.take(files));
    this.#open(messageId);
  }

  focus() {
    if (matchMedia("(pointer: fine)").matches) this.#view.composer.focus();
  }

  dispose() {
    this.#view.dispose();
  }

  /** @param {string | undefined} messageId */
  async #open(messageId) {
    this.#view.files.sendTo({ thread_id: this.#session.threadId });
    await Promise.all([this.#findAssistant(), this.#view.open()]);
    if (messageId && !this.#view.signal.aborted && !this.#view.reveal(messageId)) toast(t("chat.otherWay"));
  }

  async #findAssistant() {
    try {
      const thread = await getThread(this.#session.threadId);
      this.#threadName = thread.name || t("rail.untitled");
      if (!this.#view.signal.aborted) titlePage(this.#threadName);
      const id = thread.assistant_id;
      this.#assistant = id ? library.assistant(id) ?? await getAssistant(id) : null;
    } catch {
      this.#assistant = null;
    }
    this.#name.textContent = this.#assistant?.name ?? t("chat.assistant");
    if (this.#assistant) this.#name.href = `#${editPath(this.#assistant.assistant_id)}`;
    this.#view.address(this.#assistant);
  }

  /** @returns {import("../parts/conversation.js").Actions} */
  #actions() {
    const session = this.#session;
    return {
      goTo: (checkpointId) => session.goTo(checkpointId),
      sendInstead: (messageId, text) => session.sendInstead(messageId, text, typeOf(this.#assistant)),
      answerAgain: (messageId) => session.answerAgain(messageId),
      fork: (checkpointId) => this.#fork(checkpointId),
      rate: (runId, score) => this.#rate(runId, score),
      explain: (message, from) => {
        const facts = session.lineage.factsOf(message.id);
        const runId = facts?.origin.run_id;
        openWhy({
          question: session.messages.questionBefore(message.id), steps: session.messages.stepsBefore(message.id),
          answer: message, facts, traceAddress: runId ? `#${runPath(session.threadId, runId)}` : null,
        }, from);
      },
    };
  }

  /** @param {string} checkpointId */
  async #fork(checkpointId) {
    try {
      const name = t("chat.forkName", { name: this.#threadName });
      const thread = await forkThread(this.#session.threadId, { checkpoint_id: checkpointId, name });
      library.keepThread(thread);
      navigate(threadPath(thread.thread_id));
      toast(t("chat.forked"));
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }

  /**
   * @param {string} runId
   * @param {number | null} score
   */
  async #rate(runId, score) {
    try {
      await sendFeedback({ run_id: runId, key: "user_score", score });
      this.#session.lineage.keepScore(runId, score);
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }

  #showFiles() {
    const list = new FileList(() => listThreadFiles(this.#session.threadId));
    list.refresh();
    showDialog(t("files.inChat"), (close) => [list.node,
      h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)))]);
  }
}
