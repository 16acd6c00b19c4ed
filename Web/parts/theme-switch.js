// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";

const key = "opengpts.theme";
const choices = /** @type {const} */ ([["auto", "monitor"], ["light", "sun"], ["dark", "moon"]]);

/** Three radio buttons: as the system, light, dark. */
export function themeSwitch() {
  const chosen = document.documentElement.dataset.theme ?? "auto";
  return h("fieldset", { class: "theme-switch" },
    h("legend", { class: "visually-hidden" }, t("theme.label")),
    choices.map(([theme, drawing]) => h("label", { title: t(`theme.${theme}`) },
      h("input", {
        type: "radio", name: "theme", value: theme, checked: theme === chosen, class: "visually-hidden",
        "aria-label": t(`theme.${theme}`), on: { change: () => choose(theme) },
      }), icon(drawing))));
}

/** @param {"auto" | "light" | "dark"} theme */
function choose(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // The choice then lasts until the page is left.
  }
}
