// @ts-check
import { fill, h, uniqueId } from "../dom.js";
import { toolEntry } from "../schema.js";
import { t } from "../strings.js";
import { inlineMarkdown } from "../text/markdown.js";
import { configField } from "./config-field.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** @typedef {import("../schema.js").ToolKind} ToolKind */
/** @typedef {{entry: any, kind: ToolKind | undefined, settings: [string, import("./config-field.js").Control][]}} Chosen */

/** A filter is offered from this many tools on. */
const manyTools = 8;

/** The tools of an assistant: switched on and off, with their settings. */
export class ToolPicker {
  #kinds;
  /** @type {Chosen[]} */
  #chosen;
  #list = h("ul", { class: "tool-list" });
  #filter = "";
  node;

  /**
   * @param {ToolKind[]} kinds
   * @param {any[]} entries as the assistant's configuration holds them
   */
  constructor(kinds, entries) {
    this.#kinds = kinds;
    this.#chosen = entries.map((entry) => this.#choose(entry, kinds.find(({ type }) => type === entry.type)));
    this.node = h("div", { class: "tool-picker" }, kinds.length >= manyTools && this.#filterField(), this.#list);
    this.#show();
  }

  value() {
    return this.#chosen.map(({ entry, settings }) => ({
      ...entry,
      config: { ...entry.config, ...Object.fromEntries(settings.map(([key, control]) => [key, control.value()])) },
    }));
  }

  /**
   * Switches a tool on when it is not.
   * @param {string} type
   */
  ensure(type) {
    const kind = this.#kinds.find((tool) => tool.type === type);
    if (!kind || this.#chosen.some(({ entry }) => entry.type === type)) return;
    this.#add(kind);
  }

  /**
   * @param {any} entry
   * @param {ToolKind | undefined} kind
   * @returns {Chosen}
   */
  #choose(entry, kind) {
    const settings = (kind?.settings ?? []).map((field) =>
      /** @type {[string, import("./config-field.js").Control]} */ ([field.key, configField(field, entry.config?.[field.key])]));
    return { entry, kind, settings };
  }

  #filterField() {
    return h("input", {
      type: "search", class: "tool-filter", placeholder: t("form.toolsFilter"), "aria-label": t("form.toolsFilter"),
      on: {
        input: (/** @type {any} */ event) => {
          this.#filter = event.target.value.toLowerCase();
          this.#show();
        },
      },
    });
  }

  #show() {
    const kinds = this.#kinds.filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(this.#filter));
    const unknown = this.#chosen.filter(({ kind }) => !kind);
    const rows = [...kinds.map((kind) => this.#row(kind)), ...unknown.map((chosen) => this.#unknownRow(chosen))];
    fill(this.#list, rows.length > 0 ? rows : h("li", { class: "quiet" }, t("form.toolsNone")));
  }

  /** @param {ToolKind} kind */
  #row(kind) {
    const uses = this.#chosen.filter((chosen) => chosen.kind === kind);
    const id = `tool-${uniqueId().slice(0, 6)}`;
    const about = h("div", { class: "tool-about" }, h("label", { for: id, class: "tool-name" }, kind.name),
      h("p", { class: "quiet" }, inlineMarkdown(kind.description)),
      uses.map((use) => this.#settingsOf(use, kind)));
    const box = h("input", {
      type: "checkbox", class: "switch", id, checked: uses.length > 0,
      on: { change: () => (uses.length > 0 ? this.#drop(uses) : this.#add(kind)) },
    });
    const another = kind.isMultiUse && uses.length > 0
      && iconButton("plus", t("form.toolAnother", { name: kind.name }), () => this.#add(kind));
    return h("li", { class: "tool-row" }, box, about, another);
  }

  /**
   * @param {Chosen} use
   * @param {ToolKind} kind
   */
  #settingsOf(use, kind) {
    if (use.settings.length === 0) return null;
    return h("div", { class: "tool-settings" }, use.settings.map(([, control]) => control.node),
      kind.isMultiUse && iconButton("trash", t("action.remove"), () => this.#drop([use])));
  }

  /** @param {Chosen} chosen a tool this server no longer offers */
  #unknownRow(chosen) {
    return h("li", { class: "tool-row" }, icon("alert"), h("div", { class: "tool-about" }, chosen.entry.name ?? chosen.entry.type),
      iconButton("trash", t("action.remove"), () => this.#drop([chosen])));
  }

  /** @param {ToolKind} kind */
  #add(kind) {
    this.#chosen.push(this.#choose(toolEntry(kind), kind));
    this.#changed();
  }

  /** @param {Chosen[]} dropped */
  #drop(dropped) {
    this.#chosen = this.#chosen.filter((chosen) => !dropped.includes(chosen));
    this.#changed();
  }

  #changed() {
    const focused = document.activeElement?.closest(".tool-row");
    const place = focused ? Array.from(this.#list.children).indexOf(focused) : -1;
    this.#show();
    if (place >= 0) this.#list.children[place]?.querySelector("input")?.focus();
    this.node.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
