// @ts-check
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { MarkdownView } from "../text/markdown.js";
import { textOf } from "../chat/messages.js";
import { citationMarks, citationsOf, sourceList } from "./citations.js";
import { answerActions } from "./answer-actions.js";
import { proofNote, quotationsOf } from "./proof.js";
import { ToolCard } from "./tool-card.js";
import { answerPictures } from "./tool-picture.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("./conversation.js").Surroundings} Surroundings */

/** One message of the assistant: its text, the tools it called, its sources. */
export class Answer {
  #text = new MarkdownView();
  #pictures = h("div", { class: "pictures" });
  #tools = h("div", { class: "tools" });
  #foot = h("footer", { class: "answer-foot" });
  #heading = h("h3", { class: "visually-hidden" });
  node = h("article", { class: "message answer" }, this.#heading, this.#text.node, this.#pictures, this.#tools, this.#foot);
  /** @type {ToolCard[]} */
  #cards = [];
  #citations = "[]";
  #marks = citationMarks([]);
  #footShown = "";

  /**
   * @param {Message} message
   * @param {Map<string, Message>} results tool messages by the call they answer
   * @param {Surroundings} surroundings
   */
  show(message, results, surroundings) {
    const isGrowing = surroundings.isBusy && surroundings.isLast;
    const citations = citationsOf(message);
    this.#useCitations(citations);
    this.#heading.textContent = t("chat.said", { name: surroundings.name });
    this.#text.show(textOf(message), this.#marks);
    if (!isGrowing) {
      this.#text.finish();
      fill(this.#pictures, answerPictures(message));
    }
    this.node.classList.toggle("growing", isGrowing);
    this.node.classList.toggle("wordless", textOf(message) === "");
    this.#showTools(message, results, surroundings);
    this.#showFoot(message, citations, isGrowing, surroundings);
  }

  /** @param {import("../types.js").Citation[]} citations */
  #useCitations(citations) {
    const signature = JSON.stringify(citations);
    if (signature === this.#citations) return;
    this.#citations = signature;
    this.#marks = citationMarks(citations);
  }

  /**
   * @param {Message} message
   * @param {Map<string, Message>} results
   * @param {Surroundings} surroundings
   */
  #showTools(message, results, surroundings) {
    const calls = message.tool_calls ?? [];
    while (this.#cards.length > calls.length) this.#cards.pop()?.node.remove();
    calls.forEach((call, place) => {
      const card = this.#cards[place] ?? this.#addCard();
      const result = results.get(call.id ?? "");
      card.show(call, result, callState(result, surroundings));
    });
    this.#tools.hidden = calls.length === 0;
  }

  #addCard() {
    const card = new ToolCard();
    this.#cards.push(card);
    this.#tools.append(card.node);
    return card;
  }

  /**
   * @param {Message} message
   * @param {import("../types.js").Citation[]} citations
   * @param {boolean} isGrowing
   * @param {Surroundings} surroundings
   */
  #showFoot(message, citations, isGrowing, surroundings) {
    const text = textOf(message);
    const cut = cutText(message);
    const { facts, siblings, isBusy, isLast } = surroundings;
    const quotations = quotationsOf(message);
    const signature = JSON.stringify([text.length, isGrowing, cut, message.usage_metadata, this.#citations, quotations, facts,
      siblings, isBusy && isLast]);
    if (signature === this.#footShown) return;
    this.#footShown = signature;
    const isStepOnTheWay = (message.tool_calls ?? []).length > 0 && cut === "";
    this.#foot.hidden = isGrowing || (isStepOnTheWay && !siblings) || (text === "" && cut === "" && !siblings);
    if (this.#foot.hidden) return;
    fill(this.#foot, citations.length > 0 && sourceList(citations), quotations.length > 0 && proofNote(quotations),
      answerActions(message, cut, surroundings));
  }
}

/**
 * What is said below an answer that was cut; empty for a whole one.
 * @param {Message} message
 */
function cutText({ response_metadata: facts }) {
  if (facts?.finish_reason === "cancelled") return t("chat.stopped");
  return facts?.finish_reason === "interrupted" ? t("chat.brokenOff") : "";
}

/**
 * @param {Message | undefined} result
 * @param {Surroundings} surroundings
 * @returns {import("./tool-card.js").CallState}
 */
function callState(result, { isLast, isBusy, isWaiting }) {
  if (result) return result.status === "error" ? "failed" : "called";
  if (isLast && isWaiting) return "waiting";
  return isBusy ? "calling" : "interrupted";
}
