// @ts-check
import { getFileText, listChunks, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { actionButton, failure } from "./failure.js";

/** @typedef {import("../types.js").StoredFile} StoredFile */

/** Unicode scalars of one step through a text, and chunks of one page. */
const stepScalars = 20_000;
const pageRows = 50;

/**
 * Shows what was read out of a file, as its text or as the passages it was cut into.
 * @param {StoredFile} file
 */
export function showFile(file) {
  const body = h("div", { class: "preview-body", tabindex: "0" });
  const views = /** @type {const} */ (["text", "passages"]);
  const tabs = h("div", { class: "filters", role: "group", "aria-label": t("knowledge.preview") });
  const choose = (/** @type {typeof views[number]} */ view) => {
    fill(tabs, views.map((name) => h("button", {
      type: "button", class: "button small", "aria-pressed": String(name === view), on: { click: () => choose(name) },
    }, t(`knowledge.view.${name}`))));
    fill(body);
    if (view === "text") addText(body, file, 0);
    else addChunks(body, file, 0);
  };
  choose("text");
  return showDialog(file.name, (close) => [tabs, body,
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)))]).then(() => {});
}

/**
 * @param {HTMLElement} body
 * @param {StoredFile} file
 * @param {number} from
 */
async function addText(body, file, from) {
  await addTo(body, async () => {
    const part = await getFileText(file.file_id, from, from + stepScalars);
    const pages = new Map((part.pages ?? []).map(({ start, page }) => [start, page]));
    const cuts = [...new Set([part.from, ...[...pages.keys()].filter((cut) => cut > part.from && cut < part.to), part.to])];
    const scalars = Array.from(part.text);
    const pieces = cuts.sort((left, right) => left - right).slice(0, -1).flatMap((start, place) => {
      const page = pages.get(start);
      const text = scalars.slice(start - part.from, (cuts[place + 1] ?? part.to) - part.from).join("");
      return [page === undefined ? null : h("span", { class: "page-mark" }, t("source.page", { page })), text];
    });
    return {
      nodes: [h("div", { class: "source-text" }, pieces)],
      next: part.to < part.length ? () => addText(body, file, part.to) : null,
    };
  });
}

/**
 * @param {HTMLElement} body
 * @param {StoredFile} file
 * @param {number} offset
 */
async function addChunks(body, file, offset) {
  await addTo(body, async () => {
    const chunks = await listChunks(file.file_id, { limit: pageRows + 1, offset });
    return {
      nodes: [h("ol", { class: "chunks", start: offset + 1 }, chunks.slice(0, pageRows).map(chunkItem))],
      next: chunks.length > pageRows ? () => addChunks(body, file, offset + pageRows) : null,
    };
  });
}

/** @param {import("../types.js").FileChunk} chunk */
function chunkItem({ text, page, headings, has_vector: hasVector }) {
  const facts = [headings.join(" › "), page ? t("source.page", { page }) : "", hasVector ? "" : t("knowledge.noVector")];
  return h("li", {}, h("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")), h("div", { class: "source-text" }, text));
}

/**
 * Adds what a step brings, with a button for the next one.
 * @param {HTMLElement} body
 * @param {() => Promise<{nodes: Node[], next: (() => Promise<void>) | null}>} step
 */
async function addTo(body, step) {
  body.querySelector(".preview-more")?.remove();
  const waiting = h("p", { class: "quiet" }, t("knowledge.loading"));
  body.append(waiting);
  try {
    const { nodes, next } = await step();
    if (!waiting.isConnected) return;
    waiting.replaceWith(...nodes);
    if (next) {
      const more = actionButton(t("knowledge.more"), next, "small");
      more.classList.add("preview-more");
      body.append(more);
    }
  } catch (error) {
    if (waiting.isConnected) waiting.replaceWith(failure(messageOf(error)));
  }
}
