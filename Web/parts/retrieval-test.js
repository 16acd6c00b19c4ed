// @ts-check
import { messageOf, searchFiles } from "../api.js";
import { fill, h } from "../dom.js";
import { ownerOf } from "../knowledge/places.js";
import { t } from "../strings.js";
import { passage } from "../text/passages.js";
import { failure } from "./failure.js";
import { foundItem } from "./found-item.js";
import { leftOut } from "./left-out.js";

/** @typedef {import("../types.js").FoundPassage} FoundPassage */

/**
 * A search as an assistant makes it: what it would be given, and each passage's place in both rankings.
 * @param {import("../knowledge/places.js").Place} place
 */
export function retrievalTest(place) {
  const field = h("input", { type: "search", id: "retrieval-question", placeholder: t("knowledge.testPlaceholder") });
  const results = h("div", { class: "stack", role: "status" });
  const form = h("form", { class: "retrieval-form", on: { submit: search } },
    h("label", { class: "visually-hidden", for: "retrieval-question" }, t("knowledge.test")), field,
    h("button", { type: "submit", class: "button" }, t("knowledge.find")));

  /** @param {Event} event */
  async function search(event) {
    event.preventDefault();
    const query = field.value.trim();
    if (query === "") return;
    fill(results, h("p", { class: "quiet" }, t("knowledge.searching")));
    try {
      const reply = await searchFiles(query, ownerOf(place));
      fill(results, shown(reply));
    } catch (error) {
      fill(results, failure(messageOf(error)));
    }
  }
  return h("section", { class: "stack retrieval-test", "aria-labelledby": "test-title" },
    h("h2", { id: "test-title" }, t("knowledge.test")), h("p", { class: "quiet" }, t("knowledge.testBody")), form, results);
}

/** @param {import("../types.js").SearchReply} reply */
function shown({ passages, candidates = [], compared_meaning: comparedMeaning }) {
  const note = comparedMeaning === false && h("p", { class: "quiet" }, t("notice.noEmbedding"));
  if (passages.length === 0) return [note, h("p", {}, t("knowledge.foundNothing"))];
  const rest = leftOut(candidates);
  return [note, h("ol", { class: "found" }, passages.map((found) => h("li", {}, foundItem(passage(found), headings(found))))),
    rest && h("details", { class: "fold-away" }, h("summary", {}, t("why.leftOut")), rest)];
}

/** @param {FoundPassage} passage */
const headings = ({ headings: path = [] }) => path.length > 0 && h("p", { class: "quiet" }, path.join(" › "));
