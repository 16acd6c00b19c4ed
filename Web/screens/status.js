// @ts-check
import { listAllRuns, listFailedRuns } from "../api.js";
import { fill, h } from "../dom.js";
import { EmbeddingChange } from "../parts/embedding-change.js";
import { actionButton } from "../parts/failure.js";
import { runList } from "../parts/run-list.js";
import { partRow } from "../parts/status-parts.js";
import { readiness } from "../readiness.js";
import { t } from "../strings.js";

/** How the server is, part by part, which of one's own runs failed, with why, and all of them. @returns {import("../types.js").Screen} */
export function statusScreen() {
  const parts = h("ul", { class: "parts" });
  const version = h("p", { class: "quiet" });
  const show = () => {
    const { report, isLost } = readiness;
    fill(parts, isLost ? h("li", {}, t("status.down")) : (report?.parts ?? []).map(partRow));
    version.textContent = report?.version ? t("status.version", { version: report.version }) : "";
  };
  readiness.addEventListener("change", show);
  show();
  readiness.look();
  const embedding = new EmbeddingChange();
  embedding.start();
  const node = h("div", { class: "page narrow stack status" },
    h("header", { class: "page-head" }, h("h1", {}, t("status.title")),
      actionButton(t("status.look"), () => readiness.look())),
    h("section", { "aria-label": t("status.parts") }, parts, version), embedding.node,
    runSection(t("status.failedRuns"), "failed-runs", runList(listFailedRuns, t("status.noFailedRuns"))),
    runSection(t("status.runs"), "runs", runList(listAllRuns, t("status.noRuns"))));
  const dispose = () => {
    readiness.removeEventListener("change", show);
    embedding.dispose();
  };
  return { node, title: t("status.title"), dispose };
}

/** @param {string} title @param {string} name @param {HTMLElement} list */
function runSection(title, name, list) {
  return h("section", { class: name, "aria-labelledby": `${name}-title` }, h("h2", { id: `${name}-title` }, title), list);
}
