// @ts-check
import { h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { ModelPicker } from "./model-picker.js";
import { collectionPicker } from "./collection-picker.js";
import { ToolPicker } from "./tool-picker.js";

/** @typedef {import("../schema.js").Field} Field */
/** @typedef {{node: HTMLElement, value: () => any, ensure?: (tool: string) => void}} Control */

/**
 * The control a field of the config schema asks for; every kind of value has one.
 * @param {Field} field
 * @param {any} value
 * @returns {Control}
 */
export function configField(field, value) {
  const current = value ?? field.initial;
  if (field.name === "collections") return collectionPicker(field.title, Array.isArray(current) ? current : []);
  if (field.tools.length > 0) return toolsControl(field, current);
  if (field.choices.length > 0) return choiceControl(field, current);
  if (field.type === "boolean") return switchControl(field, current === true);
  if (field.type === "integer" || field.type === "number") return numberControl(field, current);
  if (field.type === "string" || field.type === undefined) return textControl(field, String(current));
  return jsonControl(field, current);
}

/** @param {Field} field @param {any} value @returns {Control} */
function toolsControl(field, value) {
  const picker = new ToolPicker(field.tools, Array.isArray(value) ? value : []);
  const group = h("fieldset", { class: "field", data: { field: field.name } }, h("legend", { class: "field-label" }, field.title), picker.node);
  return { node: group, value: () => picker.value(), ensure: (tool) => picker.ensure(tool) };
}

/** @param {Field} field @param {any} value @returns {Control} */
function choiceControl(field, value) {
  if (isModel(field)) return modelControl(field, String(value));
  const known = field.choices.includes(value) ? field.choices : [...field.choices, String(value)];
  const id = fieldId(field);
  const select = h("select", { id }, known.map((choice) => h("option", { value: choice, selected: choice === value }, choice)));
  return { node: labelled(field, id, select), value: () => select.value };
}

/** @param {Field} field @param {string} value @returns {Control} */
function modelControl(field, value) {
  const picker = new ModelPicker(field.choices, value);
  return { node: labelled(field, picker.id, picker.node), value: () => picker.value };
}

/** @param {Field} field @param {boolean} value @returns {Control} */
function switchControl(field, value) {
  const id = fieldId(field);
  const box = h("input", { type: "checkbox", id, class: "switch", checked: value });
  const node = h("div", { class: "field switch-field" }, box,
    h("div", {}, h("label", { for: id, class: "field-label" }, field.title), description(field)));
  return { node, value: () => box.checked };
}

/** @param {Field} field @param {any} value @returns {Control} */
function numberControl(field, value) {
  const id = fieldId(field);
  const input = h("input", { type: "number", id, step: field.type === "integer" ? 1 : "any", value });
  return { node: labelled(field, id, input), value: () => (input.value === "" ? field.initial : input.valueAsNumber) };
}

/** @param {Field} field @param {string} value @returns {Control} */
function textControl(field, value) {
  const id = fieldId(field);
  const isLong = /message|description|prompt|instructions/.test(field.name) || value.includes("\n");
  const isSecret = /key|secret|token|password/i.test(field.name);
  const input = isLong
    ? h("textarea", { id, rows: 5, value })
    : h("input", { type: isSecret ? "password" : "text", id, value, autocomplete: "off" });
  return { node: labelled(field, id, input), value: () => input.value };
}

/** @param {Field} field @param {any} value @returns {Control} */
function jsonControl(field, value) {
  const id = fieldId(field);
  const input = h("textarea", { id, rows: 4, class: "code-field", value: JSON.stringify(value, null, 2) });
  const read = () => {
    try {
      return JSON.parse(input.value);
    } catch {
      return value;
    }
  };
  return { node: labelled(field, id, input), value: read };
}

/** @param {Field} field @param {string} id @param {HTMLElement} control */
function labelled(field, id, control) {
  return h("div", { class: "field", data: { field: field.name } },
    h("label", { for: id, class: "field-label" }, titleOf(field)), description(field), control);
}

/**
 * The original calls the model by the name of its type; people call it a model.
 * @param {Field} field
 */
function titleOf(field) {
  return isModel(field) ? t("form.model") : field.title;
}

/** @param {Field} field */
const isModel = ({ name }) => name === "agent_type" || name === "llm_type";

/** @param {Field} field */
const description = (field) => field.description ? h("p", { class: "quiet field-help" }, field.description) : null;

/** @param {Field} field */
const fieldId = (field) => `${field.name}-${uniqueId().slice(0, 6)}`;
