// @ts-check
import { h } from "../dom.js";
import { navigate } from "../navigation.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { actionButton } from "./failure.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const command = isApple ? "⌘" : "Ctrl";

/** @type {[import("../strings.js").StringKey, string[]][]} */
const shortcuts = [
  ["shortcuts.send", ["Enter"]],
  ["shortcuts.newline", ["Shift", "Enter"]],
  ["shortcuts.stop", ["Esc"]],
  ["shortcuts.newChat", [command, "Shift", "O"]],
  ["shortcuts.focus", ["Shift", "Esc"]],
  ["shortcuts.help", [command, "/"]],
];

/** Listens for the keys that work everywhere in the page. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (held && event.shiftKey && event.key.toLowerCase() === "o") run(event, () => navigate("/"));
    else if (held && event.key === "/") run(event, showShortcuts);
    else if (event.shiftKey && event.key === "Escape") run(event, focusComposer);
  });
}

/** Shows the list of shortcuts. */
export function showShortcuts() {
  if (document.querySelector("dialog[open]")) return;
  showDialog(t("shortcuts.open"), (close) => [
    h("dl", { class: "shortcuts" }, shortcuts.map(([key, keys]) => h("div", {},
      h("dt", {}, t(key)), h("dd", {}, keys.map((name) => h("kbd", {}, name)))))),
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null))),
  ]);
}

/**
 * @param {Event} event
 * @param {() => void} action
 */
function run(event, action) {
  event.preventDefault();
  action();
}

function focusComposer() {
  const field = document.querySelector(".composer-field");
  if (field instanceof HTMLElement) field.focus();
}
