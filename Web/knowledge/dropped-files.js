// @ts-check

/**
 * A file with the folder it came from; empty for none.
 * @typedef {{file: File, folder: string}} FoundFile
 */

/** Files taken from one drop or choice; more are said to be too many. */
const mostFiles = 5_000;

/**
 * All files of a drop, those in folders too.
 * @param {DataTransfer} transfer
 * @returns {Promise<FoundFile[]>}
 */
export async function droppedFiles(transfer) {
  const entries = Array.from(transfer.items).map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null);
  if (entries.length === 0) return Array.from(transfer.files).map((file) => ({ file, folder: "" }));
  /** @type {FoundFile[]} */
  const found = [];
  for (const entry of entries) if (entry) await collect(entry, "", found);
  return found;
}

/**
 * The files of an `input`, whose folder choice names paths.
 * @param {FileList | null} files
 * @returns {FoundFile[]}
 */
export const chosenFiles = (files) => Array.from(files ?? []).map((file) => ({
  file, folder: file.webkitRelativePath.split("/").slice(0, -1).join("/"),
}));

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @param {FoundFile[]} found
 */
async function collect(entry, folder, found) {
  if (found.length >= mostFiles || entry.name.startsWith(".")) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    found.push({ file, folder });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const path = folder ? `${folder}/${entry.name}` : entry.name;
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const inner of batch) await collect(inner, path, found);
  }
}
