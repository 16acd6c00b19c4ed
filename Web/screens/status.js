// @ts-check
import { listFailedRuns, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableTime } from "../format.js";
import { library } from "../library.js";
import { threadPath } from "../navigation.js";
import { EmbeddingChange } from "../parts/embedding-change.js";
import { actionButton, failure } from "../parts/failure.js";
import { partRow } from "../parts/status-parts.js";
import { readiness } from "../readiness.js";
import { t } from "../strings.js";

const pageOfRuns = 20;

/** How the server is, part by part, and which of one's own runs failed, with why. @returns {import("../types.js").Screen} */
export function statusScreen() {
  const parts = h("ul", { class: "parts" });
  const version = h("p", { class: "quiet" });
  const failures = h("section", { "aria-labelledby": "failed-title" }, h("h2", { id: "failed-title" }, t("status.failedRuns")));
  const show = () => {
    const { report, isLost } = readiness;
    fill(parts, isLost ? h("li", {}, t("status.down")) : (report?.parts ?? []).map(partRow));
    version.textContent = report?.version ? t("status.version", { version: report.version }) : "";
  };
  readiness.addEventListener("change", show);
  show();
  readiness.look();
  showFailures(failures);
  const embedding = new EmbeddingChange();
  embedding.start();
  const node = h("div", { class: "page narrow stack status" },
    h("header", { class: "page-head" }, h("h1", {}, t("status.title")),
      actionButton(t("status.look"), () => readiness.look())),
    h("section", { "aria-label": t("status.parts") }, parts, version), embedding.node, failures);
  const dispose = () => {
    readiness.removeEventListener("change", show);
    embedding.dispose();
  };
  return { node, title: t("status.title"), dispose };
}

/** @param {HTMLElement} section */
function showFailures(section) {
  const list = h("ul", { class: "failed-runs" });
  const foot = h("div");
  section.append(list, foot);
  const more = async () => {
    try {
      const runs = await listFailedRuns({ limit: pageOfRuns, offset: list.childElementCount });
      list.append(...runs.map(runRow));
      fill(foot, runs.length === pageOfRuns && actionButton(t("search.more"), more, "small"),
        list.childElementCount === 0 && h("p", { class: "quiet" }, t("status.noFailedRuns")));
    } catch (error) {
      fill(foot, failure(messageOf(error), actionButton(t("action.tryAgain"), more)));
    }
  };
  more();
}

/** @param {import("../types.js").Run} run */
function runRow({ thread_id: threadId, error, updated_at: at }) {
  const thread = library.threads.find(({ thread_id: id }) => id === threadId);
  return h("li", {},
    h("p", {}, h("a", { href: `#${threadPath(threadId)}` }, thread?.name || t("rail.untitled")), " ", h("span", { class: "quiet" }, readableTime(at))),
    h("p", {}, error?.message ?? t("error.runUnknown")));
}
