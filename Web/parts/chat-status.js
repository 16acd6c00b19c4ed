// @ts-check
import { messageOf, updateThread, getThread } from "../api.js";
import { fill, h } from "../dom.js";
import { library } from "../library.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { ApprovalPanel } from "./approval-panel.js";
import { countdown } from "./countdown.js";
import { emptyState } from "./empty-state.js";
import { actionButton, failure } from "./failure.js";
import { toast } from "./toast.js";

/** Below the messages: what the chat is doing, what went wrong, and what can be done now. */
export class ChatStatus {
  node = h("div", { class: "chat-status" });
  #session;
  #onAdopted;
  #shown = "";

  /**
   * @param {import("../chat/session.js").Session} session
   * @param {() => void} onAdopted called when another assistant took the chat over
   */
  constructor(session, onAdopted) {
    this.#session = session;
    this.#onAdopted = onAdopted;
  }

  show() {
    const { phase, error, messages, retryAt, waitsUntil } = this.#session;
    const last = messages.list.at(-1);
    const isSilent = !(last?.type === "ai" && (textOf(last) !== "" || (last.tool_calls?.length ?? 0) > 0));
    const choices = phase === "orphan" && library.assistants.map(({ assistant_id: id }) => id);
    const later = phase === "idle" ? this.#session.lineage.end : null;
    const signature = JSON.stringify([phase, error, retryAt, waitsUntil, isSilent, messages.list.length === 0, choices, library.state, later]);
    if (signature === this.#shown) return;
    this.#shown = signature;
    fill(this.node, error && this.#problem(error), this.#stateOf(phase, isSilent));
  }

  /** @param {string} error */
  #problem(error) {
    const { phase, retryAt } = this.#session;
    const canRetry = phase === "stalled";
    return failure(error, canRetry && retryAt ? countdown(retryAt, "chat.retryIn") : null,
      canRetry ? actionButton(t("chat.retry"), () => this.#session.proceed(), "primary") : null,
      phase === "failed" ? actionButton(t("action.tryAgain"), () => this.#session.open()) : null);
  }

  /**
   * @param {import("../chat/session.js").Phase} phase
   * @param {boolean} isSilent
   * @returns {HTMLElement | null}
   */
  #stateOf(phase, isSilent) {
    switch (phase) {
      case "loading": return h("p", { class: "working quiet" }, h("span", { class: "spinner" }), t("chat.loading"));
      case "running": return this.#running(isSilent);
      case "reconnecting": return working(t("chat.reconnecting"));
      case "stopping": return working(t("chat.stopping"));
      case "waiting": return this.#confirmation();
      case "stalled": return this.#session.error ? null : this.#stalled();
      case "orphan": return this.#orphan();
      case "missing": return emptyState(t("chat.missing.title"), t("chat.missing.body"),
        h("a", { class: "button primary", href: "#/" }, t("lost.home")));
      case "idle": return this.#idle();
      case "failed": return null;
    }
  }

  /** @param {boolean} isSilent */
  #running(isSilent) {
    const { waitsUntil } = this.#session;
    if (waitsUntil) return working(countdown(waitsUntil, "chat.waiting"));
    return isSilent ? working(t("chat.thinking")) : null;
  }

  #idle() {
    const { lineage, messages } = this.#session;
    const later = lineage.end;
    if (later) {
      return h("div", { class: "confirmation" }, h("p", {}, t("chat.earlier")),
        actionButton(t("chat.toEnd"), () => this.#session.goTo(later)));
    }
    return messages.list.length > 0 ? null : h("p", { class: "quiet" }, t("chat.empty"));
  }

  #confirmation() {
    return new ApprovalPanel(this.#session.threadId, (decisions) => this.#session.decide(decisions)).node;
  }

  #stalled() {
    return h("div", { class: "confirmation" }, h("p", {}, t("chat.stalled")),
      actionButton(t("chat.retry"), () => this.#session.proceed(), "primary"));
  }

  #orphan() {
    if (library.state === "loading") return working(t("chat.loading"));
    const select = h("select", { id: "new-assistant" }, library.assistants.map(({ assistant_id: value, name }) =>
      h("option", { value }, name)));
    if (library.assistants.length === 0) return emptyState(t("chat.orphan.title"), t("chat.orphan.none"),
      h("a", { class: "button primary", href: "#/assistants/new" }, t("gallery.new")));
    return emptyState(t("chat.orphan.title"), t("chat.orphan.body"),
      h("label", { for: "new-assistant", class: "visually-hidden" }, t("chat.orphan.choose")), select,
      actionButton(t("chat.orphan.use"), () => this.#adopt(select.value), "primary"));
  }

  /** @param {string} assistantId */
  async #adopt(assistantId) {
    try {
      const { name } = await getThread(this.#session.threadId);
      library.keepThread(await updateThread(this.#session.threadId, { name, assistant_id: assistantId }));
      await this.#session.open();
      this.#onAdopted();
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }
}

/** @param {string | Node} text */
const working = (text) => h("p", { class: "working quiet" }, h("span", { class: "pulse" }), text);
