// @ts-check
// What was typed and not sent, kept for as long as the tab lives.

/** @param {string} place */
const key = (place) => `opengpts.draft.${place}`;

/** @param {string} place @param {string} text */
export function keepDraft(place, text) {
  try {
    if (text) sessionStorage.setItem(key(place), text);
    else sessionStorage.removeItem(key(place));
  } catch {
    // Storage can be forbidden or full; the field itself still holds the text.
  }
}

/** @param {string} place */
export function keptDraft(place) {
  try {
    return sessionStorage.getItem(key(place)) ?? "";
  } catch {
    return "";
  }
}
