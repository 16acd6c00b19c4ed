// @ts-check
import { messageOf } from "../api.js";
import { sendFile } from "../upload.js";

/** Files sent at once: one fills the line, the second hides its pauses. */
const sentAtOnce = 2;

/**
 * Files on their way to the server: a few at a time, the others wait. From `taken` on the server's own queue
 * tells how a file comes along. Fires `change`, and `taken` with what the server said of a file.
 */
export class Uploads extends EventTarget {
  /** @type {{found: import("./dropped-files.js").FoundFile, state: "waiting" | "sending" | "failed", fraction: number, error: string, cancel: AbortController}[]} */
  items = [];
  #owner;

  /** @param {Record<string, string>} owner */
  constructor(owner) {
    super();
    this.#owner = owner;
  }

  /** @param {import("./dropped-files.js").FoundFile[]} files */
  add(files) {
    for (const found of files) {
      this.items.push({ found, state: "waiting", fraction: 0, error: "", cancel: new AbortController() });
    }
    this.#pump();
  }

  /** @param {Uploads["items"][number]} item */
  remove(item) {
    item.cancel.abort();
    this.items = this.items.filter((other) => other !== item);
    this.#changed();
  }

  /** @param {Uploads["items"][number]} item */
  retry(item) {
    item.state = "waiting";
    this.#pump();
  }

  #pump() {
    this.#changed();
    const room = sentAtOnce - this.items.filter(({ state }) => state === "sending").length;
    for (const item of this.items.filter(({ state }) => state === "waiting").slice(0, Math.max(0, room))) this.#send(item);
  }

  /** @param {Uploads["items"][number]} item */
  async #send(item) {
    item.state = "sending";
    try {
      const taken = await sendFile(item.found, this.#owner, {
        signal: item.cancel.signal,
        onProgress: (fraction) => {
          item.fraction = fraction;
          this.#changed();
        },
      });
      this.items = this.items.filter((other) => other !== item);
      this.dispatchEvent(new CustomEvent("taken", { detail: taken }));
    } catch (error) {
      if (!item.cancel.signal.aborted) {
        item.state = "failed";
        item.error = messageOf(error);
      }
    }
    this.#pump();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
