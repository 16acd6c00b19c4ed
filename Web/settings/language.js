// @ts-check
import { h } from "../dom.js";
import { chooseLanguage, chosenLanguage, language, languages, t } from "../strings.js";

/** What the page speaks. */
export function languageSection() {
  const chosen = chosenLanguage();
  const select = h("select", {
    id: "settings-language", "aria-label": t("settings.language"),
    on: { change: () => chooseLanguage(/** @type {import("../strings.js").Language} */ (select.value) || null) },
  },
  h("option", { value: "", selected: chosen === null }, t("settings.languageAuto", { name: languages[language].name })),
  Object.entries(languages).map(([value, { name }]) =>
    h("option", { value, lang: value, data: { untranslated: "" }, selected: value === chosen }, name)));
  return { node: select };
}
