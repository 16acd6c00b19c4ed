// @ts-check
import { h } from "../dom.js";
import { icon } from "./icon.js";

/**
 * A button that shows only a drawing; its label is read aloud and shown as a tip.
 * @param {import("./icon.js").IconName} name
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {import("../dom.js").Properties} [properties]
 */
export function iconButton(name, label, onClick, properties = {}) {
  return h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick }, ...properties,
  }, icon(name));
}
