// @ts-check
import { fill, h } from "../dom.js";
import { microsecondsOf, readableMicroseconds } from "../format.js";
import { t } from "../strings.js";
import { kindName, spanDetails, spanName } from "./span-details.js";
import { isPanelOpen, openPanel } from "./side-panel.js";

/** @typedef {import("../types.js").Span} Span */
/** @typedef {{span: Span, level: number, children: Entry[], parent: Entry | null, row: HTMLElement}} Entry */

/** A bar no narrower than this many hundredths of the whole can be seen. */
const leastPercent = 0.4;

/**
 * Spans as a tree on one scale of time: a treegrid, gone through with the arrow keys as any other
 * (https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/). Enter shows all that is known of a row at the right.
 */
export class SpanTree {
  #threadId;
  /** @type {Entry[]} in the order in which they stand */
  #entries = [];
  /** @type {Set<string>} ids of those that are folded */
  #folded = new Set();
  #chosen = "";
  #rows = h("div", { role: "rowgroup" });
  node;

  /** @param {string} threadId */
  constructor(threadId) {
    this.#threadId = threadId;
    this.node = h("div", { class: "span-tree", role: "treegrid", "aria-label": t("trace.tree"), hidden: true,
      on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event) } },
      h("div", { role: "rowgroup", class: "visually-hidden" }, h("div", { role: "row" },
        h("span", { role: "columnheader" }, t("trace.what")), h("span", { role: "columnheader" }, t("trace.took")))),
      this.#rows);
  }

  /**
   * @param {Span[]} spans
   * @param {number | null} now where those that go on have come to
   */
  show(spans, now) {
    const scale = scaleOf(spans, now);
    const hadFocus = this.#rows.contains(document.activeElement);
    this.#entries = treeOf(spans, (span, level, hasChildren) => this.#row(span, level, hasChildren, scale));
    this.node.hidden = spans.length === 0;
    fill(this.#rows, this.#entries.map(({ row }) => row));
    if (!this.#entries.some(({ span }) => span.span_id === this.#chosen)) this.#chosen = spans[0]?.span_id ?? "";
    this.#arrange();
    if (hadFocus) this.#entryOf(this.#chosen)?.row.focus();
  }

  /**
   * @param {Span} span
   * @param {number} level
   * @param {boolean} hasChildren
   * @param {Scale} scale
   */
  #row(span, level, hasChildren, scale) {
    const bar = h("span", { class: "span-bar", data: { kind: span.kind, failed: String(Boolean(span.error)), open: String(span.duration_microseconds === undefined) } });
    const { left, width } = scale(span);
    bar.style.left = `${left}%`;
    bar.style.width = `${width}%`;
    const name = h("span", { role: "gridcell", class: "span-name", title: `${kindName(span.kind)} ${spanName(span)}`.trim() },
      h("span", { class: "span-fold", "aria-hidden": "true", on: { click: (/** @type {Event} */ event) => this.#onFold(event, span) } }, hasChildren ? "▾" : ""),
      h("strong", {}, kindName(span.kind)), " ", spanName(span),
      span.error && h("span", { class: "badge danger" }, span.error.type));
    name.style.paddingInlineStart = `${(level - 1) * 0.875}rem`;
    return h("div", {
      role: "row", class: "span-row", tabindex: "-1", "aria-level": level, "aria-expanded": hasChildren ? "true" : null,
      on: { click: () => this.#open(span.span_id), focus: () => this.#choose(span.span_id) },
    }, name, h("span", { class: "span-lane", "aria-hidden": "true" }, bar),
      h("span", { role: "gridcell", class: "span-time" },
        span.duration_microseconds === undefined ? t("trace.goesOn") : readableMicroseconds(span.duration_microseconds)));
  }

  // What is seen of it.

  #arrange() {
    for (const entry of this.#entries) {
      const { row, span, children } = entry;
      const isFolded = this.#folded.has(span.span_id);
      row.hidden = ancestorsOf(entry).some(({ span: { span_id: id } }) => this.#folded.has(id));
      row.tabIndex = span.span_id === this.#chosen ? 0 : -1;
      row.setAttribute("aria-selected", String(span.span_id === this.#chosen));
      if (children.length > 0) row.setAttribute("aria-expanded", String(!isFolded));
    }
  }

  /** @param {string} id */
  #entryOf(id) {
    return this.#entries.find(({ span }) => span.span_id === id);
  }

  // What is done with it.

  /** @param {string} id */
  #choose(id) {
    if (id === this.#chosen) return;
    this.#chosen = id;
    this.#arrange();
    if (isPanelOpen()) this.#showDetails(false);
  }

  /** @param {string} id */
  #open(id) {
    this.#choose(id);
    this.#showDetails(true);
  }

  /** @param {boolean} focus */
  #showDetails(focus) {
    const entry = this.#entryOf(this.#chosen);
    if (!entry) return;
    const root = this.#entries[0]?.span ?? entry.span;
    const body = h("div", { class: "span-details" });
    fill(body, ...spanDetails(entry.span, root, this.#threadId));
    openPanel({ title: kindName(entry.span.kind), note: spanName(entry.span), body }, entry.row, { focus });
  }

  /** @param {Event} event @param {Span} span */
  #onFold(event, span) {
    event.stopPropagation();
    this.#fold(span.span_id, !this.#folded.has(span.span_id));
  }

  /** @param {string} id @param {boolean} isFolded */
  #fold(id, isFolded) {
    if (isFolded) this.#folded.add(id);
    else this.#folded.delete(id);
    this.#arrange();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const entry = this.#entryOf(this.#chosen);
    if (!entry || event.altKey || event.ctrlKey || event.metaKey) return;
    const seen = this.#entries.filter(({ row }) => !row.hidden);
    const place = seen.indexOf(entry);
    const isOpen = entry.children.length > 0 && !this.#folded.has(entry.span.span_id);
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => seen[place + 1]?.row.focus(),
      ArrowUp: () => seen[place - 1]?.row.focus(),
      Home: () => seen[0]?.row.focus(),
      End: () => seen.at(-1)?.row.focus(),
      ArrowRight: () => (isOpen ? seen[place + 1]?.row.focus() : this.#fold(entry.span.span_id, false)),
      ArrowLeft: () => (isOpen ? this.#fold(entry.span.span_id, true) : entry.parent?.row.focus()),
      Enter: () => this.#showDetails(true),
      " ": () => this.#showDetails(true),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/** @typedef {(span: Span) => {left: number, width: number}} Scale */

/**
 * Where a span's bar stands, in hundredths of the whole.
 * @param {Span[]} spans
 * @param {number | null} now
 * @returns {Scale}
 */
function scaleOf(spans, now) {
  const beginOf = (/** @type {Span} */ span) => microsecondsOf(span.started_at);
  const endOf = (/** @type {Span} */ span) =>
    span.duration_microseconds === undefined ? Math.max(beginOf(span), (now ?? 0) * 1000) : beginOf(span) + span.duration_microseconds;
  const first = Math.min(...spans.map(beginOf));
  const whole = Math.max(1, Math.max(...spans.map(endOf)) - first);
  return (span) => {
    const width = Math.max(leastPercent, (100 * (endOf(span) - beginOf(span))) / whole);
    return { left: Math.min(100 - width, Math.max(0, (100 * (beginOf(span) - first)) / whole)), width: Math.min(100, width) };
  };
}

/**
 * The spans below each other; one whose parent is not there stands at the top.
 * @param {Span[]} spans in the order of their beginnings
 * @param {(span: Span, level: number, hasChildren: boolean) => HTMLElement} rowOf
 * @returns {Entry[]}
 */
function treeOf(spans, rowOf) {
  const known = new Set(spans.map(({ span_id: id }) => id));
  /** @type {Map<string, Span[]>} */
  const below = new Map();
  for (const span of spans) {
    const parent = span.parent_id && known.has(span.parent_id) ? span.parent_id : "";
    below.set(parent, [...(below.get(parent) ?? []), span]);
  }
  /** @type {Entry[]} */
  const entries = [];
  const add = (/** @type {Span} */ span, /** @type {Entry | null} */ parent, /** @type {number} */ level) => {
    const children = below.get(span.span_id) ?? [];
    /** @type {Entry} */
    const entry = { span, level, parent, children: [], row: rowOf(span, level, children.length > 0) };
    parent?.children.push(entry);
    entries.push(entry);
    for (const child of children) add(child, entry, level + 1);
  };
  for (const span of below.get("") ?? []) add(span, null, 1);
  return entries;
}

/** @param {Entry} entry @returns {Entry[]} */
function ancestorsOf({ parent }) {
  return parent ? [parent, ...ancestorsOf(parent)] : [];
}
