// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";

/**
 * One part of the server: its name, how it is, and why.
 * @param {import("../types.js").ReadinessPart} part
 */
export function partRow({ name, state, detail }) {
  const word = ["ok", "absent", "degraded", "failed"].includes(state)
    ? t(/** @type {import("../strings.js").StringKey} */ (`status.part.${state}`))
    : state;
  return h("li", {}, h("span", { class: "status-dot", data: { state } }),
    h("div", {}, h("p", {}, h("strong", {}, name), ` ${word}`), detail && h("p", { class: "quiet" }, detail)));
}
