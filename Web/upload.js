// @ts-check
import { ApiError, connection, errorText } from "./api.js";
import { t } from "./strings.js";

/**
 * Sends one file to an assistant or a thread; one request a file, so that a bad file fails alone.
 * XMLHttpRequest, because `fetch` reports no progress of what is sent.
 * @param {File} file
 * @param {{assistant_id: string} | {thread_id: string}} owner
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<void>} done when the server has read and indexed the file
 */
export function uploadFile(file, owner, { onProgress, signal } = {}) {
  const form = new FormData();
  form.append("config", JSON.stringify({ configurable: owner }));
  form.append("files", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/ingest");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve();
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
