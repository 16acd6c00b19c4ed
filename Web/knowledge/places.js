// @ts-check

/**
 * Whose knowledge files are: an assistant's, a chat's or a collection's.
 * @typedef {{kind: "assistant" | "thread" | "collection", id: string}} Place
 */

const kinds = /** @type {const} */ (["assistant", "thread", "collection"]);

/** @param {string} kind @param {string} id @returns {Place | null} */
export function placeOf(kind, id) {
  const known = kinds.find((name) => name === kind);
  return known ? { kind: known, id } : null;
}

/**
 * The place as an upload's `configurable` and a query name it.
 * @param {Place} place
 * @returns {Record<string, string>}
 */
export const ownerOf = ({ kind, id }) => ({ [`${kind}_id`]: id });

/** @param {Place} place */
export const placePath = ({ kind, id }) => `/knowledge/${kind}/${encodeURIComponent(id)}`;
