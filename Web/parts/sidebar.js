// @ts-check
import { deleteThread, messageOf, updateThread } from "../api.js";
import { fill, h } from "../dom.js";
import { library } from "../library.js";
import { assistantPath, currentPath, navigate, threadPath } from "../navigation.js";
import { preferences } from "../preferences.js";
import { t, tn } from "../strings.js";
import { activity, forgetSession, isAnswering } from "../chat/sessions.js";
import { askText, confirmDanger } from "./dialog.js";
import { actionButton } from "./failure.js";
import { groupByDate } from "./group-by-date.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";
import { menuButton } from "./menu.js";
import { showShortcuts } from "./shortcuts.js";
import { statusButton } from "./status-button.js";
import { themeSwitch } from "./theme-switch.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").Thread} Thread */

/** From this many chats on there is a field to find one by its name. */
const manyChats = 12;
/** So many are shown at once; a button shows as many again. */
const pageOfChats = 100;

/** The rail on the left: new chat, assistants, chats by date. */
export function sidebar() {
  const chats = h("div", { class: "rail-chats" });
  const finder = h("input", {
    type: "search", class: "rail-find", placeholder: t("rail.find"), "aria-label": t("rail.find"), on: { input: () => show() },
  });
  let most = pageOfChats;
  const showMore = () => {
    most += pageOfChats;
    show();
  };
  const links = h("ul", { class: "rail-links" });
  const pins = h("section", { class: "rail-pins" });
  const show = () => {
    fill(links, railLink("/", "plus", t("rail.newChat")), railLink("/search", "search", t("rail.search")),
      railLink("/assistants", "assistants", t("rail.assistants")), railLink("/knowledge", "book", t("rail.knowledge")));
    showPinned(pins);
    finder.hidden = library.threads.length < manyChats;
    fill(chats, ...chatGroups(finder.value, most, showMore));
  };
  library.addEventListener("change", show);
  preferences.addEventListener("change", show);
  activity.addEventListener("change", show);
  addEventListener("hashchange", show);
  show();
  return h("nav", { class: "rail", id: "rail", "aria-label": t("app.navigation") },
    h("p", { class: "brand" }, h("span", { class: "brand-mark" }), t("app.name")),
    links, pins, h("h2", { class: "rail-title" }, t("rail.chats")), finder, chats,
    h("div", { class: "rail-foot" }, statusButton(),
      h("div", { class: "rail-tools" }, themeSwitch(),
        h("a", { href: "#/settings", class: "icon-button", "aria-label": t("settings.title"), title: t("settings.title") }, icon("settings")),
        iconButton("keyboard", t("shortcuts.open"), showShortcuts))));
}

/**
 * @param {string} path
 * @param {import("./icon.js").IconName} drawing
 * @param {string} text
 */
function railLink(path, drawing, text) {
  return h("li", {}, h("a", { href: `#${path}`, class: "rail-link", "aria-current": current(path) }, icon(drawing), text));
}

/** @param {string} path */
const current = (path) => (currentPath().split("?")[0] === path ? "page" : null);

/** @param {HTMLElement} section the assistants that were pinned, to begin a chat with one of them */
function showPinned(section) {
  const pinned = preferences.pinned.flatMap((id) => library.assistant(id) ?? []);
  section.hidden = pinned.length === 0;
  fill(section, h("h2", { class: "rail-title" }, t("rail.pinned")),
    h("ul", {}, pinned.map(({ assistant_id: id, name }) => railLink(assistantPath(id), "pin", name))));
}

/**
 * @param {string} wanted words of the name; empty for all
 * @param {number} most this many are shown
 * @param {() => void} showMore
 */
function chatGroups(wanted, most, showMore) {
  if (library.state === "loading") return [h("p", { class: "quiet" }, t("rail.loading"))];
  if (library.state === "failed") {
    return [h("p", { class: "quiet" }, t("rail.failed")), actionButton(t("action.tryAgain"), () => library.refresh(), "small")];
  }
  if (library.threads.length === 0) return [h("p", { class: "quiet" }, t("rail.noChats"))];
  const found = library.threads.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  if (found.length === 0) return [h("p", { class: "quiet" }, t("rail.noneFound"))];
  const rest = found.length - most;
  return [
    ...groupByDate(found.slice(0, most)).map(([key, threads]) => h("section", {},
      h("h3", {}, t(key)), h("ul", {}, threads.map(chatRow)))),
    rest > 0 && actionButton(tn("rail.showMore", rest), showMore, "small"),
  ];
}

/** @param {Thread} thread */
function chatRow(thread) {
  const path = threadPath(thread.thread_id);
  const name = thread.name || t("rail.untitled");
  const running = isAnswering(thread.thread_id)
    && h("span", { class: "running-dot", role: "img", "aria-label": t("rail.running") });
  return h("li", { class: "chat-row" },
    h("a", { href: `#${path}`, class: "rail-link", "aria-current": current(path), title: name },
      h("span", { class: "chat-name" }, name), running),
    menuButton(t("action.more", { name }), chatActions(thread)));
}

/**
 * A chat without an assistant cannot be renamed: the server takes a name only together with one.
 * @param {Thread} thread
 * @returns {import("./menu.js").MenuItem[]}
 */
function chatActions(thread) {
  /** @type {import("./menu.js").MenuItem} */
  const deleting = { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(thread) };
  if (!thread.assistant_id) return [deleting];
  return [{ label: t("action.rename"), icon: "pencil", run: () => rename(thread) }, deleting];
}

/** @param {Thread} thread */
async function rename(thread) {
  const name = await askText({
    title: t("rail.rename.title"), label: t("rail.rename.label"), value: thread.name, action: t("action.rename"),
  });
  if (!name) return;
  try {
    library.keepThread(await updateThread(thread.thread_id, { name, assistant_id: thread.assistant_id ?? "" }));
  } catch (error) {
    toast(messageOf(error), { failure: true });
  }
}

/** @param {Thread} thread */
async function remove(thread) {
  const sure = await confirmDanger({
    title: t("rail.delete.title"), body: t("rail.delete.body", { name: thread.name }), action: t("action.delete"),
  });
  if (!sure) return;
  try {
    await deleteThread(thread.thread_id);
  } catch (error) {
    return toast(messageOf(error), { failure: true });
  }
  forgetSession(thread.thread_id);
  library.dropThread(thread.thread_id);
  toast(t("rail.deleted"));
  if (currentPath() === threadPath(thread.thread_id)) navigate("/", { replace: true });
}
