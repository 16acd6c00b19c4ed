// @ts-check
import { fill, h } from "../dom.js";
import { readiness } from "../readiness.js";
import { t } from "../strings.js";
import { actionButton } from "./failure.js";
import { showDialog } from "./dialog.js";

/** A dot and a word about how the server is; a click shows each part. */
export function statusButton() {
  const button = h("button", { type: "button", class: "status-button", on: { click: showParts } });
  const show = () => {
    const { key, state } = summary();
    fill(button, h("span", { class: "status-dot", data: { state } }), t(key));
  };
  readiness.addEventListener("change", show);
  show();
  return button;
}

/** @returns {{key: import("../strings.js").StringKey, state: string}} */
function summary() {
  if (readiness.isLost) return { key: "status.down", state: "failed" };
  if (!readiness.report) return { key: "status.checking", state: "absent" };
  const allWell = (readiness.report.parts ?? []).every(({ state }) => state === "ok");
  return allWell ? { key: "status.ready", state: "ok" } : { key: "status.limited", state: "degraded" };
}

function showParts() {
  const { report } = readiness;
  showDialog(t("status.title"), (close) => [
    h("ul", { class: "parts" }, (report?.parts ?? []).map(partRow)),
    h("p", { class: "quiet" }, report?.version ? t("status.version", { version: report.version }) : ""),
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null))),
  ]);
}

/** @param {import("../types.js").ReadinessPart} part */
function partRow({ name, state, detail }) {
  const word = ["ok", "absent", "degraded", "failed"].includes(state)
    ? t(/** @type {import("../strings.js").StringKey} */ (`status.part.${state}`))
    : state;
  return h("li", {}, h("span", { class: "status-dot", data: { state } }),
    h("div", {}, h("p", {}, h("strong", {}, name), ` ${word}`), detail && h("p", { class: "quiet" }, detail)));
}
