// @ts-check
import { fill, h } from "../dom.js";
import { t, tn } from "../strings.js";
import { passagesOf } from "../text/passages.js";
import { icon } from "./icon.js";
import { openSource } from "./source-panel.js";
import { toolPicture } from "./tool-picture.js";

/** @typedef {import("../types.js").ToolCall} ToolCall */
/** @typedef {import("../types.js").Message} Message */
/** @typedef {"calling" | "called" | "failed" | "waiting" | "interrupted"} CallState */

/** Longer results are cut on the page; the state still holds all of it. */
const longestResultCharacters = 20_000;

/** One call of a tool: what it was asked and what it answered, folded away until somebody looks. */
export class ToolCard {
  #line = h("summary", {});
  #body = h("div", { class: "tool-body" });
  node = h("details", { class: "tool-card" }, this.#line, this.#body);
  #shown = "";

  /**
   * @param {ToolCall} call
   * @param {Message | undefined} result
   * @param {CallState} state
   */
  show(call, result, state) {
    const signature = JSON.stringify([call, result?.id, state]);
    if (signature === this.#shown) return;
    this.#shown = signature;
    this.node.dataset.state = state;
    const picture = result ? toolPicture(result) : null;
    if (picture) this.node.open = true;
    fill(this.#line, ...headLine(call, result, state));
    fill(this.#body, picture, argumentList(call), result && resultNode(result));
  }
}

/**
 * @param {ToolCall} call
 * @param {Message | undefined} result
 * @param {CallState} state
 */
function headLine(call, result, state) {
  return [
    icon(isSearch(call.name) ? "book" : "tool"),
    h("span", { class: "tool-title" }, title(call, state)),
    h("span", { class: "tool-hint quiet" }, result ? foundText(result) : call.progress || firstArgument(call)),
    state === "calling" ? h("span", { class: "spinner" }) : null,
    h("span", { class: "fold" }, icon("chevron")),
  ];
}

/** @param {string} name of a tool */
export const isSearch = (name) => name === "retrieval" || name === "Retriever";

/**
 * @param {ToolCall} call
 * @param {CallState} state
 */
function title(call, state) {
  if (isSearch(call.name) && state === "calling") return t("tool.searching");
  if (isSearch(call.name) && state === "called") return t("tool.searched");
  const name = call.name || "…";
  switch (state) {
    case "calling": return t("tool.calling", { name });
    case "called": return t("tool.called", { name });
    case "failed": return t("tool.failed", { name });
    case "waiting": return t("tool.waiting", { name });
    case "interrupted": return t("tool.interrupted", { name });
  }
}

/** @param {Message} result */
function foundText(result) {
  const passages = passagesOf(result);
  if (passages.length > 0) return tn("tool.found", passages.length);
  const isEmpty = Array.isArray(result.content) && result.content.length === 0;
  return isEmpty ? t("tool.foundNothing") : "";
}

/** @param {ToolCall} call */
function argumentsOf(call) {
  if (call.argsText === undefined) return call.args ?? {};
  try {
    return JSON.parse(call.argsText);
  } catch {
    return {};
  }
}

/** @param {ToolCall} call */
function firstArgument(call) {
  const first = Object.values(argumentsOf(call))[0];
  return typeof first === "string" ? first : "";
}

/** @param {ToolCall} call */
function argumentList(call) {
  const entries = Object.entries(argumentsOf(call));
  if (entries.length === 0) return null;
  const rows = entries.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, readable(value))]);
  return h("section", {}, h("h4", {}, t("tool.arguments")), h("dl", { class: "arguments" }, rows));
}

/** @param {Message} result */
function resultNode(result) {
  const passages = passagesOf(result);
  const content = passages.length > 0 ? passageList(passages) : h("pre", { class: "tool-result", tabindex: "0" },
    readable(result.content).slice(0, longestResultCharacters) || t("tool.empty"));
  return h("section", {}, h("h4", {}, t("tool.result")), content);
}

/** @param {import("../types.js").Passage[]} passages */
function passageList(passages) {
  return h("ol", { class: "passages" }, passages.map((passage) => h("li", {}, h("button", {
    type: "button", class: "passage",
    on: { click: (/** @type {MouseEvent} */ event) => openSource(passage, /** @type {HTMLElement} */ (event.currentTarget)) },
  },
  h("span", { class: "passage-source" }, passage.name, h("span", { class: "quiet" }, passageFacts(passage))),
  h("span", { class: "passage-text" }, passage.quote)))));
}

/**
 * Where a passage stands, and why it was found.
 * @param {import("../types.js").Passage} passage
 */
function passageFacts({ page, textRank, vectorRank }) {
  return [
    page === null ? "" : t("source.page", { page }),
    textRank === null ? "" : t("tool.textRank", { rank: textRank }),
    vectorRank === null ? "" : t("tool.vectorRank", { rank: vectorRank }),
  ].filter(Boolean).map((fact) => ` · ${fact}`).join("");
}

/**
 * A value as a person reads it: text as text, anything else as indented JSON.
 * @param {any} value
 */
function readable(value) {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? "";
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
