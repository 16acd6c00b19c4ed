// @ts-check
import { h } from "../dom.js";
import { readableSize } from "../format.js";
import { t } from "../strings.js";

/** @type {Record<string, import("../strings.js").StringKey>} */
const names = {
  "database": "status.name.database", "disk": "status.name.disk", "embedding": "status.name.embedding",
  "vector index": "status.name.vector_index", "language model": "status.name.language_model",
  "backup": "status.name.backup", "tool servers": "status.name.tool_servers",
};

/**
 * One part of the server: its name, how it is, and why.
 * @param {import("../types.js").ReadinessPart} part
 */
export function partRow({ name, state, detail, bytes }) {
  const word = ["ok", "absent", "degraded", "failed"].includes(state)
    ? t(/** @type {import("../strings.js").StringKey} */ (`status.part.${state}`))
    : state;
  return h("li", {}, h("span", { class: "status-dot", data: { state } }),
    h("div", {}, h("p", {}, h("strong", {}, nameOf(name)), ` ${word}`), bytes ? diskRow(bytes) : detail && h("p", { class: "quiet" }, detail)));
}

/** @param {string} name as the server calls it; one this page does not know keeps that */
function nameOf(name) {
  const key = names[name];
  return key ? t(key) : name;
}

/**
 * How full the disk is, and how much of it is data.
 * @param {Record<string, number>} bytes
 */
function diskRow({ free = 0, disk = 0, data = 0 }) {
  return h("div", { class: "disk" },
    h("meter", { min: 0, max: disk, high: disk * 0.9, value: disk - free, "aria-label": t("status.diskUsed") }),
    h("p", { class: "quiet" }, t("status.disk", { free: readableSize(free), disk: readableSize(disk), data: readableSize(data) })));
}
