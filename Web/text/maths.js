// @ts-check

/** Bounds of what a formula may ask for: expansions of macros, and sizes in em. */
const limits = { maxExpand: 500, maxSize: 20 };

/**
 * Sets a formula as MathML, which browsers draw and read out by themselves: no fonts, no styles.
 * @param {HTMLElement} node holds the source; what cannot be read stays as it is
 */
export async function setMaths(node) {
  if (node.dataset.set) return;
  node.dataset.set = "yes";
  const library = await load();
  const source = node.dataset.source ?? "";
  try {
    library?.render(source, node, {
      ...limits, output: "mathml", displayMode: node.dataset.display === "true", throwOnError: true, trust: false, strict: "ignore",
    });
  } catch {
    // Not TeX, or more than this knows.
  }
}

/** @type {Promise<any> | undefined} */
let loading;

/** The library, once it is needed; null when it cannot be had. */
function load() {
  loading ??= import(/** @type {any} */ ("../vendor/katex.js")).then(() => /** @type {any} */ (window).katex, () => null);
  return loading;
}
