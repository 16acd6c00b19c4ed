// @ts-check
import { ApiError, fileContentAddress, getFileText, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { actionButton, failure } from "./failure.js";
import { icon } from "./icon.js";
import { openPanel } from "./side-panel.js";

/** @typedef {import("../types.js").Passage} Passage */

/** How much is shown before and after a passage, and how much more a click adds. */
const surroundingScalars = 1500;

/**
 * Opens the source of a passage in the pane beside, lit in its surroundings.
 * @param {Passage} passage
 * @param {HTMLElement} from gets the focus back
 */
export function openSource(passage, from) {
  const { fileId, name, page } = passage;
  const body = h("div", {});
  openPanel({
    title: name || t("source.title"), note: page === null ? "" : t("source.page", { page }), body,
    tools: fileId === null ? [] : [h("a", { class: "button small", href: fileContentAddress(fileId), download: name },
      icon("download"), t("source.download"))],
  }, from);
  showSurroundings(passage, body);
}

/**
 * @param {Passage} passage
 * @param {HTMLElement} body
 * @param {{before: number, after: number}} [reach]
 */
async function showSurroundings(passage, body, reach = { before: surroundingScalars, after: surroundingScalars }) {
  const { fileId, start, end } = passage;
  if (fileId === null || start === null || end === null) return fill(body, quoteOnly(passage));
  if (!body.firstChild) fill(body, h("p", { class: "quiet" }, t("source.loading")));
  try {
    const text = await getFileText(fileId, Math.max(0, start - reach.before), end + reach.after);
    if (passage.hash && text.hash && passage.hash !== text.hash) {
      return fill(body, h("p", { class: "quiet" }, t("source.changed")), quoteOnly(passage));
    }
    fill(body, ...litText(text, start, end, passage, (more) => showSurroundings(passage, body, {
      before: reach.before + more.before, after: reach.after + more.after,
    })));
    body.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (error) {
    fill(body, ...missing(error, passage, () => showSurroundings(passage, body, reach)));
  }
}

/** @param {Passage} passage */
const quoteOnly = (passage) => h("div", { class: "source-text" }, h("mark", {}, passage.quote));

/**
 * @param {unknown} error
 * @param {Passage} passage
 * @param {() => void} again
 */
function missing(error, passage, again) {
  const gone = error instanceof ApiError && error.status === 404;
  const note = gone
    ? h("p", { class: "quiet" }, t("source.gone"))
    : failure(`${t("source.failed")} ${messageOf(error)}`, actionButton(t("action.tryAgain"), again));
  return [note, quoteOnly(passage)];
}

/**
 * @param {import("../types.js").FileText} part
 * @param {number} start
 * @param {number} end
 * @param {Passage} passage
 * @param {(more: {before: number, after: number}) => void} extend
 */
function litText(part, start, end, passage, extend) {
  const scalars = Array.from(part.text);
  const pieces = piecesOf(part, start, end);
  const nodes = pieces.map(({ from, to, lit, page }) => {
    const text = scalars.slice(from - part.from, to - part.from).join("");
    const label = page === null ? null : h("span", { class: "page-mark" }, t("source.page", { page }));
    return [label, lit ? h("mark", { title: t("source.passage") }, text) : text];
  });
  const text = h("div", { class: "source-text" }, nodes.flat());
  return [
    part.from > 0 && actionButton(t("source.earlier"), () => extend({ before: surroundingScalars * 2, after: 0 }), "small"),
    text.querySelector("mark") ? text : quoteOnly(passage),
    part.to < part.length
      && actionButton(t("source.later"), () => extend({ before: 0, after: surroundingScalars * 2 }), "small"),
  ];
}

/**
 * Cuts the shown range at the passage's ends and where pages begin.
 * @param {import("../types.js").FileText} part
 * @param {number} start
 * @param {number} end
 */
function piecesOf(part, start, end) {
  const pageStarts = new Map((part.pages ?? []).map((page) => [page.start, page.page]));
  const inside = [start, end, ...pageStarts.keys()].filter((cut) => cut > part.from && cut < part.to);
  const cuts = [...new Set([part.from, ...inside, part.to])].sort((left, right) => left - right);
  return cuts.slice(0, -1).map((from, place) => ({
    from, to: cuts[place + 1] ?? part.to, lit: from >= start && from < end, page: pageStarts.get(from) ?? null,
  }));
}
