// @ts-check
import { messageOf, searchFiles } from "../api.js";
import { fill, h } from "../dom.js";
import { ownerOf } from "../knowledge/places.js";
import { t } from "../strings.js";
import { failure } from "./failure.js";
import { openSource } from "./source-panel.js";

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
      fill(results, ...shown(reply));
    } catch (error) {
      fill(results, failure(messageOf(error)));
    }
  }
  return h("section", { class: "stack retrieval-test", "aria-labelledby": "test-title" },
    h("h2", { id: "test-title" }, t("knowledge.test")), h("p", { class: "quiet" }, t("knowledge.testBody")), form, results);
}

/** @param {import("../types.js").SearchReply} reply */
function shown({ passages, compared_meaning: comparedMeaning }) {
  const note = comparedMeaning === false && h("p", { class: "quiet" }, t("notice.noEmbedding"));
  if (passages.length === 0) return [note, h("p", {}, t("knowledge.foundNothing"))].filter((node) => node !== false);
  return [note, h("ol", { class: "found" }, passages.map(foundItem))].filter((node) => node !== false);
}

/** @param {FoundPassage} passage */
function foundItem(passage) {
  const { source, page, text, headings = [], text_rank: textRank, vector_rank: vectorRank } = passage;
  const open = (/** @type {MouseEvent} */ event) => openSource({
    fileId: passage.file_id, name: source, page: page ?? null, start: passage.start, end: passage.end, quote: text,
    textRank: textRank ?? null, vectorRank: vectorRank ?? null,
  }, /** @type {HTMLElement} */ (event.currentTarget));
  return h("li", {},
    h("div", { class: "found-head" },
      h("button", { type: "button", class: "link-button", on: { click: open } }, source),
      page ? h("span", { class: "quiet" }, t("source.page", { page })) : null,
      rank(t("knowledge.byWords"), textRank), rank(t("knowledge.byMeaning"), vectorRank)),
    headings.length > 0 ? h("p", { class: "quiet" }, headings.join(" › ")) : null,
    h("p", { class: "found-text" }, text));
}

/**
 * @param {string} name
 * @param {number | null | undefined} place
 */
const rank = (name, place) => h("span", { class: place ? "rank" : "rank absent" },
  place ? t("knowledge.rank", { name, place }) : t("knowledge.noRank", { name }));
