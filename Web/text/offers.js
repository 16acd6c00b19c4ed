// @ts-check

/** @typedef {import("../types.js").MCPContents} MCPContents */
/** @typedef {import("../types.js").MCPResource} MCPResource */

/** What files of these types are called, so that they are read as what they are. */
const endings = /** @type {Record<string, string>} */ ({
  "text/markdown": "md", "text/html": "html", "application/json": "json", "text/csv": "csv", "application/pdf": "pdf",
});

/**
 * What a prompt would have the person say. What it puts into the assistant's mouth is left out: nobody said it.
 * @param {{messages?: {role: string, content: any}[]}} prompt
 */
export function textOfPrompt({ messages = [] }) {
  return messages.filter(({ role }) => role === "user").map(({ content }) => content?.text ?? content?.resource?.text ?? "")
    .filter((text) => text !== "").join("\n\n");
}

/**
 * A resource's parts as files, named after it.
 * @param {MCPContents[]} contents
 * @param {MCPResource | undefined} resource
 */
export function contentsAsFiles(contents, resource) {
  return contents.map((part, place) => {
    const bytes = part.text ?? Uint8Array.from(atob(part.blob ?? ""), (letter) => letter.charCodeAt(0));
    const type = (part.mimeType ?? resource?.mimeType ?? "text/plain").split(";")[0] ?? "";
    return new File([bytes], nameOf(part.uri ?? resource?.uri ?? "", resource?.name, type, place), { type });
  });
}

/**
 * @param {string} uri
 * @param {string | undefined} title
 * @param {string} type
 * @param {number} place among the parts of a resource
 */
function nameOf(uri, title, type, place) {
  const last = uri.replace(/[?#].*$/, "").split("/").filter((part) => part !== "").at(-1) ?? "";
  const base = (/\.[a-z0-9]{1,5}$/i.test(last) ? last : title ?? last).replace(/[\\/:\0]/g, "_") || "resource";
  const numbered = place > 0 ? `${place + 1}-${base}` : base;
  return /\.[a-z0-9]{1,5}$/i.test(numbered) ? numbered : `${numbered}.${endings[type] ?? "txt"}`;
}
