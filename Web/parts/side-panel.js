// @ts-check
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { iconButton } from "./icon-button.js";

/** @typedef {{title: string, note?: string, tools?: Node[], body: HTMLElement}} Content */

const panel = h("aside", { class: "side-panel", hidden: true });
/** @type {HTMLElement | null} */
let opener = null;
/**
 * What the pane held before something in it was opened, and where one was in it.
 * @type {{nodes: ChildNode[], label: string, focus: HTMLElement, top: number} | null}
 */
let below = null;

/** The pane on the right, once in the page; a sheet over everything on a phone. */
export const sidePanel = () => panel;

/**
 * Shows something beside what one reads. Opened from within the pane it offers the way back.
 * @param {Content} content
 * @param {HTMLElement} from gets the focus back
 * @param {{focus?: boolean}} options whether the pane takes the focus
 */
export function openPanel({ title, note = "", tools = [], body }, from, { focus = true } = {}) {
  if (panel.contains(from)) below = { nodes: [...panel.childNodes], label: panel.ariaLabel ?? "", focus: from, top: scroller()?.scrollTop ?? 0 };
  else {
    below = null;
    opener = from;
  }
  body.classList.add("panel-body");
  body.tabIndex = 0;
  panel.setAttribute("aria-label", title);
  fill(panel, h("header", { class: "panel-head" },
    below && iconButton("chevronLeft", t("panel.back"), goBack),
    h("div", { class: "panel-title" }, h("h2", {}, title), note !== "" && h("p", { class: "quiet" }, note)),
    tools, iconButton("close", t("action.close"), closePanel)), body);
  panel.hidden = false;
  document.body.classList.add("has-panel");
  if (focus) panel.querySelector("button")?.focus();
}

export const isPanelOpen = () => !panel.hidden;

export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("has-panel");
  if (opener?.isConnected) opener.focus();
  opener = below = null;
}

function goBack() {
  if (!below) return;
  const { nodes, label, focus, top } = below;
  below = null;
  fill(panel, nodes);
  panel.setAttribute("aria-label", label);
  const body = scroller();
  if (body) body.scrollTop = top;
  focus.focus({ preventScroll: true });
}

const scroller = () => panel.querySelector(".panel-body");

panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  if (below) goBack();
  else closePanel();
});
