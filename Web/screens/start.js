// @ts-check
import { createThread, getAssistant, listAssistantFiles, messageOf } from "../api.js";
import { modelOf, readsFiles, startersOf, typeName, typeOf } from "../assistant.js";
import { fill, h } from "../dom.js";
import { identity } from "../identity.js";
import { library } from "../library.js";
import { assistantPath, editPath, navigate, threadPath } from "../navigation.js";
import { Composer } from "../parts/composer.js";
import { emptyState } from "../parts/empty-state.js";
import { actionButton, failure } from "../parts/failure.js";
import { acceptDrops } from "../parts/file-chooser.js";
import { limitsNotice } from "../parts/notices.js";
import { templateCards } from "../parts/template-cards.js";
import { toast } from "../parts/toast.js";
import { UploadQueue } from "../parts/upload-queue.js";
import { t, tn } from "../strings.js";
import { sessionOf } from "../chat/sessions.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/** A chat's name is its first words, at most this long. */
const longestNameCharacters = 80;

/**
 * Where a chat begins: with the assistant the address names, else with the one spoken with last.
 * @param {{id?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function startScreen({ id }) {
  const node = h("div", { class: "start" });
  const limits = limitsNotice();
  let shown = "";
  const show = async () => {
    if (library.state === "loading") return fill(node, h("p", { class: "quiet" }, t("rail.loading")));
    if (library.state === "failed") return fill(node, unreachable());
    const assistant = id ? library.assistant(id) ?? await sharedAssistant(id) : library.favourite();
    const key = assistant?.assistant_id ?? "none";
    if (key === shown) return;
    shown = key;
    if (assistant) beginWith(node, assistant, limits.node);
    else if (id) fill(node, assistantGone());
    else fill(node, identity.mayMake ? firstRun() : nothingShared());
  };
  library.addEventListener("change", show);
  show();
  return {
    node, title: t("rail.newChat"),
    focus: () => focusComposer(node),
    dispose: () => {
      library.removeEventListener("change", show);
      limits.dispose();
    },
  };
}

/** @param {HTMLElement} node */
function focusComposer(node) {
  if (matchMedia("(pointer: fine)").matches) node.querySelector("textarea")?.focus();
}

/** @param {string} id @returns {Promise<Assistant | null>} */
const sharedAssistant = (id) => getAssistant(id).catch(() => null);

const unreachable = () => failure(t("error.offline"), actionButton(t("action.tryAgain"), () => library.refresh()));

const assistantGone = () => emptyState(t("lost.title"), t("lost.body"),
  h("a", { class: "button primary", href: "#/assistants" }, t("rail.assistants")));

/** For who makes none: what they can do instead. */
const nothingShared = () => emptyState(t("viewer.title"), t("viewer.body"),
  h("a", { class: "button primary", href: "#/assistants" }, t("viewer.public")));

function firstRun() {
  return h("div", { class: "first-run" },
    h("h1", { tabindex: "-1" }, t("first.title")), h("p", { class: "lead" }, t("first.body")),
    templateCards((assistant) => navigate(nextStep(assistant))),
    h("p", {}, h("a", { href: "#/assistants/new" }, t("first.own"))));
}

/**
 * One that reads files gets some first; the others can be talked to at once.
 * @param {Assistant} assistant
 */
function nextStep(assistant) {
  return typeOf(assistant) === "chat_retrieval" ? editPath(assistant.assistant_id) : assistantPath(assistant.assistant_id);
}

/**
 * @param {HTMLElement} node
 * @param {Assistant} assistant
 * @param {HTMLElement} limits
 */
function beginWith(node, assistant, limits) {
  const files = new UploadQueue();
  /** @type {Composer} */
  const composer = new Composer({
    draftKey: "start", files, onSend: (said) => begin(assistant, said, files, composer),
  });
  composer.address(assistant);
  const middle = h("div", { class: "start-middle" },
    h("h1", { tabindex: "-1" }, t("start.title")), assistantPicker(assistant), composer.node,
    starterList(assistant, (text) => begin(assistant, { text, pictures: [] }, files, composer)), limits);
  acceptDrops(middle, (dropped) => composer.take(dropped));
  fill(node, middle);
  focusComposer(node);
}

/**
 * @param {Assistant} assistant
 * @param {(text: string) => void} onChosen
 */
function starterList(assistant, onChosen) {
  const starters = startersOf(assistant);
  return starters.length > 0 && h("ul", { class: "starters", "aria-label": t("form.starters") }, starters.map((text) =>
    h("li", {}, h("button", { type: "button", class: "button", on: { click: () => onChosen(text) } }, text))));
}

/** @param {Assistant} assistant */
function assistantPicker(assistant) {
  const own = library.assistants.some(({ assistant_id: id }) => id === assistant.assistant_id);
  const options = own ? library.assistants : [assistant, ...library.assistants];
  const select = h("select", {
    id: "start-assistant", on: { change: () => navigate(assistantPath(select.value)) },
  }, options.map(({ assistant_id: value, name }) =>
    h("option", { value, selected: value === assistant.assistant_id }, name)));
  const facts = h("p", { class: "quiet start-facts" }, factsOf(assistant));
  addFileCount(facts, assistant);
  return h("div", { class: "start-assistant" },
    h("label", { for: "start-assistant", class: "visually-hidden" }, t("start.with")), select,
    facts, h("a", { class: "quiet", href: `#${editPath(assistant.assistant_id)}` },
      library.mayEdit(assistant.assistant_id) ? t("action.edit") : t("gallery.view")));
}

/** @param {Assistant} assistant */
function factsOf(assistant) {
  const type = typeOf(assistant);
  return [typeName(type), modelOf(assistant)].filter(Boolean).join(" · ");
}

/**
 * @param {HTMLElement} facts
 * @param {Assistant} assistant
 */
async function addFileCount(facts, assistant) {
  if (!readsFiles(assistant)) return;
  const files = await listAssistantFiles(assistant.assistant_id).catch(() => []);
  if (files.length > 0) facts.append(` · ${tn("start.files", files.length)}`);
}

/**
 * Makes the thread, gives it its files, and says the first message.
 * @param {Assistant} assistant
 * @param {import("../types.js").Said} said
 * @param {UploadQueue} files
 * @param {Composer} composer
 */
async function begin(assistant, said, files, composer) {
  try {
    const thread = await createThread({ assistant_id: assistant.assistant_id, name: nameFrom(said.text) || t("picture.name") });
    library.keepThread(thread);
    if (files.count > 0 && !(await files.sendTo({ thread_id: thread.thread_id }))) {
      toast(t("files.someFailed"), { failure: true });
      navigate(threadPath(thread.thread_id));
      return composer.restore(said);
    }
    const session = sessionOf(thread.thread_id);
    session.beginEmpty();
    session.send(said, typeOf(assistant));
    navigate(threadPath(thread.thread_id));
  } catch (error) {
    composer.restore(said);
    toast(messageOf(error), { failure: true });
  }
}

/** @param {string} text */
function nameFrom(text) {
  const line = text.split("\n")[0]?.trim() ?? "";
  const scalars = Array.from(line || text.trim());
  return scalars.length <= longestNameCharacters ? scalars.join("") : `${scalars.slice(0, longestNameCharacters - 1).join("")}…`;
}
