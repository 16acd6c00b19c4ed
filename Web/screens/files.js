// @ts-check
import { addPage, getAssistant, getCollection, getThread, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { chosenFiles, droppedFiles } from "../knowledge/dropped-files.js";
import { FileWatch } from "../knowledge/file-watch.js";
import { ownerOf, placeOf } from "../knowledge/places.js";
import { Uploads } from "../knowledge/uploads.js";
import { askText } from "../parts/dialog.js";
import { FileTable } from "../parts/file-table.js";
import { icon } from "../parts/icon.js";
import { retrievalTest } from "../parts/retrieval-test.js";
import { toast } from "../parts/toast.js";
import { uploadRows } from "../parts/upload-rows.js";
import { t } from "../strings.js";
import { notFoundScreen } from "./not-found.js";

/** @typedef {import("../knowledge/places.js").Place} Place */

/**
 * The files of one place: what becomes of each, what can be done with it, and what a search finds in them.
 * @param {{kind?: string, id?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function filesScreen({ kind = "", id = "" }) {
  const place = placeOf(kind, id);
  if (!place) return notFoundScreen();
  const heading = h("h1", {}, t(`knowledge.filesOf.${place.kind}`));
  const uploads = new Uploads(ownerOf(place));
  const table = new FileTable(place);
  const watch = new FileWatch(place);
  watch.addEventListener("file", (event) => table.update(/** @type {CustomEvent} */ (event).detail));
  watch.addEventListener("deleted", (event) => table.drop(/** @type {CustomEvent} */ (event).detail));
  watch.addEventListener("gap", () => table.refresh());
  uploads.addEventListener("taken", (event) => taken(/** @type {CustomEvent} */ (event).detail, table));
  const node = h("div", { class: "page knowledge" },
    h("p", {}, h("a", { href: "#/knowledge" }, `‹ ${t("knowledge.title")}`)),
    h("header", { class: "page-head" }, heading),
    dropArea(uploads, place, table), uploadRows(uploads), table.node, retrievalTest(place));
  table.refresh();
  nameOf(place).then((name) => {
    heading.textContent = name;
  }).catch((error) => fill(heading, messageOf(error)));
  return { node, title: t("knowledge.title"), dispose: () => watch.stop() };
}

/** @param {Place} place @returns {Promise<string>} */
async function nameOf({ kind, id }) {
  if (kind === "assistant") return (await getAssistant(id)).name;
  if (kind === "thread") return (await getThread(id)).name || t("rail.untitled");
  return (await getCollection(id)).name;
}

/**
 * @param {{outcome: string, file: import("../types.js").StoredFile}} taken
 * @param {FileTable} table
 */
function taken({ outcome, file }, table) {
  table.update(file);
  if (outcome === "known") toast(t("knowledge.known", { name: file.name }));
}

/**
 * @param {Uploads} uploads
 * @param {Place} place
 * @param {FileTable} table
 */
function dropArea(uploads, place, table) {
  const zone = h("div", { class: "drop-zone" }, icon("file"),
    h("p", {}, `${t("knowledge.drop")} `, pick(t("files.choose"), {}, uploads), ` ${t("knowledge.or")} `,
      pick(t("knowledge.chooseFolder"), { webkitdirectory: true }, uploads), ` ${t("knowledge.or")} `,
      h("button", { type: "button", class: "link-button", on: { click: () => addAddress(place, table) } },
        t("knowledge.addPage"))));
  zone.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("drop-target");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("drop-target"));
  zone.addEventListener("drop", async (event) => {
    zone.classList.remove("drop-target");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    uploads.add(await droppedFiles(event.dataTransfer));
  });
  return zone;
}

/**
 * @param {string} label
 * @param {Record<string, boolean>} kind
 * @param {Uploads} uploads
 */
function pick(label, kind, uploads) {
  const input = h("input", { type: "file", multiple: true, hidden: true, ...kind });
  input.addEventListener("change", () => {
    uploads.add(chosenFiles(input.files));
    input.value = "";
  });
  const button = h("button", { type: "button", class: "link-button", on: { click: () => input.click() } }, label);
  return h("span", {}, button, input);
}

/**
 * @param {Place} place
 * @param {FileTable} table
 */
async function addAddress(place, table) {
  const url = await askText({
    title: t("knowledge.addPage"), label: t("knowledge.address"), value: "https://", action: t("knowledge.fetch"),
  });
  if (!url) return;
  try {
    table.update(await addPage(url, ownerOf(place)));
  } catch (error) {
    toast(messageOf(error), { failure: true });
  }
}
