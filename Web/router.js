// @ts-check
import { announce } from "./parts/announcer.js";
import { closePanel } from "./parts/side-panel.js";
import { detour } from "./identity.js";
import { currentPath, navigate, titlePage } from "./navigation.js";
import { assistantFormScreen } from "./screens/assistant-form.js";
import { assistantsScreen } from "./screens/assistants.js";
import { chatScreen } from "./screens/chat.js";
import { historyScreen } from "./screens/history.js";
import { firstRunScreen } from "./screens/first-run.js";
import { notFoundScreen } from "./screens/not-found.js";
import { runScreen } from "./screens/run.js";
import { searchScreen } from "./screens/search.js";
import { settingsScreen } from "./screens/settings.js";
import { filesScreen } from "./screens/files.js";
import { knowledgeScreen } from "./screens/knowledge.js";
import { statusScreen } from "./screens/status.js";
import { signInScreen } from "./screens/sign-in.js";
import { startScreen } from "./screens/start.js";

/** @typedef {import("./types.js").Screen} Screen */

/**
 * Every screen there is.
 * @type {[string, (params: Record<string, string>) => Screen][]}
 */
const screens = [
  ["/", startScreen],
  ["/assistants", assistantsScreen],
  ["/assistants/new", assistantFormScreen],
  ["/assistant/:id", startScreen],
  ["/assistant/:id/edit", assistantFormScreen],
  ["/thread/:id", chatScreen],
  ["/knowledge", knowledgeScreen],
  ["/knowledge/:kind/:id", filesScreen],
  ["/thread/:id/history", historyScreen],
  ["/thread/:id/run/:run", runScreen],
  ["/search", searchScreen],
  ["/status", statusScreen],
  ["/sign-in", signInScreen],
  ["/first-run", firstRunScreen],
  ["/settings", settingsScreen],
  ["/settings/:section", settingsScreen],
];

/**
 * Shows the screen the address names, and follows the address from then on.
 * @param {(screen: Screen) => void} show
 */
export function startRouter(show) {
  /** @type {Screen | null} */
  let shown = null;
  let shownPath = "";
  const follow = async () => {
    const path = currentPath();
    if (path === shownPath) return;
    const other = detour(path);
    if (other) return navigate(other, { replace: true });
    if (shown?.mayLeave && !(await shown.mayLeave())) return navigate(shownPath, { replace: true });
    shown?.dispose?.();
    closePanel();
    const isFirst = shown === null;
    shownPath = path;
    shown = screenFor(path);
    show(shown);
    titlePage(shown.title);
    if (!isFirst) announce(shown.title);
  };
  addEventListener("hashchange", follow);
  follow();
}

/** @param {string} path @returns {Screen} */
function screenFor(path) {
  for (const [pattern, screen] of screens) {
    const params = match(pattern, path);
    if (params) return screen(params);
  }
  return notFoundScreen();
}

/**
 * @param {string} pattern `/thread/:id`; a query after `?` becomes parameters too
 * @param {string} path
 * @returns {Record<string, string> | null}
 */
function match(pattern, path) {
  const [place = "", query = ""] = path.split("?");
  const wanted = pattern.split("/");
  const given = place.split("/");
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = Object.fromEntries(new URLSearchParams(query));
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return params;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
