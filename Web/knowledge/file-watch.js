// @ts-check
import { watchFiles } from "../api.js";
import { readEvents } from "../chat/event-stream.js";
import { ownerOf } from "./places.js";

/** Milliseconds until a broken stream is taken up again; each failure doubles them. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Tells how the files of a place come along, until it is stopped. Fires `file` (a `StoredFile` as `detail`),
 * `deleted` (its id), and `gap` when changes may have been missed: then the list is to be read anew.
 */
export class FileWatch extends EventTarget {
  #place;
  #stopped = new AbortController();
  #lastId = /** @type {string | null} */ (null);

  /** @param {import("./places.js").Place} place */
  constructor(place) {
    super();
    this.#place = place;
    this.#follow();
  }

  stop() {
    this.#stopped.abort();
  }

  async #follow() {
    let wait = firstWaitMs;
    while (!this.#stopped.signal.aborted) {
      try {
        const response = await watchFiles(ownerOf(this.#place), this.#lastId, this.#stopped.signal);
        wait = firstWaitMs;
        if (response.body) await this.#read(response.body);
      } catch {
        // The notice at the top says that the server is away; here it is only tried again.
      }
      if (this.#stopped.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, longestWaitMs);
    }
  }

  /** @param {ReadableStream<Uint8Array>} body */
  async #read(body) {
    for await (const { event, data, id } of readEvents(body)) {
      if (this.#stopped.signal.aborted) return;
      if (id) this.#lastId = id;
      const value = JSON.parse(data);
      if (event === "open") this.#tell("gap", value);
      else if (event === "file") this.#tell("file", value);
      else if (event === "deleted") this.#tell("deleted", value.file_id);
    }
  }

  /** @param {string} type @param {any} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
