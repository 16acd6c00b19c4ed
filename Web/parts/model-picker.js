// @ts-check
import { listModels } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { modelFacts } from "./model-facts.js";

/** @typedef {import("../types.js").ModelInfo} ModelInfo */

/**
 * The choice of a model: those that can be asked by who serves them, then the rest, and below it what is known
 * of the one that is chosen. Until the list is here, and where it cannot be had, the plain names can be chosen.
 */
export class ModelPicker {
  #names;
  /** @type {ModelInfo[]} */
  #models = [];
  #select;
  #facts = h("p", { class: "quiet field-help model-facts", "aria-live": "polite" });
  id = `model-${uniqueId().slice(0, 6)}`;
  node;

  /**
   * @param {string[]} names every name that is valid
   * @param {string} chosen
   */
  constructor(names, chosen) {
    this.#names = names.includes(chosen) ? names : [...names, chosen];
    this.#select = h("select", { id: this.id, on: { change: () => this.#showFacts() } },
      this.#names.map((name) => option(name, chosen)));
    this.node = h("div", { class: "model-picker" }, this.#select, this.#facts);
    this.#load();
  }

  get value() {
    return this.#select.value;
  }

  async #load() {
    try {
      this.#models = await listModels();
    } catch {
      return; // The names are enough to choose from.
    }
    const chosen = this.value;
    fill(this.#select, this.#groups().map(([title, names]) =>
      h("optgroup", { label: title }, names.map((name) => option(name, chosen)))));
    this.#showFacts();
  }

  /** @returns {[string, string[]][]} */
  #groups() {
    /** @type {Map<string, string[]>} */
    const groups = new Map();
    const usable = this.#models.filter((model) => model.usable);
    for (const { provider_title: title, name } of usable) groups.set(title, [...(groups.get(title) ?? []), name]);
    const rest = this.#names.filter((name) => !usable.some((model) => model.name === name));
    return rest.length > 0 ? [...groups, [t("models.notSetUp"), rest]] : [...groups];
  }

  #showFacts() {
    const model = this.#models.find(({ name }) => name === this.value);
    if (model?.usable) return fill(this.#facts, modelFacts(model).join(" · "));
    fill(this.#facts, model?.problem ?? (this.#models.length > 0 ? t("models.notSetUpHelp") : ""));
  }
}

/** @param {string} name @param {string} chosen */
const option = (name, chosen) => h("option", { value: name, selected: name === chosen }, name);
