// @ts-check
import { readableNumber } from "../format.js";
import { t } from "../strings.js";

/** @typedef {import("../identity-api.js").Budget} Budget */
/** @typedef {import("../strings.js").StringKey} StringKey */

/**
 * Each bound there can be, and how much one unit of its field is.
 * @type {{key: keyof Budget, unit: number}[]}
 */
export const bounds = [
  { key: "requests_per_minute", unit: 1 }, { key: "concurrent_runs", unit: 1 }, { key: "tokens_per_month", unit: 1 },
  { key: "microdollars_per_month", unit: 1_000_000 }, { key: "storage_bytes", unit: 1_000_000 },
];

/** @param {Budget} budget */
export function budgetText(budget) {
  const said = bounds.filter(({ key }) => budget[key] !== null && budget[key] !== undefined).map(({ key, unit }) =>
    t(/** @type {StringKey} */ (`budget.is.${key}`), { count: readableNumber((budget[key] ?? 0) / unit) }));
  return said.length > 0 ? said.join(", ") : t("budget.none");
}
