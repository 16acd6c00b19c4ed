// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { actionButton, failure } from "./failure.js";
import { toast } from "./toast.js";

/**
 * A list that is fetched a page at a time, and again after each change.
 * @template Item
 * @param {{label: string, empty: string, pageSize: number, fetch: (limit: number, shown: Item[]) => Promise<Item[]>,
 *   row: (item: Item) => Node}} list
 * @returns {{node: HTMLElement, refresh: () => void}}
 */
export function liveList({ label, empty, pageSize, fetch, row }) {
  /** @type {Item[]} */
  let items = [];
  let newest = 0;
  const rows = h("ul", { class: "card-list", "aria-label": label });
  const foot = h("div", { class: "actions" });
  const node = h("div", { class: "stack", "aria-busy": "true" }, rows, foot);

  /** @param {boolean} more */
  async function load(more) {
    const turn = ++newest;
    const before = more ? items : [];
    node.setAttribute("aria-busy", "true");
    try {
      const found = await fetch(pageSize, before);
      if (turn !== newest) return;
      items = [...before, ...found];
      fill(rows, items.map(row));
      fill(foot, items.length === 0 && h("p", { class: "quiet" }, empty),
        found.length === pageSize && actionButton(t("action.showMore"), () => load(true), "small"));
    } catch (error) {
      if (turn === newest) fill(foot, failure(messageOf(error), actionButton(t("action.tryAgain"), () => load(more), "small")));
    } finally {
      if (turn === newest) node.setAttribute("aria-busy", "false");
    }
  }
  load(false);
  return { node, refresh: () => void load(false) };
}

/**
 * Does something, and says so when it fails.
 * @param {() => Promise<any>} work
 * @param {() => void} [then]
 */
export async function attempt(work, then) {
  try {
    await work();
    then?.();
  } catch (error) {
    toast(messageOf(error), { failure: true });
  }
}
