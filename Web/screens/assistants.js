// @ts-check
import { listPublicAssistants } from "../api.js";
import { copyAssistant, openAssistantFile, removeAssistant, saveAssistantFile } from "../assistant-actions.js";
import { modelOf, toolsOf, typeOf } from "../assistant.js";
import { fill, h } from "../dom.js";
import { identity } from "../identity.js";
import { library } from "../library.js";
import { assistantPath, editPath, navigate } from "../navigation.js";
import { actionButton, failure } from "../parts/failure.js";
import { chooseFiles } from "../parts/file-chooser.js";
import { icon } from "../parts/icon.js";
import { menuButton } from "../parts/menu.js";
import { templateCards } from "../parts/template-cards.js";
import { preferences } from "../preferences.js";
import { t } from "../strings.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/** The assistants there are: one's own, and the public ones of others. @returns {import("../types.js").Screen} */
export function assistantsScreen() {
  const mine = h("section", { class: "gallery", "aria-labelledby": "mine-title" });
  const given = h("section", { class: "gallery", "aria-labelledby": "given-title" });
  const shared = h("section", { class: "gallery", "aria-labelledby": "public-title", hidden: true });
  const node = h("div", { class: "page" },
    h("header", { class: "page-head" }, h("h1", {}, t("gallery.title")),
      identity.mayMake && h("div", { class: "actions" },
        actionButton(t("capsule.import"), () => chooseFiles(([file]) => file && openAssistantFile(file))),
        h("a", { class: "button primary", href: "#/assistants/new" }, icon("plus"), t("gallery.new")))),
    mine, given, shared);
  const show = () => {
    showMine(mine);
    showGiven(given);
  };
  library.addEventListener("change", show);
  preferences.addEventListener("change", show);
  show();
  showPublic(shared);
  const dispose = () => {
    library.removeEventListener("change", show);
    preferences.removeEventListener("change", show);
  };
  return { node, title: t("gallery.title"), dispose };
}

/** @param {HTMLElement} section */
function showMine(section) {
  section.hidden = !identity.mayMake && library.state === "ready" && library.assistants.length === 0;
  const heading = h("h2", { id: "mine-title" }, t("gallery.mine"));
  if (library.state === "loading") return fill(section, heading, h("p", { class: "quiet" }, t("rail.loading")));
  if (library.state === "failed") {
    return fill(section, heading, failure(t("error.offline"), actionButton(t("action.tryAgain"), () => library.refresh())));
  }
  if (library.assistants.length === 0) {
    return fill(section, heading, h("p", { class: "quiet" }, t("gallery.noneMine")),
      templateCards((assistant) => navigate(editPath(assistant.assistant_id))));
  }
  fill(section, heading, h("ul", { class: "cards" }, library.assistants.map(ownCard)));
}

/**
 * Those that others share with this person.
 * @param {HTMLElement} section
 */
function showGiven(section) {
  section.hidden = library.shared.length === 0;
  fill(section, h("h2", { id: "given-title" }, t("share.shared")), h("ul", { class: "cards" }, library.shared.map(givenCard)));
}

/** @param {HTMLElement} section @returns {Promise<void>} */
async function showPublic(section) {
  const all = await listPublicAssistants().catch(() => null);
  if (!all) {
    section.hidden = false;
    return fill(section, failure(t("gallery.publicFailed"), actionButton(t("action.tryAgain"), () => showPublic(section))));
  }
  const others = all.filter(({ assistant_id: id }) => !library.assistant(id));
  section.hidden = others.length === 0 && identity.mayMake;
  if (others.length === 0) return fill(section, h("p", { class: "quiet" }, t("viewer.body")));
  fill(section, h("h2", { id: "public-title" }, t("gallery.public")), h("p", { class: "quiet" }, t("gallery.publicBody")),
    h("ul", { class: "cards" }, others.map(sharedCard)));
}

/** @param {Assistant} assistant */
function ownCard(assistant) {
  const { assistant_id: id, name } = assistant;
  return card(assistant, menuButton(t("action.more", { name }), [
    { label: t("action.edit"), icon: "pencil", run: () => navigate(editPath(id)) },
    { label: t(preferences.pinned.includes(id) ? "action.unpin" : "action.pin"), icon: "pin", run: () => preferences.togglePin(id) },
    { label: t("gallery.copyTo"), icon: "copy", run: () => copyAssistant(assistant) },
    { label: t("capsule.export"), icon: "download", run: () => saveAssistantFile(assistant) },
    { label: t("action.delete"), icon: "trash", danger: true, run: () => removeAssistant(assistant) },
  ]));
}

/** @param {Assistant & {access: "use" | "edit"}} assistant */
function givenCard(assistant) {
  const mayEdit = assistant.access === "edit";
  return card(assistant, menuButton(t("action.more", { name: assistant.name }), [
    { label: t(mayEdit ? "action.edit" : "gallery.view"), icon: mayEdit ? "pencil" : "book", run: () => navigate(editPath(assistant.assistant_id)) },
    ...copying(assistant),
  ]));
}

/** @param {Assistant} assistant */
function sharedCard(assistant) {
  return card(assistant, menuButton(t("action.more", { name: assistant.name }), [
    { label: t("gallery.view"), icon: "book", run: () => navigate(editPath(assistant.assistant_id)) },
    ...copying(assistant),
  ]));
}

/** @param {Assistant} assistant @returns {import("../parts/menu.js").MenuItem[]} */
const copying = (assistant) => (identity.mayMake
  ? [{ label: t("gallery.copyTo"), icon: "copy", run: () => copyAssistant(assistant) }] : []);

/**
 * @param {Assistant} assistant
 * @param {HTMLElement} menu
 */
function card(assistant, menu) {
  const type = typeOf(assistant);
  const drawing = type === "chat_retrieval" ? "book" : type === "chatbot" ? "chat" : "tool";
  const tools = toolsOf(assistant).map(({ name, type: kind }) => name ?? kind).join(", ");
  return h("li", { class: "card" },
    h("span", { class: "card-icon" }, icon(drawing)),
    h("div", { class: "card-body" },
      h("h3", {}, h("a", { href: `#${assistantPath(assistant.assistant_id)}`, class: "card-link" }, assistant.name)),
      h("p", { class: "quiet" }, [modelOf(assistant), tools].filter(Boolean).join(" · ")),
      assistant.public && h("p", { class: "badge" }, icon("globe"), t("gallery.publicMark"))),
    menu);
}
