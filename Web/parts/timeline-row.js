// @ts-check
import { h, uniqueId } from "../dom.js";
import { readableTime } from "../format.js";
import { runPath } from "../navigation.js";
import { t } from "../strings.js";
import { actionButton } from "./failure.js";
import { isSearch } from "./tool-card.js";

/** @typedef {import("../types.js").TimelineEntry} TimelineEntry */
/** @typedef {{onTick: (box: HTMLInputElement) => void, onContinue: () => void, onFork: () => void}} RowActions */

/**
 * One checkpoint: when, what happened, and what can be done from there.
 * @param {string} threadId
 * @param {TimelineEntry} entry
 * @param {RowActions} actions
 */
export function timelineRow(threadId, entry, { onTick, onContinue, onFork }) {
  const id = `tick-${uniqueId().slice(0, 6)}`;
  const box = h("input", { type: "checkbox", id, on: { change: () => onTick(box) } });
  return h("li", { class: "timeline-row", data: { current: String(entry.is_current) } },
    h("div", { class: "timeline-head" },
      h("strong", {}, what(entry)), h("span", { class: "quiet" }, readableTime(entry.created_at)),
      !entry.is_current && h("span", { class: "badge" }, t("history.otherWay"))),
    h("ul", { class: "timeline-writes" }, entry.writes.filter(saysSomething).map(writeRow)),
    h("div", { class: "timeline-actions" },
      h("label", { class: "tick", for: id }, box, t("history.tick")),
      entry.run_id && h("a", { class: "button small", href: `#${runPath(threadId, entry.run_id)}` }, t("trace.open")),
      actionButton(t("history.continue"), onContinue, "small"), actionButton(t("history.fork"), onFork, "small")));
}

/** @param {TimelineEntry} entry */
export function what({ source, node, writes }) {
  if (source === "update") return t("history.update");
  const first = writes[0];
  if (!first) return t(source === "input" ? "history.begun" : "history.step", { name: node ?? "" });
  if (first.type === "human") return t("history.human");
  if (first.tools.length > 0 && first.tools.every(isSearch)) return t(first.type === "ai" ? "history.search" : "tool.searched");
  if (first.type === "tool" || first.type === "function") return t("history.tool", { name: first.tools.join(", ") });
  if (first.tools.length > 0) return t("history.calls", { name: first.tools.join(", ") });
  return t("history.answer");
}

/**
 * A call alone is told by the heading, and what a search found is data, not text.
 * @param {import("../types.js").Write} write
 */
const saysSomething = ({ is_removed: isRemoved, excerpt, tools }) =>
  isRemoved || tools.length === 0 || (excerpt !== "" && !tools.every(isSearch));

/** @param {import("../types.js").Write} write */
function writeRow({ type, is_removed: isRemoved, excerpt }) {
  return h("li", { data: { type } }, h("span", { class: "timeline-text" },
    isRemoved ? h("em", { class: "quiet" }, t("history.removed")) : excerpt || h("em", { class: "quiet" }, t("history.noText"))));
}
