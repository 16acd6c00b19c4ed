// @ts-check
import { t } from "./strings.js";

/** @typedef {{key: string, name: string, title: string, description: string, type: string, initial: any,
 *   choices: string[], tools: ToolKind[]}} Field `name` is the key without its `type==…/` */
/** @typedef {{type: string, name: string, description: string, isMultiUse: boolean, settings: Field[]}} ToolKind */

/**
 * The form's fields as the config schema document describes them.
 * @param {any} document
 */
export function configurableOf(document) {
  const resolve = resolver(document);
  const properties = resolve(resolve(document).properties?.configurable)?.properties ?? {};
  const fields = Object.entries(properties).map(([key, schema]) => fieldOf(key, resolve(schema), resolve));
  const types = fields.find(({ key }) => key === "type")?.choices ?? [];
  const fieldsOf = (/** @type {string} */ type) => fields.filter(({ key }) => key.startsWith(`type==${type}/`)).sort(byOrder);
  return {
    types,
    fieldsOf,
    /**
     * @param {string} type
     * @param {{system_message: string, withRetrieval: boolean}} wishes
     */
    defaults(type, { system_message, withRetrieval }) {
      /** @type {Record<string, any>} */
      const values = { type };
      for (const { key, name, initial, tools } of fieldsOf(type)) {
        values[key] = name === "system_message" ? system_message : initial;
        const retrieval = tools.find((tool) => tool.type === "retrieval");
        if (withRetrieval && retrieval) values[key] = [toolEntry(retrieval)];
      }
      return values;
    },
  };
}

/** @typedef {ReturnType<typeof configurableOf>} Configurable */

/**
 * A tool as an assistant's configuration names it.
 * @param {ToolKind} tool
 */
export function toolEntry(tool) {
  return { type: tool.type, name: tool.name, description: tool.description, config: {} };
}

/** The order people fill the form in; what is not named here comes after, as the schema has it. */
const order = ["system_message", "agent_type", "llm_type", "tools", "retrieval_description", "interrupt_before_action"];

/** @param {Field} left @param {Field} right */
function byOrder(left, right) {
  const rank = (/** @type {Field} */ { name }) => (order.includes(name) ? order.indexOf(name) : order.length);
  return rank(left) - rank(right);
}

/**
 * Follows `$ref` and a lone `allOf`; what stands beside them wins.
 * @param {any} document
 * @returns {(schema: any) => any}
 */
function resolver(document) {
  return (schema) => follow(document, schema, 0);
}

/** References nest no deeper than this; a document that refers to itself ends here. */
const deepestReference = 16;

/**
 * @param {any} document
 * @param {any} schema
 * @param {number} depth
 * @returns {any}
 */
function follow(document, schema, depth) {
  if (!schema || typeof schema !== "object" || depth > deepestReference) return schema ?? {};
  const { $ref, allOf, ...beside } = schema;
  if (typeof $ref === "string") return { ...follow(document, lookUp(document, $ref), depth + 1), ...beside };
  if (Array.isArray(allOf) && allOf.length === 1) return { ...follow(document, allOf[0], depth + 1), ...beside };
  return schema;
}

/**
 * @param {any} document
 * @param {string} reference such as `#/$defs/Name`
 */
function lookUp(document, reference) {
  return reference.replace(/^#\//, "").split("/").reduce((place, step) => place?.[step], document);
}

/**
 * @param {string} key
 * @param {any} schema
 * @param {(schema: any) => any} resolve
 * @returns {Field}
 */
function fieldOf(key, schema, resolve) {
  const tools = schema.type === "array" ? (resolve(schema.items)?.anyOf ?? []).map(resolve) : [];
  const name = key.slice(key.indexOf("/") + 1);
  return {
    key,
    name,
    title: isKnown(name) ? t(`field.${name}`) : schema.title ?? name,
    description: isExplained(name) ? t(`field.${name}.body`) : schema.description ?? "",
    type: schema.type ?? "string",
    initial: schema.default ?? emptyValue(schema.type),
    choices: Array.isArray(schema.enum) ? schema.enum.map(String) : [],
    tools: tools.map((/** @type {any} */ tool) => toolKind(tool, resolve)),
  };
}

/** Fields that this page names in its own language; others keep the names of the server. */
const known = /** @type {const} */ (["system_message", "interrupt_before_action", "retrieval_description", "tools", "collections"]);
const explained = /** @type {const} */ (["interrupt_before_action", "collections"]);

/** @param {string} name @returns {name is typeof known[number]} */
const isKnown = (name) => known.some((own) => own === name);

/** @param {string} name @returns {name is typeof explained[number]} */
const isExplained = (name) => explained.some((own) => own === name);

/** @param {string} type */
function emptyValue(type) {
  if (type === "boolean") return false;
  if (type === "array") return [];
  return "";
}

/**
 * @param {any} schema
 * @param {(schema: any) => any} resolve
 * @returns {ToolKind}
 */
function toolKind(schema, resolve) {
  const { type, name, description, config, multi_use: multiUse } = schema.properties ?? {};
  const settings = Object.entries(resolve(config)?.properties ?? {});
  return {
    type: type?.default ?? type?.const ?? "",
    name: name?.const ?? name?.default ?? "",
    description: description?.const ?? description?.default ?? "",
    isMultiUse: multiUse?.const === true,
    settings: settings.map(([key, setting]) => fieldOf(key, resolve(setting), resolve)),
  };
}
