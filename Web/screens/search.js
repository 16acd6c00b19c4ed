// @ts-check
import { messageOf, searchEverything } from "../api.js";
import { fill, h } from "../dom.js";
import { readableTime } from "../format.js";
import { assistantPath, messagePath, navigate, searchPath, threadPath } from "../navigation.js";
import { announce } from "../parts/announcer.js";
import { excerpt } from "../parts/excerpt.js";
import { actionButton, failure } from "../parts/failure.js";
import { icon } from "../parts/icon.js";
import { openSource } from "../parts/source-panel.js";
import { t, tn } from "../strings.js";
import { foundPassage } from "../text/passages.js";

/** @typedef {import("../types.js").FoundThings} FoundThings */
/** @typedef {"threads" | "messages" | "passages" | "assistants"} Kind */

/** Typing rests this long before the server is asked. */
const restMs = 180;
const firstRows = 6;
const moreRows = 30;

/** @type {[Kind, (item: any) => HTMLElement][]} in the order in which they are shown */
const kinds = [["assistants", assistantRow], ["threads", threadRow], ["messages", messageRow], ["passages", passageRow]];

/**
 * Search over everything a person owns.
 * @param {{q?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function searchScreen({ q = "" }) {
  const search = new Search(q);
  return { node: search.node, title: t("search.title"), focus: () => search.focus(), dispose: () => search.dispose() };
}

class Search {
  #field;
  #results = h("div", { class: "found" });
  #asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  node;

  /** @param {string} query */
  constructor(query) {
    this.#field = h("input", {
      type: "search", value: query, placeholder: t("search.placeholder"), "aria-label": t("search.title"),
      autocomplete: "off", maxlength: 500, on: { input: () => this.#changed() },
    });
    this.node = h("div", { class: "page narrow search", on: { keydown: this.#key.bind(this) } },
      h("h1", { class: "visually-hidden" }, t("search.title")),
      h("div", { class: "search-field" }, icon("search"), this.#field), this.#results);
    this.#ask();
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  dispose() {
    clearTimeout(this.#rest);
    this.#asked.abort();
  }

  #changed() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      navigate(searchPath(this.#field.value.trim()), { quietly: true });
      this.#ask();
    }, restMs);
  }

  async #ask() {
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    const query = this.#field.value.trim();
    if (query === "") return fill(this.#results, h("p", { class: "quiet" }, t("search.hint")));
    try {
      const found = await searchEverything({ query, limit: firstRows });
      if (!signal.aborted) this.#show(found, query);
    } catch (error) {
      if (!signal.aborted) fill(this.#results, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.#ask())));
    }
  }

  /**
   * @param {FoundThings} found
   * @param {string} query
   */
  #show(found, query) {
    const groups = kinds.map(([kind, row]) => this.#group(kind, row, found[kind], query));
    const count = kinds.reduce((sum, [kind]) => sum + (found[kind]?.items.length ?? 0), 0);
    fill(this.#results, count === 0 ? h("p", { class: "quiet" }, t("search.none", { query })) : groups);
    announce(tn("search.count", count));
  }

  /**
   * @param {Kind} kind
   * @param {(item: any) => HTMLElement} row
   * @param {{items: any[], has_more: boolean} | undefined} page
   * @param {string} query
   */
  #group(kind, row, page, query) {
    if (!page || page.items.length === 0) return null;
    const list = h("ul", {}, page.items.map(row));
    const section = h("section", {}, h("h2", {}, t(`search.${kind}`)), list);
    if (page.has_more) section.append(this.#moreButton(kind, row, list, query));
    return section;
  }

  /**
   * @param {Kind} kind
   * @param {(item: any) => HTMLElement} row
   * @param {HTMLElement} list
   * @param {string} query
   */
  #moreButton(kind, row, list, query) {
    const button = actionButton(t("search.more"), async () => {
      button.disabled = true;
      try {
        const found = await searchEverything({ query, kind, limit: moreRows, offset: list.childElementCount });
        const rows = found[kind]?.items.map(row) ?? [];
        list.append(...rows);
        rows[0]?.querySelector("a")?.focus();
        if (!found[kind]?.has_more) return button.remove();
      } catch (error) {
        list.after(failure(messageOf(error)));
      }
      button.disabled = false;
    }, "small");
    return button;
  }

  /** @param {KeyboardEvent} event the arrows walk through what was found, and back into the field */
  #key(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.isComposing) return;
    const stops = [this.#field, .../** @type {NodeListOf<HTMLElement>} */ (this.#results.querySelectorAll("a, button"))];
    const here = stops.findIndex((stop) => stop === document.activeElement);
    const next = stops[here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

/** @param {import("../types.js").Assistant} assistant */
function assistantRow({ assistant_id: id, name }) {
  return row(assistantPath(id), "assistants", name);
}

/** @param {import("../types.js").Thread} thread */
function threadRow({ thread_id: id, name, updated_at: at }) {
  return row(threadPath(id), "chat", name || t("rail.untitled"), readableTime(at));
}

/** @param {import("../types.js").FoundMessage} message */
function messageRow(message) {
  const who = t(message.type === "human" ? "search.you" : "search.answer");
  return row(messagePath(message.thread_id, message.message_id), "chat", message.thread_name || t("rail.untitled"),
    `${who} · ${readableTime(message.created_at)}`, excerpt(message.excerpt));
}

/** @param {import("../types.js").FoundInFile} passage */
function passageRow(passage) {
  const open = (/** @type {MouseEvent} */ event) =>
    openSource(foundPassage(passage), /** @type {HTMLElement} */ (event.currentTarget));
  const place = typeof passage.page === "number" ? t("source.page", { page: passage.page }) : "";
  return h("li", {}, h("button", { type: "button", class: "found-row", on: { click: open } },
    ...content("file", passage.file_name, place, excerpt(passage.excerpt))));
}

/**
 * @param {string} path
 * @param {import("../parts/icon.js").IconName} drawing
 * @param {string} title
 * @param {string} [about]
 * @param {HTMLElement} [body]
 */
function row(path, drawing, title, about = "", body) {
  return h("li", {}, h("a", { href: `#${path}`, class: "found-row" }, ...content(drawing, title, about, body)));
}

/**
 * @param {import("../parts/icon.js").IconName} drawing
 * @param {string} title
 * @param {string} about
 * @param {HTMLElement} [body]
 */
function content(drawing, title, about, body) {
  return [icon(drawing), h("span", { class: "found-body" },
    h("span", { class: "found-head" }, h("strong", {}, title), about && h("span", { class: "quiet" }, about)), body)];
}
