// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { citedPassage } from "../text/passages.js";
import { quotationsOf, worstState } from "./proof.js";
import { openSource } from "./source-panel.js";

/** @typedef {import("../types.js").Citation & {state?: import("../types.js").Quotation["state"]}} Citation */
/** @typedef {import("../types.js").Quotation} Quotation */

/**
 * The citations an answer carries. One whose quotation was found leads to its very words, and one knows what was
 * found of the words it vouches for.
 * @param {import("../types.js").Message} message
 * @returns {Citation[]}
 */
export function citationsOf(message) {
  const citations = message.additional_kwargs?.citations;
  if (!Array.isArray(citations)) return [];
  const quotations = quotationsOf(message);
  return citations.map((citation) => {
    const own = quotations.filter(({ number }) => number === citation.number);
    const place = own.find((quotation) => quotation.place)?.place;
    return { ...citation, ...(place ?? {}), state: worstState(own) };
  });
}

/**
 * Turns `[1]` in a text into the chip that opens source 1.
 * @param {Citation[]} citations
 * @returns {import("../text/markdown.js").Marks}
 */
export function citationMarks(citations) {
  const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
  return (number) => {
    const citation = byNumber.get(number);
    return citation ? chip(citation, String(number)) : null;
  };
}

/**
 * The sources of an answer, below it.
 * @param {Citation[]} citations
 */
export function sourceList(citations) {
  const items = citations.map((citation) => h("li", {}, h("button", {
    type: "button", class: "source-link", on: { click: opens(citation) },
  }, h("span", { class: "source-number" }, String(citation.number)), h("span", { class: "source-name" }, citation.source),
  typeof citation.page === "number" && h("span", { class: "quiet" }, t("source.page", { page: citation.page })))));
  return h("div", { class: "sources" }, h("h4", {}, t("source.sources")), h("ol", {}, items));
}

/**
 * @param {Citation} citation
 * @param {string} text
 */
function chip(citation, text) {
  const { number, source: name, page, state } = citation;
  const label = typeof page === "number"
    ? t("source.chipPage", { number, name, page })
    : t("source.chip", { number, name });
  const told = state ? `${label}. ${t(`proof.${state}`)}` : label;
  return h("button", {
    type: "button", class: "citation", "aria-label": told, title: told, data: state ? { state } : {}, on: { click: opens(citation) },
  }, text);
}

/** @param {Citation} citation */
function opens(citation) {
  return (/** @type {MouseEvent} */ event) =>
    openSource(citedPassage(citation), /** @type {HTMLElement} */ (event.currentTarget));
}
