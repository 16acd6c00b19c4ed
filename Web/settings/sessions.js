// @ts-check
import { h } from "../dom.js";
import { readableTime } from "../format.js";
import { identity } from "../identity.js";
import { endOtherSessions, endSession, listSessions } from "../identity-api.js";
import { actionButton } from "../parts/failure.js";
import { attempt, liveList } from "../parts/live-list.js";
import { t } from "../strings.js";

/** Where one is signed in. */
export function sessionsSection() {
  const list = liveList({
    label: t("sessions.title"), empty: t("sessions.empty"), pageSize: Infinity, fetch: () => listSessions(), row,
  });
  /** @param {import("../identity-api.js").Session} session @returns {Node} */
  function row(session) {
    const isThis = session.session_id === identity.account?.session_id;
    return h("li", { class: "card-row" },
      h("div", {}, h("strong", {}, browserName(session.agent), isThis && h("span", { class: "badge" }, t("sessions.this"))),
        h("p", { class: "quiet" }, t("sessions.seen", { address: session.address, time: readableTime(session.seen_at) }))),
      !isThis && actionButton(t("sessions.end"), () => attempt(() => endSession(session.session_id), list.refresh), "small"));
  }
  const node = h("div", { class: "stack" }, list.node,
    h("div", { class: "actions" }, actionButton(t("sessions.endOthers"), () => attempt(endOtherSessions, list.refresh))));
  return { node };
}

/**
 * The part of a browser's name that people know.
 * @param {string} agent
 */
function browserName(agent) {
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`));
  const system = ["Windows", "Android", "iPhone", "Mac OS", "Linux"].find((name) => agent.includes(name));
  return [browser === "Edg" ? "Edge" : browser === "OPR" ? "Opera" : browser, system].filter(Boolean).join(" · ") || agent.slice(0, 60) || "?";
}
