// @ts-check
import { fill, h } from "../dom.js";
import { readiness } from "../readiness.js";
import { t } from "../strings.js";
import { actionButton } from "./failure.js";
import { icon } from "./icon.js";

/** The strip at the top: the connection is lost, or a newer version is being served. */
export function connectionNotice() {
  const node = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  const show = () => fill(node, readiness.isLost && strip("lost", t("notice.lost")),
    readiness.isNewer && strip("newer", t("notice.newVersion"), actionButton(t("action.reload"), () => location.reload())));
  readiness.addEventListener("change", show);
  show();
  return node;
}

/** What is not set up and makes answers poorer; nothing when all is well. */
export function limitsNotice() {
  const node = h("div", { class: "limits" });
  const show = () => fill(node, limits().map((text) => h("p", { class: "quiet" }, text)));
  readiness.addEventListener("change", show);
  show();
  return { node, dispose: () => readiness.removeEventListener("change", show) };
}

function limits() {
  const isOff = (/** @type {import("../types.js").ReadinessPart | undefined} */ part) => part && part.state !== "ok";
  return [
    isOff(readiness.part("chat", "language", "llm", "provider")) ? t("notice.noModel") : "",
    isOff(readiness.part("embedding")) ? t("notice.noEmbedding") : "",
  ].filter(Boolean);
}

/**
 * @param {string} kind
 * @param {string} text
 * @param {HTMLElement} [action]
 */
function strip(kind, text, action) {
  return h("div", { class: `notice ${kind}` }, icon("alert"), h("p", {}, text), action);
}
