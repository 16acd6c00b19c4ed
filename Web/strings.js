// @ts-check

/** @typedef {keyof typeof import("./strings/en.js").catalogue} StringKey */
/** @typedef {Record<string, string | number>} StringValues */
/** @typedef {"en" | "de" | "zh"} Language */

/**
 * The languages there are, each with its catalogue and its own name. Another one is a file and a line here.
 * @type {Record<Language, {name: string, load: () => Promise<{catalogue: Record<StringKey, string>}>}>}
 */
export const languages = {
  en: { name: "English", load: () => import("./strings/en.js") },
  de: { name: "Deutsch", load: () => import("./strings/de.js") },
  zh: { name: "简体中文", load: () => import("./strings/zh.js") },
};

const storageKey = "opengpts.language";

/** What the page speaks: the language that was chosen, else the first of the reader's own that it knows. */
export const language = chosenLanguage() ?? preferredLanguage();
document.documentElement.lang = language;
const { catalogue } = await languages[language].load();
const plurals = new Intl.PluralRules(language);

/**
 * The text of a key, with its values filled in.
 * @param {StringKey} key
 * @param {StringValues} [values]
 */
export function t(key, values = {}) {
  return catalogue[key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}

/**
 * The text of `key.one` or `key.other`, whichever the count asks for.
 * @param {string} key
 * @param {number} count
 * @param {StringValues} [values]
 */
export function tn(key, count, values = {}) {
  const form = plurals.select(count) === "one" ? "one" : "other";
  return t(/** @type {StringKey} */ (`${key}.${form}`), { count, ...values });
}

/**
 * Speaks another language from now on; the page is loaded anew for it, and drafts outlive that.
 * @param {Language | null} wanted null: as the browser prefers
 */
export function chooseLanguage(wanted) {
  try {
    if (wanted) localStorage.setItem(storageKey, wanted);
    else localStorage.removeItem(storageKey);
  } catch {
    // Where storage is forbidden the browser's own preference decides.
  }
  location.reload();
}

/** @returns {Language | null} null when the browser's preference decides */
export function chosenLanguage() {
  try {
    return known(localStorage.getItem(storageKey) ?? "");
  } catch {
    return null;
  }
}

/** @returns {Language} */
function preferredLanguage() {
  return navigator.languages.map(known).find((name) => name !== null) ?? "en";
}

/** @param {string} tag such as `de-AT` @returns {Language | null} */
function known(tag) {
  const name = tag.toLowerCase().split("-")[0] ?? "";
  return name in languages ? /** @type {Language} */ (name) : null;
}
