// @ts-check
import { t } from "./strings.js";

/** The route in the address: what follows `#`, always with a leading slash. */
export function currentPath() {
  const path = location.hash.replace(/^#/, "");
  return path.startsWith("/") ? path : "/";
}

/**
 * Goes to a screen.
 * @param {string} path
 * @param {{replace?: boolean, quietly?: boolean}} options `replace` leaves no entry in the history; `quietly`
 *   only notes the address of what is shown already
 */
export function navigate(path, { replace = false, quietly = false } = {}) {
  if (quietly) history.replaceState(null, "", `#${path}`);
  else if (replace) location.replace(`#${path}`);
  else location.hash = path;
}

/** @param {string} title of the screen, for the tab and the history */
export function titlePage(title) {
  document.title = `${title} · ${t("app.name")}`;
}

/** @param {string} threadId */
export const threadPath = (threadId) => `/thread/${encodeURIComponent(threadId)}`;

/** @param {string} threadId */
export const historyPath = (threadId) => `${threadPath(threadId)}/history`;

/** @param {string} threadId @param {string} runId */
export const runPath = (threadId, runId) => `${threadPath(threadId)}/run/${encodeURIComponent(runId)}`;

/** @param {string} threadId @param {string} messageId */
export const messagePath = (threadId, messageId) => `${threadPath(threadId)}?${new URLSearchParams({ message: messageId })}`;

/** @param {string} query */
export const searchPath = (query) => (query ? `/search?${new URLSearchParams({ q: query })}` : "/search");

/** @param {string} assistantId */
export const assistantPath = (assistantId) => `/assistant/${encodeURIComponent(assistantId)}`;

/** @param {string} assistantId */
export const editPath = (assistantId) => `${assistantPath(assistantId)}/edit`;

/**
 * Addresses such as `/thread/ID`, as other clients share them, name the same screens without `#`.
 * @returns {boolean} whether the page is on its way to another address
 */
export function leavePlainPath() {
  if (!/^\/(thread|assistant)s?\//.test(location.pathname)) return false;
  location.replace(`/#${location.pathname}`);
  return true;
}
