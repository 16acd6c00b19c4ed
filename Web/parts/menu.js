// @ts-check
import { h } from "../dom.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** @typedef {{label: string, icon: import("./icon.js").IconName, danger?: boolean, run: () => void}} MenuItem */

/**
 * A button that opens a small menu. Arrow keys move, Escape closes and gives the focus back.
 * @param {string} label
 * @param {MenuItem[]} items
 */
export function menuButton(label, items) {
  const button = iconButton("dots", label, () => open(button, items), { "aria-haspopup": "menu" });
  button.classList.add("menu-button");
  return button;
}

/**
 * @param {HTMLElement} button
 * @param {MenuItem[]} items
 */
function open(button, items) {
  const entries = items.map((item) => h("button", {
    type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item",
    on: { click: () => { close(); item.run(); } },
  }, icon(item.icon), item.label));
  const menu = h("div", { class: "menu", role: "menu", popover: "auto" }, entries);
  const close = () => menu.remove();
  menu.addEventListener("toggle", (event) => {
    if (/** @type {any} */ (event).newState !== "closed") return;
    close();
    button.focus();
  });
  menu.addEventListener("keydown", (event) => moveFocus(event, entries));
  document.body.append(menu);
  /** @type {any} */ (menu).showPopover();
  place(menu, button);
  entries[0]?.focus();
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} entries
 */
function moveFocus(event, entries) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const here = entries.findIndex((entry) => entry === document.activeElement);
  entries[(here + step + entries.length) % entries.length]?.focus();
}

/**
 * Below the button, or above it where there is no room.
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
function place(menu, button) {
  const anchor = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = anchor.bottom + size.height < innerHeight - 8;
  menu.style.top = `${below ? anchor.bottom + 4 : anchor.top - size.height - 4}px`;
  menu.style.left = `${Math.max(8, Math.min(anchor.right - size.width, innerWidth - size.width - 8))}px`;
}
