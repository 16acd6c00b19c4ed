// @ts-check
import { listProviders, messageOf, saveModel } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { failure } from "./failure.js";

/** @typedef {import("../types.js").ModelInfo} ModelInfo */
/** @typedef {import("../strings.js").StringKey} StringKey */
/** @typedef {{key: string, label: StringKey, help?: StringKey, type?: "text" | "password" | "number"}} Line */

/**
 * What an administrator may say of a model, beside who serves it.
 * @type {Line[]}
 */
const lines = [
  { key: "model", label: "models.id", help: "models.idHelp" },
  { key: "base_url", label: "models.address", help: "models.addressHelp" },
  { key: "api_key", label: "models.key", help: "models.keyHelp", type: "password" },
  { key: "context_tokens", label: "models.contextTokens", help: "models.contextHelp", type: "number" },
  { key: "input_price", label: "models.inputPrice", help: "models.priceHelp", type: "number" },
  { key: "output_price", label: "models.outputPrice", type: "number" },
  { key: "effort", label: "models.effort", help: "models.effortHelp" },
  { key: "fallback", label: "models.fallback", help: "models.fallbackHelp" },
];
/** @type {{key: "images" | "thinking" | "cache", label: StringKey}[]} */
const flags = [
  { key: "images", label: "models.images" }, { key: "thinking", label: "models.thinking" },
  { key: "cache", label: "models.cache" },
];

/** The form in which an administrator sets a model up, or changes one. */
export class ModelForm {
  #model;
  #saved;
  #name;
  #provider = h("select", { id: `provider-${uniqueId().slice(0, 6)}`, required: true });
  #tools;
  /** @type {Map<string, HTMLInputElement>} */
  #inputs = new Map();
  /** @type {Map<string, HTMLInputElement>} */
  #boxes = new Map();
  #problem = h("div");
  node;

  /**
   * @param {ModelInfo | null} model null for a new one
   * @param {() => void} saved
   */
  constructor(model, saved) {
    this.#model = model;
    this.#saved = saved;
    this.#name = h("input", { type: "text", value: model?.name ?? "", maxlength: 120, required: true, readonly: model !== null, autocomplete: "off" });
    this.#tools = h("input", { type: "checkbox", class: "switch", checked: model?.tools !== "xml" });
    this.node = h("form", { class: "stack model-form", on: { submit: (/** @type {Event} */ event) => this.#submit(event) } },
      field("models.name", null, this.#name), field("models.provider", null, this.#provider),
      lines.map((line) => this.#line(line)), box("models.tools", this.#tools),
      flags.map(({ key, label }) => {
        const input = h("input", { type: "checkbox", class: "switch", checked: model?.[key] === true });
        this.#boxes.set(key, input);
        return box(label, input);
      }),
      this.#problem,
      h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button primary" }, t("form.save")),
        h("button", { type: "button", class: "button", on: { click: () => saved() } }, t("action.cancel"))));
    this.#loadProviders();
  }

  focus() {
    this.node.querySelector("input")?.focus();
    this.node.scrollIntoView({ block: "start" });
  }

  /** @param {Line} line */
  #line({ key, label, help, type = "text" }) {
    const value = this.#model?.[/** @type {keyof ModelInfo} */ (key)] ?? "";
    const input = h("input", { type, value: key === "api_key" ? "" : value, autocomplete: "off", step: type === "number" ? "any" : null, min: type === "number" ? 0 : null });
    if (key === "api_key" && this.#model?.has_key) input.placeholder = t("models.keyKept");
    this.#inputs.set(key, input);
    return field(label, help ?? null, input);
  }

  async #loadProviders() {
    try {
      const providers = await listProviders();
      fill(this.#provider, providers.map(({ id, title }) => h("option", { value: id, selected: id === this.#model?.provider }, title)));
    } catch (error) {
      fill(this.#problem, failure(messageOf(error)));
    }
  }

  #values() {
    /** @type {Record<string, any>} */
    const values = { provider: this.#provider.value, tools: this.#tools.checked ? "native" : "xml" };
    for (const [key, input] of this.#inputs) {
      if (input.value.trim() === "") continue;
      values[key] = input.type === "number" ? input.valueAsNumber : input.value.trim();
    }
    for (const [key, input] of this.#boxes) values[key] = input.checked;
    return values;
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    try {
      await saveModel(this.#name.value.trim(), this.#values());
      this.#saved();
    } catch (error) {
      fill(this.#problem, failure(messageOf(error)));
    }
  }
}

/** @param {StringKey} label @param {StringKey | null} help @param {HTMLElement} control */
function field(label, help, control) {
  control.id ||= `field-${uniqueId().slice(0, 6)}`;
  return h("div", { class: "field" }, h("label", { class: "field-label", for: control.id }, t(label)),
    help && h("p", { class: "quiet field-help" }, t(help)), control);
}

/** @param {StringKey} label @param {HTMLElement} control */
function box(label, control) {
  control.id = `box-${uniqueId().slice(0, 6)}`;
  return h("div", { class: "field switch-field" }, control,
    h("div", {}, h("label", { class: "field-label", for: control.id }, t(label))));
}
