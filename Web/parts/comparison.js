// @ts-check
import { getState, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableTime } from "../format.js";
import { t, tn } from "../strings.js";
import { messagesOf, textOf } from "../chat/messages.js";
import { showDialog } from "./dialog.js";
import { actionButton, failure } from "./failure.js";
import { what } from "./timeline-row.js";

/** @typedef {import("../types.js").TimelineEntry} TimelineEntry */
/** @typedef {import("../types.js").Message} Message */

/**
 * Shows two states of a chat side by side: what they share is counted, what differs is shown.
 * @param {string} threadId
 * @param {TimelineEntry} older
 * @param {TimelineEntry} newer
 */
export function showComparison(threadId, older, newer) {
  const body = h("div", { class: "comparison" }, h("p", { class: "quiet" }, t("history.loading")));
  const load = async () => {
    try {
      const states = await Promise.all([older, newer].map(({ checkpoint_id: id }) => getState(threadId, id)));
      const messages = states.map(messagesOf);
      fill(body, ...sides(messages[0] ?? [], messages[1] ?? [], older, newer));
    } catch (error) {
      fill(body, failure(messageOf(error), actionButton(t("action.tryAgain"), load)));
    }
  };
  load();
  showDialog(t("history.compareTitle"), (close) => [body,
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)))], { isWide: true });
}

/**
 * @param {Message[]} left
 * @param {Message[]} right
 * @param {TimelineEntry} older
 * @param {TimelineEntry} newer
 */
function sides(left, right, older, newer) {
  const shared = sharedLength(left, right);
  const column = (/** @type {TimelineEntry} */ entry, /** @type {Message[]} */ messages) => h("section", {},
    h("h3", {}, what(entry), h("span", { class: "quiet" }, ` ${readableTime(entry.created_at)}`)),
    messages.length === shared
      ? h("p", { class: "quiet" }, t("history.nothingMore"))
      : h("ol", {}, messages.slice(shared).map(messageRow)));
  return [h("p", { class: "quiet" }, tn("history.shared", shared)), h("div", { class: "comparison-sides" }, column(older, left), column(newer, right))];
}

/**
 * @param {Message[]} left
 * @param {Message[]} right
 */
function sharedLength(left, right) {
  let length = 0;
  while (length < left.length && JSON.stringify(left[length]) === JSON.stringify(right[length])) length += 1;
  return length;
}

/** @param {Message} message */
function messageRow(message) {
  const tools = (message.tool_calls ?? []).map(({ name }) => name).join(", ");
  const text = textOf(message) || JSON.stringify(message.content);
  return h("li", { data: { type: message.type } }, tools && h("p", { class: "quiet" }, t("history.calls", { name: tools })),
    h("p", { class: "comparison-text" }, text));
}
