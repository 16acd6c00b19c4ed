// @ts-check

const dayMs = 86_400_000;

/** @typedef {"rail.today" | "rail.yesterday" | "rail.week" | "rail.month" | "rail.older"} GroupKey */

/**
 * Sorts things into today, yesterday and so on, by the reader's own calendar; empty groups are left out.
 * @template {{updated_at: string}} Item
 * @param {Item[]} items newest first
 * @param {Date} [now]
 * @returns {[GroupKey, Item[]][]}
 */
export function groupByDate(items, now = new Date()) {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  /** @type {[GroupKey, number][]} */
  const groups = [
    ["rail.today", midnight], ["rail.yesterday", midnight - dayMs], ["rail.week", midnight - 7 * dayMs],
    ["rail.month", midnight - 30 * dayMs], ["rail.older", -Infinity],
  ];
  const groupOf = (/** @type {Item} */ item) =>
    groups.find(([, since]) => Date.parse(item.updated_at) >= since)?.[0] ?? "rail.older";
  return groups
    .map(([key]) => /** @type {[GroupKey, Item[]]} */ ([key, items.filter((item) => groupOf(item) === key)]))
    .filter(([, members]) => members.length > 0);
}
