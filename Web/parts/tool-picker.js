// @ts-check
import { getToolCatalog } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { toolEntry } from "../schema.js";
import { t, tn } from "../strings.js";
import { inlineMarkdown } from "../text/markdown.js";
import { configField } from "./config-field.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";
import { permissionChoice } from "./permission-choice.js";

/** @typedef {import("../schema.js").ToolKind} ToolKind */
/** @typedef {import("../types.js").ToolListing} ToolListing */
/** @typedef {ToolKind & {config?: Record<string, any>, listing?: ToolListing}} Offer a kind, or one service of a kind */
/** @typedef {{entry: any, offer: Offer | undefined, settings: [string, import("./config-field.js").Control][]}} Chosen */

/** A filter is offered from this many tools on. */
const manyTools = 8;
/** The kind whose uses each name one of the person's own services. */
const serviceKind = "openapi";

/** The tools of an assistant: switched on and off, with their settings, and whether they ask first. */
export class ToolPicker {
  #kinds;
  /** @type {Offer[]} */
  #offers;
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
    this.#offers = kinds.filter(({ type }) => type !== serviceKind);
    this.#chosen = entries.map((entry) => this.#choose(entry));
    const services = kinds.some(({ type }) => type === serviceKind)
      && h("p", { class: "quiet field-help" }, h("a", { href: "#/settings/tools" }, t("form.ownServices")));
    this.node = h("div", { class: "tool-picker" }, kinds.length >= manyTools && this.#filterField(), this.#list, services);
    this.#show();
    this.#loadCatalog();
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
    const offer = this.#offers.find((tool) => tool.type === type);
    if (!offer || this.#chosen.some(({ entry }) => entry.type === type)) return;
    this.#add(offer);
  }

  /** What the form's schema does not say: own services, functions, and how servers are. */
  async #loadCatalog() {
    const listings = await getToolCatalog().catch(() => []);
    const kind = this.#kinds.find(({ type }) => type === serviceKind);
    const services = listings.filter(({ origin }) => origin === "openapi").map((listing) => ({
      ...(kind ?? emptyKind), name: listing.name, description: listing.description, isMultiUse: false, settings: [],
      config: listing.config, listing,
    }));
    const known = this.#kinds.filter(({ type }) => type !== serviceKind)
      .map((offer) => ({ ...offer, listing: listings.find(({ type }) => type === offer.type) }));
    this.#offers = [...known, ...services];
    for (const chosen of this.#chosen) chosen.offer = this.#offerOf(chosen.entry);
    this.#show();
  }

  /** @param {any} entry */
  #offerOf(entry) {
    return this.#offers.find(({ type, config }) => type === entry.type && (!config || config.tool_id === entry.config?.tool_id));
  }

  /** @param {any} entry @returns {Chosen} */
  #choose(entry) {
    const offer = this.#offerOf(entry);
    const settings = (offer?.settings ?? []).map((field) =>
      /** @type {[string, import("./config-field.js").Control]} */ ([field.key, configField(field, entry.config?.[field.key])]));
    return { entry, offer, settings };
  }

  #filterField() {
    return h("input", {
      type: "search", class: "tool-filter", placeholder: t("form.toolsFilter"), "aria-label": t("form.toolsFilter"),
      on: {
        // To look for a tool changes nothing that would have to be saved.
        change: (/** @type {Event} */ event) => event.stopPropagation(),
        input: (/** @type {any} */ event) => {
          event.stopPropagation();
          this.#filter = event.target.value.toLowerCase();
          this.#show();
        },
      },
    });
  }

  #show() {
    const offers = this.#offers.filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(this.#filter));
    const unknown = this.#chosen.filter(({ offer }) => !offer);
    const rows = [...offers.map((offer) => this.#row(offer)), ...unknown.map((chosen) => this.#unknownRow(chosen))];
    fill(this.#list, rows.length > 0 ? rows : h("li", { class: "quiet" }, t("form.toolsNone")));
  }

  /** @param {Offer} offer */
  #row(offer) {
    const uses = this.#chosen.filter((chosen) => chosen.offer === offer);
    const id = `tool-${uniqueId().slice(0, 6)}`;
    const about = h("div", { class: "tool-about" }, h("label", { for: id, class: "tool-name" }, offer.name), stateBadge(offer),
      h("p", { class: "quiet" }, inlineMarkdown(offer.description)),
      uses.map((use) => this.#settingsOf(use, offer)));
    const box = h("input", {
      type: "checkbox", class: "switch", id, checked: uses.length > 0,
      on: { change: () => (uses.length > 0 ? this.#drop(uses) : this.#add(offer)) },
    });
    const another = offer.isMultiUse && uses.length > 0
      && iconButton("plus", t("form.toolAnother", { name: offer.name }), () => this.#add(offer));
    return h("li", { class: "tool-row" }, box, about, another);
  }

  /**
   * @param {Chosen} use
   * @param {Offer} offer
   */
  #settingsOf(use, offer) {
    const standard = t(offer.listing?.asks_by_itself ? "permission.standardAsk" : "permission.standardAlways");
    const permission = permissionChoice(t("permission.label", { name: offer.name }), use.entry.permission, standard,
      (value) => this.#set(use, { permission: value }));
    return h("div", { class: "tool-settings" }, use.settings.map(([, control]) => control.node), permission,
      this.#functionsOf(use, offer),
      offer.isMultiUse && iconButton("trash", t("action.remove"), () => this.#drop([use])));
  }

  /**
   * Where a tool brings several functions, each may have a word of its own.
   * @param {Chosen} use
   * @param {Offer} offer
   */
  #functionsOf(use, offer) {
    const functions = offer.listing?.functions ?? [];
    if (functions.length === 0) return null;
    return h("details", { class: "tool-functions" }, h("summary", {}, tn("permission.functions", functions.length)),
      h("ul", {}, functions.map(({ name, description, reads_only: readsOnly }) => h("li", {},
        h("div", {}, h("code", {}, name), readsOnly && h("span", { class: "badge" }, t("permission.readsOnly")),
          h("p", { class: "quiet" }, description)),
        permissionChoice(t("permission.label", { name }), use.entry.permissions?.[name], t("permission.asTool"),
          (value) => this.#set(use, { permissions: { ...use.entry.permissions, [name]: value } }))))));
  }

  /**
   * @param {Chosen} use
   * @param {any} change a member that becomes undefined is left out
   */
  #set(use, change) {
    use.entry = JSON.parse(JSON.stringify({ ...use.entry, ...change }));
    this.node.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {Chosen} chosen a tool this server no longer offers */
  #unknownRow(chosen) {
    return h("li", { class: "tool-row" }, icon("alert"), h("div", { class: "tool-about" }, chosen.entry.name ?? chosen.entry.type),
      iconButton("trash", t("action.remove"), () => this.#drop([chosen])));
  }

  /** @param {Offer} offer */
  #add(offer) {
    this.#chosen.push(this.#choose({ ...toolEntry(offer), config: { ...offer.config } }));
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

/** @type {ToolKind} */
const emptyKind = { type: serviceKind, name: "", description: "", isMultiUse: false, settings: [] };

/** @param {Offer} offer */
function stateBadge({ listing }) {
  if (!listing?.state || listing.state.state === "ready") return null;
  return h("span", { class: "badge warn", title: listing.state.detail }, t(`mcp.${listing.state.state}`));
}
