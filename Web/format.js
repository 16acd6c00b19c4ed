// @ts-check
// Numbers, sizes and times as the page's language writes them; times in the reader's own zone.
import { language, t } from "./strings.js";

const numbers = new Intl.NumberFormat(language);
const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** @param {number} value */
export const readableNumber = (value) => numbers.format(value);

/** @param {string | number | Date} moment as the server writes it, or anything a Date is made of */
export const readableTime = (moment) => moments.format(new Date(moment));

/** @param {number} bytes */
export function readableSize(bytes) {
  const units = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte"]);
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(language, {
    style: "unit", unit: units[power], unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** @param {number} seconds how long something took */
export function readableDuration(seconds) {
  if (seconds < 60) return t("time.seconds", { count: oneDecimal(seconds) });
  return t("time.minutes", { minutes: Math.floor(seconds / 60), seconds: Math.round(seconds % 60) });
}

/** @param {number} seconds a span that somebody chose, in the largest unit that fits and says more than one */
export function readableSpan(seconds) {
  const [unit, length] = spans.find(([, length]) => seconds % length === 0 && seconds > length) ?? ["second", 1];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(seconds / length);
}

/** @type {[string, number][]} */
const spans = [["day", 86400], ["hour", 3600], ["minute", 60]];
/** @param {number} microseconds how long something short took */
export function readableMicroseconds(microseconds) {
  if (microseconds >= 1e6) return readableDuration(microseconds / 1e6);
  return t("time.milliseconds", { count: oneDecimal(microseconds / 1000) });
}

/**
 * A moment as the server writes it, whole to the microsecond: a Date keeps milliseconds alone.
 * @param {string} moment
 */
export const microsecondsOf = (moment) => Math.floor(Date.parse(moment) / 1000) * 1e6 + Number(moment.slice(20, 26));

/** @param {number} value */
const oneDecimal = (value) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
