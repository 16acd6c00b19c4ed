// @ts-check

/** @typedef {{kind: "same" | "gone" | "new", text: string}} DiffLine */

/** Longer texts are compared as a whole: the table of the comparison grows with the square. */
const mostLines = 600;

/**
 * What changed between two texts, line by line: the longest common subsequence stays.
 * @param {string} before
 * @param {string} after
 * @returns {DiffLine[]}
 */
export function lineDiff(before, after) {
  const left = before.split("\n");
  const right = after.split("\n");
  if (left.length > mostLines || right.length > mostLines) return [...lines("gone", left), ...lines("new", right)];
  const lengths = commonLengths(left, right);
  /** @type {DiffLine[]} */
  const diff = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) diff.push({ kind: "same", text: left[i++] ?? "" }), j++;
    else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) diff.push({ kind: "gone", text: left[i++] ?? "" });
    else diff.push({ kind: "new", text: right[j++] ?? "" });
  }
  return [...diff, ...lines("gone", left.slice(i)), ...lines("new", right.slice(j))];
}

/**
 * @param {DiffLine["kind"]} kind
 * @param {string[]} texts
 * @returns {DiffLine[]}
 */
const lines = (kind, texts) => texts.map((text) => ({ kind, text }));

/**
 * `lengths[i][j]`: how many lines the rests from `i` and from `j` have in common.
 * @param {string[]} left
 * @param {string[]} right
 */
function commonLengths(left, right) {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = /** @type {Uint16Array} */ (lengths[i]);
    const below = /** @type {Uint16Array} */ (lengths[i + 1]);
    for (let j = right.length - 1; j >= 0; j -= 1) {
      row[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
