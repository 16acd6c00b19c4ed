// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { passage } from "../text/passages.js";
import { foundItem } from "./found-item.js";

/** @typedef {import("../types.js").Candidate} Candidate */

/**
 * The passages that were ranked and not given, with why; null when there are none.
 * @param {Candidate[]} candidates
 */
export function leftOut(candidates) {
  const shown = candidates.filter(({ fate }) => fate === "shown");
  const others = candidates.filter(({ fate }) => fate === "duplicate" || fate === "other_page");
  if (others.length === 0) return null;
  return h("ul", { class: "left-out" }, others.map((candidate) =>
    h("li", {}, foundItem(passage(candidate), h("p", { class: "fate" }, reason(candidate, shown))))));
}

/**
 * @param {Candidate} candidate
 * @param {Candidate[]} shown
 */
function reason({ fate, of: better }, shown) {
  if (fate !== "duplicate") return t("why.others");
  const number = shown.findIndex(({ chunk_id: id }) => id === better) + 1;
  return number > 0 ? t("why.same", { number }) : t("why.sameAsBetter");
}
