// @ts-check
import { createCollection, deleteCollection, getFileUsage, listCollections, messageOf, updateCollection } from "../api.js";
import { fill, h } from "../dom.js";
import { readableSize } from "../format.js";
import { placePath } from "../knowledge/places.js";
import { identity } from "../identity.js";
import { library } from "../library.js";
import { navigate } from "../navigation.js";
import { askText, confirmDanger } from "../parts/dialog.js";
import { actionButton, failure } from "../parts/failure.js";
import { icon } from "../parts/icon.js";
import { menuButton } from "../parts/menu.js";
import { toast } from "../parts/toast.js";
import { t, tn } from "../strings.js";

/** @typedef {import("../types.js").FileCollection} FileCollection */

/**
 * All places that hold files: collections, and the assistants with files of their own.
 * @returns {import("../types.js").Screen}
 */
export function knowledgeScreen() {
  const collections = h("section", { class: "gallery", "aria-labelledby": "collections-title" });
  const assistants = h("section", { class: "gallery", "aria-labelledby": "assistants-title" });
  const usage = h("p", { class: "quiet" });
  const node = h("div", { class: "page" },
    h("header", { class: "page-head" }, h("h1", {}, t("knowledge.title")),
      identity.mayMake && h("button", { type: "button", class: "button primary", on: { click: make } }, icon("plus"), t("knowledge.newCollection"))),
    h("div", { class: "page-lead" }, h("p", { class: "quiet" }, t("knowledge.body")), usage), collections, assistants);
  const showAssistants = () => fill(assistants, h("h2", { id: "assistants-title" }, t("knowledge.ofAssistants")),
    library.assistants.length === 0
      ? h("p", { class: "quiet" }, t("gallery.noneMine"))
      : h("ul", { class: "cards" }, library.assistants.map(({ assistant_id: id, name }) =>
        card({ kind: "assistant", id }, name, t("knowledge.ofAssistant"), "assistants"))));
  library.addEventListener("change", showAssistants);
  showAssistants();
  showCollections(collections);
  showUsage(usage);
  return { node, title: t("knowledge.title"), dispose: () => library.removeEventListener("change", showAssistants) };
}

/** @param {HTMLElement} node */
async function showUsage(node) {
  const usage = await getFileUsage().catch(() => null);
  if (!usage) return;
  node.textContent = usage.limit_bytes === null
    ? t("knowledge.used", { used: readableSize(usage.used_bytes) })
    : t("knowledge.usedOf", { used: readableSize(usage.used_bytes), limit: readableSize(usage.limit_bytes) });
}

/** @param {HTMLElement} section @returns {Promise<void>} */
async function showCollections(section) {
  const heading = h("h2", { id: "collections-title" }, t("knowledge.collections"));
  try {
    const collections = await listCollections();
    const again = () => showCollections(section);
    fill(section, heading, collections.length === 0
      ? h("p", { class: "quiet" }, t("knowledge.noCollections"))
      : h("ul", { class: "cards" }, collections.map((collection) => collectionCard(collection, again))));
  } catch (error) {
    fill(section, heading, failure(`${t("knowledge.collectionsFailed")} ${messageOf(error)}`,
      actionButton(t("action.tryAgain"), () => showCollections(section))));
  }
}

/**
 * @param {FileCollection} collection
 * @param {() => void} again
 */
function collectionCard(collection, again) {
  const { collection_id: id, name, file_count: files, assistant_count: users } = collection;
  const facts = [tn("start.files", files), readableSize(collection.size_bytes), users > 0 && tn("knowledge.usedBy", users)];
  return card({ kind: "collection", id }, name, facts.filter(Boolean).join(" · "), "book",
    menuButton(t("action.more", { name }), [
      { label: t("action.rename"), icon: "pencil", run: () => rename(collection, again) },
      { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(collection, again) },
    ]));
}

/**
 * @param {import("../knowledge/places.js").Place} place
 * @param {string} name
 * @param {string} body
 * @param {import("../parts/icon.js").IconName} drawing
 * @param {HTMLElement} [menu]
 */
function card(place, name, body, drawing, menu) {
  return h("li", { class: "card" },
    h("span", { class: "card-icon" }, icon(drawing)),
    h("div", { class: "card-body" },
      h("h3", {}, h("a", { href: `#${placePath(place)}`, class: "card-link" }, name)), h("p", { class: "quiet" }, body)),
    menu);
}

async function make() {
  const name = await askText({
    title: t("knowledge.newCollection"), label: t("form.name"), value: "", action: t("knowledge.makeCollection"),
  });
  if (!name) return;
  try {
    const { collection_id: id } = await createCollection({ name, description: "" });
    navigate(placePath({ kind: "collection", id }));
  } catch (error) {
    toast(messageOf(error), { failure: true });
  }
}

/**
 * @param {FileCollection} collection
 * @param {() => void} again
 */
async function rename({ collection_id: id, name, description }, again) {
  const wanted = await askText({
    title: t("knowledge.rename"), label: t("form.name"), value: name, action: t("action.rename"),
  });
  if (!wanted) return;
  await updateCollection(id, { name: wanted, description }).catch((error) => toast(messageOf(error), { failure: true }));
  again();
}

/**
 * @param {FileCollection} collection
 * @param {() => void} again
 */
async function remove({ collection_id: id, name, file_count: files, assistant_count: users }, again) {
  const what = [tn("knowledge.delete.files", files), users > 0 ? tn("knowledge.delete.users", users) : ""];
  const sure = await confirmDanger({
    title: t("knowledge.delete.title"), body: [t("knowledge.delete.body", { name }), ...what].filter(Boolean).join(" "),
    action: t("action.delete"),
  });
  if (!sure) return;
  try {
    await deleteCollection(id);
    toast(t("knowledge.deleted"));
  } catch (error) {
    toast(messageOf(error), { failure: true });
  }
  again();
}
