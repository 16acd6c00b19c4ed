// @ts-check
import { h } from "../dom.js";
import { readableTime } from "../format.js";
import { listAudit } from "../identity-api.js";
import { liveList } from "../parts/live-list.js";
import { t } from "../strings.js";

/** @typedef {import("../identity-api.js").AuditEntry} AuditEntry */

const pageOfEntries = 50;
/** The nouns by which actions begin. */
const nouns = ["session", "user", "account", "key", "group", "budget", "assistant", "thread", "file", "tool", "model", "backup"];

/** Who did what, for administrators. */
export function auditSection() {
  const filter = h("select", { "aria-label": t("audit.filter"), on: { change: () => list.refresh() } },
    h("option", { value: "" }, t("audit.all")), nouns.map((noun) => h("option", { value: noun }, noun)));
  const list = liveList({
    label: t("audit.title"), empty: t("audit.empty"), pageSize: pageOfEntries,
    fetch: (limit, shown) => listAudit({ action: filter.value, before: shown.at(-1)?.seq, limit }), row,
  });
  return {
    node: h("div", { class: "stack" },
      h("div", { class: "inline-form" }, filter, h("a", { class: "button", href: "/admin/audit/export", download: "audit.jsonl" }, t("audit.export"))),
      list.node),
  };
}

/** @param {AuditEntry} entry */
function row(entry) {
  const detail = Object.entries(entry.detail).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return h("li", { class: "card-row" }, h("div", {},
    h("p", {}, h("strong", {}, entry.action), " ", h("span", {}, entry.user_name || t("audit.nobody"))),
    h("p", { class: "quiet" }, [readableTime(entry.at), entry.address, entry.object, ...detail].filter(Boolean).join(" · "))));
}
