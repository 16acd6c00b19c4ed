// @ts-check
import { forkThread, getThread, getTimeline, messageOf, selectCheckpoint } from "../api.js";
import { fill, h } from "../dom.js";
import { library } from "../library.js";
import { navigate, threadPath } from "../navigation.js";
import { showComparison } from "../parts/comparison.js";
import { actionButton, failure } from "../parts/failure.js";
import { timelineRow } from "../parts/timeline-row.js";
import { toast } from "../parts/toast.js";
import { t } from "../strings.js";
import { forgetSession, isAnswering } from "../chat/sessions.js";

/** @typedef {import("../types.js").TimelineEntry} TimelineEntry */

const pageOfEntries = 100;

/**
 * How a chat came to where it is: every checkpoint with what it changed, on all its ways.
 * @param {{id?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function historyScreen({ id = "" }) {
  const history = new History(id);
  return { node: history.node, title: t("history.title") };
}

class History {
  #threadId;
  #threadName = "";
  #list = h("ol", { class: "timeline" });
  #foot = h("div", { class: "timeline-foot" });
  #compare = actionButton(t("history.compare"), () => this.#showComparison());
  /** @type {TimelineEntry[]} the two that are to be compared, as they were ticked */
  #ticked = [];
  #last = "";
  node;

  /** @param {string} threadId */
  constructor(threadId) {
    this.#threadId = threadId;
    this.node = h("div", { class: "page narrow history" },
      h("header", { class: "page-head" },
        h("div", {}, h("h1", {}, t("history.title")), h("p", { class: "quiet" }, t("history.body"))),
        h("div", { class: "actions" }, this.#compare,
          h("a", { class: "button", href: `#${threadPath(threadId)}` }, t("history.back")))),
      this.#list, this.#foot);
    this.#compare.disabled = true;
    this.#more();
    getThread(threadId).then(({ name }) => {
      this.#threadName = name || t("rail.untitled");
    }).catch(() => {});
  }

  async #more() {
    fill(this.#foot, h("p", { class: "quiet" }, t("history.loading")));
    try {
      const entries = await getTimeline(this.#threadId, { limit: pageOfEntries, before: this.#last || undefined });
      this.#last = entries.at(-1)?.checkpoint_id ?? this.#last;
      this.#list.append(...entries.map((entry) => timelineRow(this.#threadId, entry, this.#actions(entry))));
      fill(this.#foot, entries.length === pageOfEntries && actionButton(t("history.more"), () => this.#more()),
        this.#list.childElementCount === 0 && h("p", { class: "quiet" }, t("chat.empty")));
    } catch (error) {
      fill(this.#foot, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.#more())));
    }
  }

  /**
   * @param {TimelineEntry} entry
   * @returns {import("../parts/timeline-row.js").RowActions}
   */
  #actions(entry) {
    return {
      onTick: (box) => this.#tick(entry, box),
      onContinue: () => this.#attempt(async () => {
        await selectCheckpoint(this.#threadId, entry.checkpoint_id);
        if (!isAnswering(this.#threadId)) forgetSession(this.#threadId);
        navigate(threadPath(this.#threadId));
      }),
      onFork: () => this.#attempt(async () => {
        const name = t("chat.forkName", { name: this.#threadName });
        const thread = await forkThread(this.#threadId, { checkpoint_id: entry.checkpoint_id, name });
        library.keepThread(thread);
        navigate(threadPath(thread.thread_id));
        toast(t("chat.forked"));
      }),
    };
  }

  /** @param {() => Promise<void>} work */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }

  /**
   * @param {TimelineEntry} entry
   * @param {HTMLInputElement} box
   */
  #tick(entry, box) {
    if (!box.checked) this.#ticked = this.#ticked.filter((other) => other !== entry);
    else if (this.#ticked.length < 2) this.#ticked = [...this.#ticked, entry];
    else {
      box.checked = false;
      toast(t("history.compareTwo"));
    }
    this.#compare.disabled = this.#ticked.length !== 2;
  }

  #showComparison() {
    const [older, newer] = [...this.#ticked].sort((left, right) => left.created_at.localeCompare(right.created_at));
    if (older && newer) showComparison(this.#threadId, older, newer);
  }
}
