// @ts-check
import { fill, h } from "../dom.js";
import { readiness } from "../readiness.js";
import { t } from "../strings.js";

/** A dot and a word about how the server is; it leads to each part. */
export function statusButton() {
  const link = h("a", { class: "status-button", href: "#/status" });
  const show = () => {
    const { key, state } = summary();
    fill(link, h("span", { class: "status-dot", data: { state } }), t(key));
  };
  readiness.addEventListener("change", show);
  show();
  return link;
}

/** @returns {{key: import("../strings.js").StringKey, state: string}} */
function summary() {
  if (readiness.isLost) return { key: "status.down", state: "failed" };
  if (!readiness.report) return { key: "status.checking", state: "absent" };
  const allWell = (readiness.report.parts ?? []).every(({ state }) => state === "ok");
  return allWell ? { key: "status.ready", state: "ok" } : { key: "status.limited", state: "degraded" };
}
