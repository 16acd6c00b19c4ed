// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";

/** Closer to the end than this counts as reading along. */
const nearPixels = 60;

/**
 * Keeps a scrolling place at its end while the reader is there, and leaves it alone otherwise.
 * @param {HTMLElement} scroller
 * @param {HTMLElement} content
 */
export function stickToBottom(scroller, content) {
  let isReadingAlong = true;
  let lastTop = 0;
  const toEnd = () => {
    isReadingAlong = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  const letGo = () => {
    isReadingAlong = false;
  };
  const button = h("button", {
    type: "button", class: "to-latest", hidden: true, "aria-label": t("chat.latest"), title: t("chat.latest"),
    on: { click: toEnd },
  }, icon("arrowDown"));
  const look = () => {
    const distance = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const wentUp = scroller.scrollTop < lastTop;
    lastTop = scroller.scrollTop;
    if (distance < nearPixels) isReadingAlong = true;
    else if (wentUp) isReadingAlong = false;
    button.hidden = isReadingAlong;
  };
  scroller.addEventListener("scroll", look, { passive: true });
  const observer = new ResizeObserver(() => {
    if (isReadingAlong) scroller.scrollTop = scroller.scrollHeight;
    else look();
  });
  observer.observe(content);
  observer.observe(scroller);
  return { button, toEnd, letGo, dispose: () => observer.disconnect() };
}
