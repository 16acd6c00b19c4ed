// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { ranks } from "./rank.js";
import { openSource } from "./source-panel.js";

/**
 * A passage that a search came upon: where it stands, its places in both rankings, what it says.
 * @param {import("../types.js").Passage} passage
 * @param {...(Node | null | false)} notes
 */
export function foundItem(passage, ...notes) {
  const open = (/** @type {MouseEvent} */ event) => openSource(passage, /** @type {HTMLElement} */ (event.currentTarget));
  return h("div", { class: "found-item" },
    h("div", { class: "found-head" },
      h("button", { type: "button", class: "link-button", on: { click: open } }, passage.name),
      passage.page !== null && h("span", { class: "quiet" }, t("source.page", { page: passage.page })),
      ranks(passage)),
    notes, h("p", { class: "found-text" }, passage.quote));
}
