// @ts-check
import { listPendingApprovals, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t, tn } from "../strings.js";
import { ApprovalCard } from "./approval-card.js";
import { actionButton, failure } from "./failure.js";

/** @typedef {import("../types.js").Approval} Approval */
/** @typedef {import("../types.js").CallDecision} CallDecision */

/** The tool calls that wait for a person, each with its own yes, no, or change; sent once all are decided. */
export class ApprovalPanel {
  /** @type {ApprovalCard[]} */
  #cards = [];
  #list = h("div", { class: "approval-list" });
  #problem = h("div");
  #foot = h("div", { class: "approval-foot" });
  #onDecided;
  node;

  /**
   * @param {string} threadId
   * @param {(decisions: CallDecision[]) => void} onDecided told once every call is decided
   */
  constructor(threadId, onDecided) {
    this.#onDecided = onDecided;
    this.node = h("section", { class: "approval-panel", "aria-label": t("approval.title") },
      this.#list, this.#problem, this.#foot);
    this.#load(threadId);
  }

  /** @param {string} threadId */
  async #load(threadId) {
    fill(this.#problem);
    try {
      this.#show(await listPendingApprovals(threadId));
    } catch (error) {
      fill(this.#problem, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.#load(threadId))));
    }
  }

  /** @param {Approval[]} approvals */
  #show(approvals) {
    this.#cards = approvals.map((approval) => new ApprovalCard(approval, () => this.#changed()));
    fill(this.#list, h("h3", {}, tn("approval.asks", approvals.length)), this.#cards.map(({ node }) => node));
    this.#showFoot();
  }

  #showFoot() {
    const open = this.#cards.filter(({ decision }) => !decision);
    fill(this.#foot, this.#cards.length > 1 && open.length > 0
      ? [h("span", { class: "quiet" }, tn("approval.open", open.length)),
        actionButton(t("approval.allowAll"), () => open.forEach((card) => card.allow()), "primary")]
      : null);
  }

  #changed() {
    this.#showFoot();
    const decisions = this.#cards.map(({ decision }) => decision);
    if (decisions.every((decision) => decision !== null)) this.#onDecided(/** @type {CallDecision[]} */ (decisions));
  }
}
