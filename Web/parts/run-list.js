// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableDuration, readableNumber, readableTime } from "../format.js";
import { library } from "../library.js";
import { runPath, threadPath } from "../navigation.js";
import { t } from "../strings.js";
import { actionButton, failure } from "./failure.js";
import { readableMoney } from "./model-facts.js";

/** @typedef {import("../types.js").Run} Run */

const pageOfRuns = 20;
const statuses = new Set(["pending", "running", "interrupted", "success", "error", "cancelled"]);

/** @param {string} status */
export const runStatus = (status) =>
  (statuses.has(status) ? t(/** @type {import("../strings.js").StringKey} */ (`run.${status}`)) : status);

/**
 * Runs, a page at a time, each with how it ended, what it took, and the way to its chat and its trace.
 * @param {(page: {limit: number, offset: number}) => Promise<Run[]>} list
 * @param {string} none what is said where there are none
 */
export function runList(list, none) {
  const rows = h("ul", { class: "run-list" });
  const foot = h("div");
  const more = async () => {
    try {
      const runs = await list({ limit: pageOfRuns, offset: rows.childElementCount });
      rows.append(...runs.map(runRow));
      fill(foot, runs.length === pageOfRuns && actionButton(t("search.more"), more, "small"),
        rows.childElementCount === 0 && h("p", { class: "quiet" }, none));
    } catch (error) {
      fill(foot, failure(messageOf(error), actionButton(t("action.tryAgain"), more)));
    }
  };
  more();
  return h("div", {}, rows, foot);
}

/** @param {Run} run */
function runRow(run) {
  const { thread_id: threadId, run_id: runId, error, status } = run;
  const thread = library.threads.find(({ thread_id: id }) => id === threadId);
  return h("li", { data: { status } },
    h("p", {}, h("a", { href: `#${threadPath(threadId)}` }, thread?.name || t("rail.untitled")), " ",
      h("span", { class: "quiet" }, factsOf(run).join(" · "))),
    status === "error" && h("p", {}, error?.message ?? t("error.runUnknown")),
    h("p", { class: "run-links" }, h("a", { href: `#${runPath(threadId, runId)}` }, t("trace.open")),
      error && h("span", { class: "quiet" }, error.code)));
}

/** @param {Run} run */
function factsOf({ status, created_at: began, updated_at: changed, usage }) {
  const tokens = (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);
  const isOver = status !== "running" && status !== "pending";
  return [
    readableTime(began), runStatus(status),
    isOver && readableDuration((Date.parse(changed) - Date.parse(began)) / 1000),
    tokens > 0 && t("chat.tokens", { count: readableNumber(tokens) }),
    usage && usage.calls > usage.unpriced_calls && readableMoney(usage.cost_micros / 1e6),
  ].filter(Boolean);
}
