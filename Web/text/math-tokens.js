// @ts-check
// Maths in Markdown, as models write it: \( … \), \[ … \], $ … $ and $$ … $$. Extensions of marked's lexer.

/** No blank line inside: a finished paragraph is never opened again while an answer streams. */
const block = /^ {0,3}(?:\$\$((?:(?!\n\s*\n|\$\$)[\s\S])+)\$\$|\\\[((?:(?!\n\s*\n|\\\])[\s\S])+)\\\])[ \t]*(?:\n|$)/;
/** As in pandoc: no space inside the dollars, and no digit after them, so that prices stay prices. */
const inline = /^(?:\\\(((?:(?!\\\)|\n\s*\n)[\s\S])+)\\\)|\\\[((?:(?!\\\]|\n\s*\n)[\s\S])+)\\\]|\$\$([^$\n]+)\$\$|\$((?![\s$])(?:\\.|[^$\\\n])*?[^\s$\\]|[^\s$\\])\$(?!\d))/;

/** @param {string} source */
function blockMath(source) {
  const match = block.exec(source);
  return match ? { type: "math", raw: match[0], text: (match[1] ?? match[2] ?? "").trim(), isDisplay: true } : undefined;
}

/** @param {string} source */
function inlineMath(source) {
  const match = inline.exec(source);
  if (!match) return undefined;
  const text = match.slice(1).find((part) => part !== undefined) ?? "";
  return { type: "math", raw: match[0], text: text.trim(), isDisplay: match[2] !== undefined || match[3] !== undefined };
}

/** @param {string} source where the next might begin */
const start = (source) => source.search(/\$|\\[([]/);

/** @param {string} source */
const blockStart = (source) => source.match(/\n {0,3}(?:\$\$|\\\[)/)?.index;

/** For the option `extensions` of marked's lexer. */
export const mathTokens = { block: [blockMath], startBlock: [blockStart], inline: [inlineMath], startInline: [start] };
