// @ts-check
// The page at /docs: /openapi.json, for people.
import { fill, h } from "./dom.js";

/** @typedef {Record<string, any>} Json */

const methods = ["get", "post", "put", "delete"];

const reply = await fetch("/openapi.json");
/** @type {Json} */
const api = await reply.json();
fill(document.body, page());
showTarget();
addEventListener("hashchange", showTarget);

function page() {
  return h("main", {},
    h("h1", {}, `${api.info.title} ${api.info.version}`),
    prose(api.info.description),
    h("nav", { "aria-label": "Groups" },
      api.tags.map((/** @type {Json} */ tag) => h("a", { href: `#${tag.name}` }, tag.name)),
      h("a", { href: "#schemas-of-bodies" }, "Shapes"), h("a", { href: "/openapi.json" }, "openapi.json")),
    api.tags.flatMap(group),
    h("h2", { id: "schemas-of-bodies" }, "Shapes"),
    h("p", {}, "What bodies and replies are made of."),
    Object.entries(api.components.schemas).sort().map(([name, schema]) => shape(name, schema)));
}

/** @param {Json} tag */
function group(tag) {
  const operations = Object.entries(api.paths).sort().flatMap(([path, item]) =>
    methods.filter((method) => item[method]?.tags.includes(tag.name))
      .map((method) => operation(method, path, item[method])));
  return [h("h2", { id: tag.name }, tag.name), prose(tag.description), ...operations];
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Json} about
 */
function operation(method, path, about) {
  return h("details", { id: about.operationId },
    h("summary", {},
      h("span", { class: "method", data: { method } }, method), h("code", { class: "path" }, path),
      h("span", { class: "about" }, about.summary)),
    h("div", { class: "inside" },
      about.security ? null : h("p", {}, "Anyone may ask."),
      about.parameters ? [h("h3", {}, "Parameters"), rows(about.parameters.map(parameter))] : null,
      Object.entries(about.requestBody?.content ?? {}).flatMap(([type, { schema }]) =>
        [h("h3", {}, "Body, ", h("code", {}, type)), described(schema)]),
      h("h3", {}, "Replies"), rows(Object.entries(about.responses).map(answer))));
}

/** @param {Json} parameter */
function parameter({ name, in: place, required, schema, description }) {
  return row([h("code", {}, name)], [`${place}${required ? ", required" : ""}: `, ...words(schema)], description);
}

/** @param {[string, Json]} entry */
function answer([status, given]) {
  const response = given.$ref ? target(given.$ref) : given;
  const kinds = Object.entries(response.content ?? {}).flatMap(([type, { schema }], place) =>
    [place > 0 ? ", " : null, type === "application/json" ? null : h("code", {}, `${type} `), ...words(schema)]);
  return row([h("code", {}, status)], kinds, response.description);
}

/**
 * @param {string} name
 * @param {Json} schema
 */
function shape(name, schema) {
  return h("details", { id: `shape-${name}` },
    h("summary", {}, h("code", { class: "path" }, name), h("span", { class: "about" }, schema.description)),
    h("div", { class: "inside" }, described(schema)));
}

// Schemas in words

/**
 * A schema at length: the members of an object each on a row, anything else in a line.
 * @param {Json} schema
 * @returns {Node}
 */
function described(schema) {
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return h("div", {}, h("p", {}, ...words(schema)), described(api.components.schemas[name]));
  }
  if (!schema.properties) return h("p", {}, ...words(schema));
  const required = new Set(schema.required ?? []);
  return rows(Object.entries(schema.properties).sort(([a], [b]) =>
    Number(required.has(b)) - Number(required.has(a)) || a.localeCompare(b))
    .map(([name, member]) => row(
      [h("code", {}, name)], [required.has(name) ? null : "optional: ", ...words(member)], member.description)));
}

/**
 * A schema in a line.
 * @param {any} schema
 * @returns {(Node | string | null)[]}
 */
function words(schema) {
  if (schema === false) return ["nothing"];
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return [h("a", { href: `#shape-${name}` }, name)];
  }
  if ("const" in schema) return [h("code", {}, JSON.stringify(schema.const))];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !schema.properties) return joined(choices.map(words), " or ");
  if (schema.enum) return joined(schema.enum.map((/** @type {any} */ word) => [h("code", {}, JSON.stringify(word))]), " or ");
  if (schema.contentSchema) return ["JSON text of ", ...words(schema.contentSchema)];
  if (schema.type === "array") return schema.items ? ["list of ", ...words(schema.items)] : ["list"];
  if (schema.properties) return ["object with ", ...joined(Object.entries(schema.properties).map(
    ([name, member]) => [h("code", {}, name), ": ", ...words(member)]), ", ")];
  return [[schema.type ?? "anything"].flat().join(" or "), ...bounds(schema)];
}

/** @param {Json} schema */
function bounds(schema) {
  const parts = [
    schema.format, schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER && `to ${schema.maximum}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.default !== undefined && `else ${JSON.stringify(schema.default)}`,
  ].filter(Boolean);
  return parts.length ? [` (${parts.join(", ")})`] : [];
}

/**
 * @param {(Node | string | null)[][]} lists
 * @param {string} separator
 */
function joined(lists, separator) {
  return lists.flatMap((list, place) => place === 0 ? list : [separator, ...list]);
}

/** @param {string} reference */
function nameOf(reference) {
  return reference.split("/").at(-1) ?? "";
}

/**
 * @param {string} reference
 * @returns {Json}
 */
function target(reference) {
  return reference.split("/").slice(1).reduce((value, name) => value[name], api);
}

// Parts of the page

/** @param {Node[]} content */
function rows(content) {
  return h("table", {}, h("tbody", {}, content));
}

/**
 * @param {Node[]} name
 * @param {(Node | string | null)[]} kind
 * @param {string} [about]
 */
function row(name, kind, about) {
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, kind), h("td", { class: "about" }, spans(about ?? "")));
}

/** @param {string} text */
function prose(text) {
  return h("p", {}, spans(text));
}

/**
 * Text with its `code`.
 * @param {string} text
 */
function spans(text) {
  return text.split("`").map((part, place) => place % 2 ? h("code", {}, part) : part);
}

/** Opens what the address points at. */
function showTarget() {
  const element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (element instanceof HTMLDetailsElement) element.open = true;
  element?.scrollIntoView();
}
