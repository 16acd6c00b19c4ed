// @ts-check
import { h } from "../dom.js";

/** Longer code is shown in one colour: it would hold up the page. */
const mostCharacters = 100_000;

/**
 * What models call languages, where the library has another name.
 * @type {Record<string, string>}
 */
const otherNames = {
  sh: "bash", shell: "bash", zsh: "bash", console: "bash", yml: "yaml", dockerfile: "docker", "c++": "cpp", "c#": "csharp",
  golang: "go", ps1: "powershell",
};

/**
 * Colours a block of code in the language it names.
 * @param {Element} block
 */
export async function highlight(block) {
  const code = block.querySelector("pre > code");
  const text = code?.textContent ?? "";
  const name = (block.querySelector(".code-language")?.textContent ?? "").toLowerCase();
  if (!code || name === "" || text.length > mostCharacters) return;
  const library = await load();
  const grammar = library?.languages[otherNames[name] ?? name];
  if (grammar && typeof grammar === "object" && code.textContent === text) code.replaceChildren(...nodes(library.tokenize(text, grammar)));
}

/** @type {Promise<any> | undefined} */
let loading;

/** The library, once it is needed; null when it cannot be had. */
function load() {
  loading ??= import(/** @type {any} */ ("../vendor/prism.js")).then((module) => module.default, () => null);
  return loading;
}

/**
 * The library's tokens as nodes; nothing passes through markup.
 * @param {any} tokens
 * @returns {(Node | string)[]}
 */
function nodes(tokens) {
  if (typeof tokens === "string") return [tokens];
  if (Array.isArray(tokens)) return tokens.flatMap(nodes);
  return [h("span", { class: `code-${tokens.type}` }, nodes(tokens.content).map((node) => (typeof node === "string" ? document.createTextNode(node) : node)))];
}
