// @ts-check
import { createService, getService, messageOf, tryService, updateService } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { showDialog } from "./dialog.js";
import { actionButton, failure } from "./failure.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").Service} Service */
/** @typedef {import("../types.js").ServiceOperation} Operation */

/** How a service wants to be shown who asks; the second word is the label of a name, where there is one. */
const authentications = /** @type {const} */ ([
  ["none", null], ["bearer", null], ["basic", "service.userName"], ["api_key_header", "service.headerName"],
  ["api_key_query", "service.queryName"],
]);

/**
 * Asks for an OpenAPI document, as text, as a file or by its address, and describes a service by it.
 * @returns {Promise<Service | null>}
 */
export function askForDocument() {
  const url = h("input", { type: "text", id: "document-url", placeholder: "https://api.example.org/openapi.json", inputmode: "url" });
  const text = h("textarea", { id: "document-text", rows: 6, class: "code-field", placeholder: "openapi: 3.1.0" });
  const base = h("input", { type: "text", id: "document-base", placeholder: "https://api.example.org", inputmode: "url" });
  const file = h("input", {
    type: "file", id: "document-file", accept: ".json,.yaml,.yml,application/json,application/yaml",
    on: { change: async () => { text.value = (await file.files?.[0]?.text()) ?? text.value; } },
  });
  const problem = h("div");
  return showDialog(t("service.add"), (close) => {
    const button = h("button", { type: "submit", class: "button primary" }, t("service.read"));
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        const document = text.value.trim();
        close(await createService({ ...(document ? { document } : { url: url.value.trim() }), base_url: base.value.trim() || null }));
      } catch (error) {
        fill(problem, failure(messageOf(error)));
        button.disabled = false;
      }
    };
    return [h("form", { class: "stack", on: { submit } },
      h("p", { class: "quiet" }, t("service.addBody")),
      labelled("document-url", t("service.link"), url), labelled("document-file", t("service.file"), file),
      labelled("document-text", t("service.text"), text), labelled("document-base", t("service.baseOptional"), base), problem,
      h("div", { class: "dialog-actions" }, actionButton(t("action.cancel"), () => close(null)), button))];
  });
}

/** One service: its name and address, who asks, which operations assistants may call, and a trial of each. */
export class ServiceEditor {
  #service;
  #onDone;
  #name;
  #base;
  #kind;
  #authName = h("input", { type: "text", id: "service-auth-name", autocomplete: "off" });
  #secret = h("input", { type: "password", id: "service-secret", autocomplete: "new-password" });
  #auth = h("div", { class: "stack" });
  #operations = h("div", { class: "stack" });
  #problem = h("div");
  /** @type {Map<string, HTMLInputElement>} */
  #boxes = new Map();
  node;

