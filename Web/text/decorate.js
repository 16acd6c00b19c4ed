// @ts-check
import { highlight } from "./highlight.js";
import { setMaths } from "./maths.js";

/**
 * Colours the code and sets the maths in a block that changes no more. What a library cannot make out, or what
 * cannot be loaded, stays as it was written.
 * @param {HTMLElement} block
 */
export function decorate(block) {
  for (const node of [block, ...block.querySelectorAll(".code-block, .math")]) {
    if (node.classList.contains("code-block")) highlight(node);
    else if (node instanceof HTMLElement && node.classList.contains("math")) setMaths(node);
  }
}
