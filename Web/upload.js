// @ts-check
import { ApiError, connection, errorText } from "./api.js";
import { t } from "./strings.js";

/**
 * Sends one file to a place and returns as soon as it is safe there; the server goes on with it.
 * @param {import("./knowledge/dropped-files.js").FoundFile} found
 * @param {Record<string, string>} owner
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<{outcome: "new" | "changed" | "known", file: import("./types.js").StoredFile}>}
 */
export async function sendFile({ file, folder }, owner, options) {
  const form = new FormData();
  form.append("config", JSON.stringify({ configurable: owner }));
  if (folder) form.append("folder", folder);
  form.append("files", file, file.name);
  return JSON.parse(await post("/files", form, options))[0];
}

/**
 * Sends one file to an assistant or a thread; one request a file, so that a bad file fails alone.
 * XMLHttpRequest, because `fetch` reports no progress of what is sent.
 * @param {File} file
 * @param {{assistant_id: string} | {thread_id: string}} owner
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<void>} done when the server has read and indexed the file
 */
export async function uploadFile(file, owner, options = {}) {
  const form = new FormData();
  form.append("config", JSON.stringify({ configurable: owner }));
  form.append("files", file, file.name);
  await post("/ingest", form, options);
}

/**
 * @param {string} path
 * @param {FormData} form
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<string>} the body of a success
 */
function post(path, form, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(request.responseText);
      else reject(new ApiError(request.status, errorText(request.status, request.responseText)));
    });
    request.addEventListener("error", () => {
      connection.dispatchEvent(new Event("lost"));
      reject(new ApiError(0, t("error.offline")));
    });
    request.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
