// @ts-check

/** @typedef {import("../types.js").Passage} Passage */

/**
 * The passages in a tool's result, from either shape the server gives; empty when it holds none.
 * @param {import("../types.js").Message} message
 * @returns {Passage[]}
 */
export function passagesOf(message) {
  const documents = documentList(message.artifact) ?? documentList(message.content) ?? [];
  return documents.map(passage);
}

/** @param {any} value */
function documentList(value) {
  const isDocument = (/** @type {any} */ item) =>
    typeof item?.page_content === "string" || (typeof item?.text === "string" && "chunk_id" in item);
  return Array.isArray(value) && value.length > 0 && value.every(isDocument) ? value : null;
}

/** @param {any} document as the server writes a passage, or as LangChain writes a document @returns {Passage} */
export function passage(document) {
  const facts = document.metadata ?? document;
  return {
    fileId: facts.file_id ?? null,
    name: facts.source ?? "",
    page: facts.page ?? null,
    start: facts.start ?? null,
    end: facts.end ?? null,
    quote: document.page_content ?? document.text ?? "",
    textRank: facts.text_rank ?? null,
    vectorRank: facts.vector_rank ?? null,
    chunkId: facts.chunk_id ?? null,
    textScore: facts.text_score ?? null,
    similarity: facts.similarity ?? null,
  };
}

/** @param {import("../types.js").Citation} citation @returns {Passage} */
export function citedPassage(citation) {
  return {
    fileId: citation.file_id ?? null,
    name: citation.source ?? "",
    page: citation.page ?? null,
    start: citation.start ?? null,
    end: citation.end ?? null,
    quote: citation.quote ?? "",
    textRank: null,
    vectorRank: null,
    hash: citation.hash ?? null,
  };
}

/** @param {import("../types.js").FoundInFile} found @returns {Passage} */
export function foundPassage(found) {
  return {
    fileId: found.file_id, name: found.file_name, page: found.page ?? null, start: found.start, end: found.end,
    quote: found.excerpt.map(({ text }) => text).join(""), textRank: null, vectorRank: null,
  };
}
