// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { iconButton } from "./icon-button.js";

/**
 * On a phone the rail is a drawer: a button opens it; Escape, a link in it or a tap beside it closes it.
 * @param {HTMLElement} rail
 * @param {HTMLElement} main cannot be reached while the drawer is open
 */
export function drawer(rail, main) {
  const narrow = matchMedia("(max-width: 50rem)");
  const button = iconButton("menu", t("app.openNavigation"), () => setOpen(true), { "aria-controls": "rail" });
  button.classList.add("drawer-button");
  const backdrop = h("div", { class: "backdrop", hidden: true, on: { click: () => setOpen(false) } });
  const setOpen = (/** @type {boolean} */ isOpen) => {
    const covers = isOpen && narrow.matches;
    document.body.classList.toggle("drawer-open", covers);
    button.setAttribute("aria-expanded", String(covers));
    backdrop.hidden = !covers;
    main.inert = covers;
    rail.inert = narrow.matches && !covers;
    if (covers) rail.querySelector("a")?.focus();
  };
  rail.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.classList.contains("drawer-open")) return;
    setOpen(false);
    button.focus();
  });
  rail.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a")) setOpen(false);
  });
  narrow.addEventListener("change", () => setOpen(false));
  setOpen(false);
  return { button, backdrop };
}
