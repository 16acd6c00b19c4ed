// @ts-check
import { listAssistantFiles, messageOf } from "../api.js";
import { mostStarters, startersOf, typeBody, typeName, typeOf } from "../assistant.js";
import { fill, h } from "../dom.js";
import { identity } from "../identity.js";
import { t } from "../strings.js";
import { configField } from "./config-field.js";
import { dropZone } from "./drop-zone.js";
import { failure } from "./failure.js";
import { FileList } from "./file-list.js";
import { copyButton } from "./clipboard.js";
import { shareList } from "./share-list.js";
import { UploadQueue } from "./upload-queue.js";

/** @typedef {import("../types.js").Assistant} Assistant */
/** @typedef {{name: string, config: object, public: boolean}} Values */

/** The form of an assistant, drawn from the config schema. Values of other types are kept as they were. */
export class AssistantForm {
  isChanged = false;
  #schema;
  #assistant;
  #options;
  #type;
  /** @type {Map<string, import("./config-field.js").Control>} */
  #controls = new Map();
  #fields = h("div", { class: "stack" });
  #problem = h("div");
  #files = new UploadQueue();
  #name;
  #public;
  #starters;
  #button = h("button", { type: "submit", class: "button primary" });
  node;

  /**
   * @param {import("../schema.js").Configurable} schema
   * @param {Assistant | null} assistant null for a new one
   * @param {{readOnly: boolean, actions: HTMLElement | null, onSave: (values: Values, files: UploadQueue) => Promise<boolean>}} options
   */
  constructor(schema, assistant, options) {
    this.#schema = schema;
    this.#assistant = assistant;
    this.#options = options;
    this.#type = assistant ? typeOf(assistant) : schema.types.includes("chat_retrieval") ? "chat_retrieval" : schema.types[0] ?? "agent";
    this.#name = h("input", {
      type: "text", id: "assistant-name", value: assistant?.name ?? "", maxlength: 255, autocomplete: "off",
      placeholder: t("form.namePlaceholder"), required: true,
    });
    this.#public = h("input", { type: "checkbox", class: "switch", id: "assistant-public", checked: assistant?.public ?? false });
    this.#starters = h("textarea", {
      id: "assistant-starters", rows: 3, value: startersOf(assistant).join("\n"), placeholder: t("form.startersPlaceholder"),
    });
    this.#button.textContent = t(assistant ? "form.save" : "form.create");
    this.node = h("form", {
      class: "assistant-form", novalidate: true,
      on: { submit: this.#submit.bind(this), input: () => this.#changed(), change: () => this.#changed() },
    }, this.#title(), h("fieldset", { class: "stack plain", disabled: options.readOnly }, this.#body()));
    this.#showFields();
  }

  #title() {
    const { readOnly, actions } = this.#options;
    const title = t(readOnly ? "form.view" : this.#assistant ? "form.edit" : "form.new");
    return h("header", { class: "page-head" }, h("h1", {}, title), actions,
      readOnly ? h("p", { class: "quiet" }, t("form.readOnly")) : null);
  }

  #body() {
    const { readOnly } = this.#options;
    return [
      h("div", { class: "field" }, h("label", { for: "assistant-name", class: "field-label" }, t("form.name")), this.#name),
      this.#typeChoice(), this.#fields, this.#filesField(), this.#startersField(), this.#publicField(), this.#shares(), this.#problem,
      readOnly ? null : h("div", { class: "form-actions" }, this.#button),
    ];
  }

  #typeChoice() {
    const choice = (/** @type {string} */ type) => h("label", { class: "type-choice" },
      h("input", {
        type: "radio", name: "type", value: type, checked: type === this.#type,
        on: { change: () => this.#setType(type) },
      }), h("strong", {}, typeName(type)), h("span", { class: "quiet" }, typeBody(type)));
    return h("fieldset", { class: "field" }, h("legend", { class: "field-label" }, t("form.type")),
      h("div", { class: "type-choices" }, this.#schema.types.map(choice)));
  }

  #filesField() {
    const readOnly = this.#options.readOnly;
    const id = this.#assistant?.assistant_id;
    const list = id ? new FileList(() => listAssistantFiles(id), { readOnly }) : null;
    list?.refresh();
    this.#files.addEventListener("change", () => {
      this.#useRetrieval();
      if (!list || this.#files.isSending) return;
      list.refresh().then(() => this.#files.clearDone());
    });
    if (id && !readOnly) this.#files.sendTo({ assistant_id: id });
    return h("section", { class: "field files-field", "aria-labelledby": "files-title" },
      h("h2", { class: "field-label", id: "files-title" }, t("form.files")),
      h("p", { class: "quiet field-help" }, t("form.filesBody")),
      list?.node, this.#files.node, readOnly ? null : dropZone((files) => this.#files.add(files)));
  }

  #startersField() {
    return h("div", { class: "field" }, h("label", { for: "assistant-starters", class: "field-label" }, t("form.starters")),
      h("p", { class: "quiet field-help" }, t("form.startersBody")), this.#starters);
  }

  #publicField() {
    const address = this.#assistant && `${location.origin}/#/assistant/${this.#assistant.assistant_id}`;
    const link = address && h("p", { class: "share-link" }, h("span", { class: "quiet" }, t("form.shareLink")),
      h("code", {}, address), copyButton(t("action.copy"), () => address));
    const show = () => link && (link.hidden = !this.#public.checked);
    this.#public.addEventListener("change", show);
    show();
    return h("div", { class: "field switch-field" }, this.#public,
      h("div", {}, h("label", { for: "assistant-public", class: "field-label" }, t("form.public")),
        h("p", { class: "quiet field-help" }, t("form.publicBody")), link));
  }

  /** Only its owner shares it, and only where there are others. */
  #shares() {
    const isOwn = this.#assistant && identity.hasPeople && this.#assistant.user_id === identity.account?.user_id;
    return isOwn && this.#assistant ? shareList(this.#assistant.assistant_id) : null;
  }

  #showFields() {
    /** @type {Record<string, any>} */
    const values = this.#assistant?.config?.configurable ?? {};
    for (const field of this.#schema.fieldsOf(this.#type)) {
      if (this.#controls.has(field.key)) continue;
      this.#controls.set(field.key, configField(field, values[field.key]));
    }
    const shown = this.#schema.fieldsOf(this.#type).map(({ key }) => this.#controls.get(key)?.node);
    fill(this.#fields, shown);
    const files = this.node.querySelector(".files-field");
    if (files instanceof HTMLElement) files.hidden = this.#type === "chatbot";
    this.#showRetrievalText();
  }

  /** How the file search is described to the model matters only once the model can use it. */
  #showRetrievalText() {
    const description = this.#controls.get(`type==${this.#type}/retrieval_description`);
    const tools = this.#controls.get(`type==${this.#type}/tools`)?.value() ?? [];
    if (description) description.node.hidden = !tools.some((/** @type {any} */ { type }) => type === "retrieval");
  }

  /** @param {string} type */
  #setType(type) {
    this.#type = type;
    this.#showFields();
  }

  /** Files are of no use to an agent that cannot look into them. */
  #useRetrieval() {
    if (this.#files.count === 0) return;
    const control = this.#controls.get(`type==${this.#type}/tools`);
    control?.ensure?.("retrieval");
    this.#showRetrievalText();
  }

  #changed() {
    this.isChanged = !this.#options.readOnly;
    this.#showRetrievalText();
  }

  /** What the form says now, saved or not. @returns {Record<string, any>} */
  get configurable() {
    return /** @type {any} */ (this.#values().config).configurable;
  }

  /** @returns {Values} */
  #values() {
    /** @type {Record<string, any>} */
    const configurable = { ...this.#assistant?.config?.configurable, type: this.#type };
    for (const { key } of this.#schema.fieldsOf(this.#type)) configurable[key] = this.#controls.get(key)?.value();
    configurable.starters = this.#starters.value.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, mostStarters);
    return { name: this.#name.value.trim(), config: { ...this.#assistant?.config, configurable }, public: this.#public.checked };
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#name.value.trim() === "") {
      fill(this.#problem, failure(t("form.nameMissing")));
      this.#name.setAttribute("aria-invalid", "true");
      return this.#name.focus();
    }
    const label = this.#button.textContent;
    this.#button.disabled = true;
    this.#button.textContent = t("form.saving");
    this.isChanged = false;
    try {
      await this.#options.onSave(this.#values(), this.#files);
    } catch (error) {
      this.isChanged = true;
      fill(this.#problem, failure(messageOf(error)));
    }
    this.#button.disabled = false;
    this.#button.textContent = label;
  }
}
