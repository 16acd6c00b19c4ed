// @ts-check
import { fillPrompt, listMCPServers, listPrompts, listResources, messageOf, readResource } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { contentsAsFiles, textOfPrompt } from "../text/offers.js";
import { showDialog } from "./dialog.js";
import { actionButton, failure } from "./failure.js";
import { icon } from "./icon.js";

/** @typedef {import("../types.js").MCPPrompt} MCPPrompt */
/** @typedef {import("../types.js").MCPResource} MCPResource */
/** @typedef {{text: string} | {files: File[]}} Offer what was chosen: words to say, or files to read */
/** @typedef {{server: string, prompt?: MCPPrompt, resource?: MCPResource}} Entry */

/** A filter is offered from this many entries on. */
const manyEntries = 8;

/**
 * Whether any tool server offers people prompts or resources. One that cannot be asked offers nothing.
 * @returns {Promise<boolean>}
 */
export async function hasOffers() {
  const servers = await listMCPServers().catch(() => []);
  return servers.some(({ prompts, resources }) => prompts || resources);
}

/**
 * Lets a person choose a prompt, and fill it in, or a resource of the tool servers.
 * @returns {Promise<Offer | null>} null when it was cancelled
 */
export function askForOffer() {
  return showDialog(t("offers.title"), (close) => [new OfferChoice(close).node,
    h("div", { class: "dialog-actions" }, actionButton(t("action.cancel"), () => close(null)))]);
}

class OfferChoice {
  #close;
  /** @type {Entry[]} */
  #entries = [];
  /** @type {string[]} */
  #problems = [];
  node = h("div", { class: "stack offers" });

  /** @param {(offer: Offer) => void} close */
  constructor(close) {
    this.#close = close;
    this.#load();
  }

  async #load() {
    fill(this.node, h("p", { class: "quiet" }, t("offers.loading")));
    try {
      const servers = (await listMCPServers()).filter(({ prompts, resources }) => prompts || resources);
      const lists = await Promise.all(servers.map((server) => this.#entriesOf(server)));
      this.#entries = lists.flat();
      this.#showList();
    } catch (error) {
      fill(this.node, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.#load())));
    }
  }

  /**
   * @param {import("../types.js").MCPStatus} server
   * @returns {Promise<Entry[]>}
   */
  async #entriesOf({ name: server, prompts, resources }) {
    const none = (/** @type {unknown} */ error) => {
      this.#problems.push(messageOf(error));
      return [];
    };
    const [offered, readable] = await Promise.all([
      prompts ? listPrompts(server).catch(none) : [], resources ? listResources(server).catch(none) : []]);
    return [...offered.map((prompt) => ({ server, prompt })), ...readable.map((resource) => ({ server, resource }))];
  }

  #showList() {
    const list = h("ul", { class: "offer-list" });
    const show = (/** @type {string} */ filter) => {
      const found = this.#entries.filter((entry) => `${titleOf(entry)} ${entry.server}`.toLowerCase().includes(filter.toLowerCase()));
      fill(list, found.length > 0 ? found.map((entry) => this.#row(entry)) : h("li", { class: "quiet" }, t("offers.none")));
    };
    const filter = h("input", {
      type: "search", placeholder: t("offers.filter"), "aria-label": t("offers.filter"),
      on: { input: () => show(filter.value) },
    });
    show("");
    fill(this.node, this.#problems.map((text) => failure(text)), this.#entries.length >= manyEntries && filter, list);
  }

  /** @param {Entry} entry */
  #row(entry) {
    const { description } = entry.prompt ?? entry.resource ?? {};
    return h("li", {}, h("button", { type: "button", class: "offer", on: { click: () => this.#choose(entry) } },
      icon(entry.prompt ? "chat" : "file"), h("strong", {}, titleOf(entry)),
      h("span", { class: "quiet" }, t(entry.prompt ? "offers.promptOf" : "offers.resourceOf", { server: entry.server })),
      description && h("span", { class: "offer-about quiet" }, description)));
  }

  /** @param {Entry} entry */
  #choose({ server, prompt, resource }) {
    if (prompt && (prompt.arguments ?? []).length > 0) return this.#ask(server, prompt);
    this.#take(async () => (prompt ? { text: textOfPrompt(await fillPrompt(server, prompt.name, {})) }
      : { files: contentsAsFiles(await readResource(server, resource?.uri ?? ""), resource) }));
  }

  /**
   * @param {string} server
   * @param {MCPPrompt} prompt
   */
  #ask(server, prompt) {
    const fields = (prompt.arguments ?? []).map((argument) => ({
      argument, input: h("input", { type: "text", id: `value-${uniqueId().slice(0, 6)}`, required: argument.required === true, autocomplete: "off" }),
    }));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const given = fields.filter(({ input }) => input.value !== "").map(({ argument, input }) => [argument.name, input.value]);
      this.#take(async () => ({ text: textOfPrompt(await fillPrompt(server, prompt.name, Object.fromEntries(given))) }));
    };
    fill(this.node, h("form", { class: "stack", on: { submit } }, h("h3", {}, prompt.title ?? prompt.name),
      fields.map(({ argument, input }) => h("div", { class: "field" },
        h("label", { for: input.id, class: "field-label" }, argument.name), input,
        argument.description && h("p", { class: "quiet field-help" }, argument.description))),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, t("offers.insert")),
        actionButton(t("offers.back"), () => this.#showList()))));
    fields[0]?.input.focus();
  }

  /** @param {() => Promise<Offer>} work */
  async #take(work) {
    try {
      this.#close(await work());
    } catch (error) {
      this.node.prepend(failure(messageOf(error)));
    }
  }
}

/** @param {Entry} entry */
const titleOf = ({ prompt, resource }) => prompt?.title ?? prompt?.name ?? resource?.title ?? resource?.name ?? resource?.uri ?? "";
