// @ts-check
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { announcements } from "./announcer.js";
import { drawer } from "./drawer.js";
import { keepAboveKeyboard } from "./keyboard-space.js";
import { connectionNotice } from "./notices.js";
import { sidePanel } from "./side-panel.js";
import { sidebar } from "./sidebar.js";
import { toastShelf } from "./toast.js";

/** What stays while screens come and go: rail, top bar, the pane beside, notices. */
export function shell() {
  const rail = sidebar();
  const main = h("main", { id: "main", tabindex: "-1" });
  const { button, backdrop } = drawer(rail, main);
  const header = h("header", { class: "topbar" }, button, h("div", { class: "topbar-slot" }));
  const skip = h("a", { class: "skip-link", href: "#main", on: { click: goToMain } }, t("app.skip"));
  function goToMain(/** @type {Event} */ event) {
    event.preventDefault();
    main.focus();
  }
  keepAboveKeyboard();
  const node = h("div", { class: "shell" }, skip, rail, backdrop,
    h("div", { class: "stage" }, header, connectionNotice(), main), sidePanel(), toastShelf(), announcements());
  let isFirst = true;
  const showNext = (/** @type {import("../types.js").Screen} */ screen) => {
    show(screen, main, header);
    moveFocus(screen, main, isFirst);
    isFirst = false;
  };
  return { node, show: showNext };
}

/**
 * @param {import("../types.js").Screen} screen
 * @param {HTMLElement} main
 * @param {HTMLElement} header
 */
function show(screen, main, header) {
  const slot = header.querySelector(".topbar-slot");
  if (slot) fill(slot, screen.header);
  fill(main, screen.node);
  main.scrollTop = 0;
}

/**
 * A new screen gets the focus; when the page has just been loaded, the first Tab belongs to the browser.
 * @param {import("../types.js").Screen} screen
 * @param {HTMLElement} main
 * @param {boolean} isFirst
 */
function moveFocus(screen, main, isFirst) {
  if (screen.focus) screen.focus();
  else if (!isFirst) main.focus({ preventScroll: true });
}