  /**
   * @param {Service} service
   * @param {() => void} onDone told when the person is through with it
   */
  constructor(service, onDone) {
    this.#service = service;
    this.#onDone = onDone;
    this.#name = h("input", { type: "text", id: "service-name", value: service.name, maxlength: 200, required: true });
    this.#base = h("input", { type: "text", id: "service-base", value: service.base_url, inputmode: "url", required: true });
    this.#kind = h("select", { id: "service-auth", on: { change: () => this.#showAuthentication() } },
      authentications.map(([value]) => h("option", { value, selected: value === service.authentication.type }, t(`service.auth.${value}`))));
    this.#authName.value = service.authentication.name ?? "";
    this.node = h("form", { class: "stack service-editor", on: { submit: (/** @type {Event} */ event) => this.#save(event) } },
      h("h3", {}, service.name), labelled("service-name", t("service.name"), this.#name),
      labelled("service-base", t("service.base"), this.#base), labelled("service-auth", t("service.auth"), this.#kind), this.#auth,
      h("h4", {}, t("service.choose")), this.#operations, this.#problem,
      h("div", { class: "form-actions" }, actionButton(t("action.close"), onDone),
        h("button", { type: "submit", class: "button primary" }, t("form.save"))));
    this.#showAuthentication();
    this.#loadOperations();
  }

  #showAuthentication() {
    const kind = authentications.find(([value]) => value === this.#kind.value);
    const label = kind?.[1];
    this.#secret.placeholder = this.#service.has_secret ? t("service.secretKept") : "";
    fill(this.#auth, label && labelled("service-auth-name", t(label), this.#authName),
      kind?.[0] !== "none" && labelled("service-secret", t("service.secret"), this.#secret));
  }

  async #loadOperations() {
    try {
      const { available_operations: operations = [] } = this.#service.available_operations
        ? this.#service : await getService(this.#service.tool_id);
      const chosen = new Set(this.#service.operations);
      fill(this.#operations, operations.length === 0 ? h("p", { class: "quiet" }, t("service.noOperations"))
        : h("ul", { class: "operation-list" }, operations.map((operation) => this.#row(operation, chosen.has(operation.id)))));
    } catch (error) {
      fill(this.#operations, failure(messageOf(error)));
    }
  }

  /**
   * @param {Operation} operation
   * @param {boolean} isChosen
   */
  #row(operation, isChosen) {
    const id = `operation-${operation.id}`;
    const box = h("input", { type: "checkbox", id, class: "switch", checked: isChosen && !operation.obstacle, disabled: !!operation.obstacle });
    this.#boxes.set(operation.id, box);
    return h("li", {}, box, h("div", {},
      h("label", { for: id }, h("span", { class: "badge method" }, operation.method.toUpperCase()), " ", h("code", {}, operation.path)),
      h("p", { class: "quiet" }, operation.obstacle ?? operation.summary)),
    !operation.obstacle && actionButton(t("service.try"), () => this.#try(operation), "small"));
  }

  /** @param {Operation} operation */
  async #try(operation) {
    if (!(await this.#store())) return;
    const names = Object.keys(operation.parameters?.properties ?? {});
    const sample = Object.fromEntries(names.map((name) => [name, ""]));
    const input = h("textarea", { id: "try-arguments", rows: 5, class: "code-field", value: JSON.stringify(sample, null, 2) });
    const outcome = h("div", { "aria-live": "polite" });
    const attempt = async () => {
      fill(outcome, h("p", { class: "quiet" }, h("span", { class: "spinner" })));
      try {
        const { ok, result } = await tryService(this.#service.tool_id, { operation: operation.id, arguments: JSON.parse(input.value) });
        const text = typeof result === "string" ? result : JSON.stringify(result, null, 2);
        fill(outcome, ok ? h("pre", { class: "tool-result", tabindex: "0" }, text) : failure(text));
      } catch (error) {
        fill(outcome, failure(error instanceof SyntaxError ? t("approval.notJSON", { name: t("approval.arguments") }) : messageOf(error)));
      }
    };
    await showDialog(`${operation.method.toUpperCase()} ${operation.path}`, (close) => [
      labelled("try-arguments", t("approval.arguments"), input), outcome,
      h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null)),
        actionButton(t("service.send"), attempt, "primary"))]);
  }

  /** @param {Event} event */
  async #save(event) {
    event.preventDefault();
    if (!(await this.#store())) return;
    toast(t("service.saved"));
    this.#onDone();
  }

  /** @returns {Promise<boolean>} whether it is stored */
  async #store() {
    const operations = [...this.#boxes].filter(([, box]) => box.checked).map(([id]) => id);
    /** @type {any} */
    const changes = {
      name: this.#name.value.trim(), base_url: this.#base.value.trim(), operations,
      authentication: { type: this.#kind.value, name: this.#authName.value.trim() || null },
    };
    if (this.#secret.value) changes.secret = this.#secret.value;
    try {
      const { has_secret: hasSecret } = await updateService(this.#service.tool_id, changes);
      this.#service = { ...this.#service, ...changes, has_secret: hasSecret };
      this.#secret.value = "";
      fill(this.#problem);
      return true;
    } catch (error) {
      fill(this.#problem, failure(messageOf(error)));
      return false;
    }
  }
}

/** @param {string} id @param {string} label @param {HTMLElement} control */
const labelled = (id, label, control) =>
  h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, label), control);
