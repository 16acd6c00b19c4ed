// @ts-check
import { h } from "../dom.js";
import { navigate } from "../navigation.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { actionButton } from "./failure.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const command = isApple ? "⌘" : t("key.control");
const shift = t("key.shift");
const enter = t("key.enter");
const escape = t("key.escape");

/** @type {[import("../strings.js").StringKey, string[]][]} */
const shortcuts = [
  ["shortcuts.send", [enter]],
  ["shortcuts.newline", [shift, enter]],
  ["shortcuts.stop", [escape]],
  ["shortcuts.newChat", [command, shift, "O"]],
  ["shortcuts.search", [command, "K"]],
  ["shortcuts.focus", [shift, escape]],
  ["shortcuts.help", ["?"]],
];

/** Listens for the keys that work everywhere in the page. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (held && event.shiftKey && event.key.toLowerCase() === "o") run(event, () => navigate("/"));
    else if (held && !event.shiftKey && event.key.toLowerCase() === "k") run(event, () => navigate("/search"));
    else if (event.key === "?" && !held && !isWriting(event.target)) run(event, showShortcuts);
    else if (held && event.key === "/") run(event, showShortcuts);
    else if (event.shiftKey && event.key === "Escape") run(event, focusComposer);
  });
}

/** Shows the list of shortcuts. */
export function showShortcuts() {
  if (document.querySelector("dialog[open]")) return;
  showDialog(t("shortcuts.open"), (close) => [
    shortcutList(),
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null))),
  ]);
}

/** What each shortcut does, and its keys. */
export function shortcutList() {
  return h("dl", { class: "shortcuts" }, shortcuts.map(([key, keys]) => h("div", {},
    h("dt", {}, t(key)), h("dd", {}, keys.map((name) => h("kbd", {}, name))))));
}

/**
 * @param {Event} event
 * @param {() => void} action
 */
function run(event, action) {
  event.preventDefault();
  action();
}

/** @param {EventTarget | null} target whether keys are letters there */
const isWriting = (target) => target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

function focusComposer() {
  const field = document.querySelector(".composer-field");
  if (field instanceof HTMLElement) field.focus();
}
