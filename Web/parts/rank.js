// @ts-check
import { h } from "../dom.js";
import { language, t } from "../strings.js";

/** @typedef {import("../types.js").Passage} Passage */

const scores = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * A passage's places in both rankings, and what it was ranked by.
 * @param {Passage} passage
 */
export const ranks = ({ textRank, textScore = null, vectorRank, similarity = null }) => [
  rank(t("knowledge.byWords"), textRank, textScore, "BM25"),
  rank(t("knowledge.byMeaning"), vectorRank, similarity, t("knowledge.cosine")),
];

/**
 * @param {string} name
 * @param {number | null} place
 * @param {number | null} score
 * @param {string} measure
 */
function rank(name, place, score, measure) {
  const measured = score === null ? "" : scores.format(score);
  return h("span", { class: place ? "rank" : "rank absent", title: measured && `${measure} ${measured}` },
    place ? t("knowledge.rank", { name, place }) : t("knowledge.noRank", { name }),
    measured !== "" && h("span", { class: "rank-score" }, measured));
}
