// @ts-check
import { messageOf } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { findInDirectory } from "../identity-api.js";
import { t } from "../strings.js";

const pauseMs = 200;

/**
 * Finds people and groups by a part of their name.
 * @param {{label: string, withGroups: boolean, choose: (found: {user_id?: string, group_id?: string, name: string}) => void}} picker
 */
export function directoryPicker({ label, withGroups, choose }) {
  const id = `find-${uniqueId()}`;
  const found = h("ul", { class: "picker-list", "aria-live": "polite" });
  const input = h("input", { type: "search", id, autocomplete: "off", placeholder: t("directory.placeholder"), on: { input: look } });
  let timer = 0;
  let newest = 0;
  function look() {
    clearTimeout(timer);
    timer = setTimeout(show, pauseMs);
  }
  async function show() {
    const turn = ++newest;
    const words = input.value.trim();
    if (!words) return fill(found);
    try {
      const { users, groups } = await findInDirectory(words);
      if (turn !== newest) return;
      const all = [...(withGroups ? groups : []), ...users];
      fill(found, all.length === 0 && h("li", { class: "quiet" }, t("directory.nobody")), all.map(entry));
    } catch (error) {
      fill(found, h("li", { class: "quiet" }, messageOf(error)));
    }
  }
  /** @param {{user_id?: string, group_id?: string, name: string}} one */
  const entry = (one) => h("li", {}, h("button", {
    type: "button", class: "menu-item",
    on: {
      click: () => {
        choose(one);
        input.value = "";
        fill(found);
        input.focus();
      },
    },
  }, one.name || one.user_id, one.group_id && h("span", { class: "badge" }, t("directory.group"))));
  return h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, label), input, found);
}
