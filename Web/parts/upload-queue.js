// @ts-check
import { messageOf } from "../api.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { uploadFile } from "../upload.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** @typedef {{assistant_id: string} | {thread_id: string}} Owner */
/** @typedef {{file: File, state: "waiting" | "sending" | "done" | "failed", node: HTMLElement,
 *   status: HTMLElement, bar: HTMLProgressElement, cancel: AbortController}} Item */

/**
 * Files on their way to an assistant or a thread, one after the other, each with its own fate.
 * Fires `change` when one is done, failed or removed. Until `sendTo` names an owner they wait.
 */
export class UploadQueue extends EventTarget {
  node = h("ul", { class: "upload-queue", hidden: true });
  /** @type {Item[]} */
  #items = [];
  /** @type {Owner | null} */
  #owner = null;
  /** @type {Promise<void> | null} */
  #sending = null;

  get count() {
    return this.#items.length;
  }

  get hasFailures() {
    return this.#items.some(({ state }) => state === "failed");
  }

  /** What went wrong, file by file. */
  get failureText() {
    return this.#items.filter(({ state }) => state === "failed")
      .map(({ file, status }) => `${file.name}: ${status.textContent}`).join("\n");
  }

  get isSending() {
    return this.#items.some(({ state }) => state === "waiting" || state === "sending");
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      const item = this.#makeItem(file);
      this.#items.push(item);
      this.node.append(item.node);
    }
    this.#changed();
    if (this.#owner) this.sendTo(this.#owner);
  }

  /**
   * Sends what waits, and from now on everything that is added.
   * @param {Owner} owner
   * @returns {Promise<boolean>} whether all of them were taken
   */
  async sendTo(owner) {
    this.#owner = owner;
    this.#sending ??= this.#sendAll(owner).finally(() => {
      this.#sending = null;
    });
    await this.#sending;
    return !this.hasFailures;
  }

  /** Takes away what has arrived; failures stay until they are removed. */
  clearDone() {
    const done = this.#items.filter(({ state }) => state === "done");
    if (done.length === 0) return;
    for (const { node } of done) node.remove();
    this.#items = this.#items.filter((item) => !done.includes(item));
    this.#changed();
  }

  /** @param {Owner} owner */
  async #sendAll(owner) {
    for (;;) {
      const item = this.#items.find(({ state }) => state === "waiting");
      if (!item) return;
      await this.#send(item, owner);
      this.#changed();
    }
  }

  /**
   * @param {Item} item
   * @param {Owner} owner
   */
  async #send(item, owner) {
    this.#setState(item, "sending", t("files.uploading", { percent: 0 }));
    const onProgress = (/** @type {number} */ fraction) => {
      item.bar.value = fraction;
      item.status.textContent = fraction < 1
        ? t("files.uploading", { percent: Math.round(fraction * 100) })
        : t("files.reading");
    };
    try {
      await uploadFile(item.file, owner, { onProgress, signal: item.cancel.signal });
      this.#setState(item, "done", t("files.indexed"));
    } catch (error) {
      if (!item.cancel.signal.aborted) this.#setState(item, "failed", messageOf(error));
    }
  }

  /**
   * @param {Item} item
   * @param {Item["state"]} state
   * @param {string} text
   */
  #setState(item, state, text) {
    item.state = state;
    item.node.dataset.state = state;
    item.status.textContent = text;
    item.bar.hidden = state !== "sending";
  }

  /** @param {File} file @returns {Item} */
  #makeItem(file) {
    const status = h("span", { class: "quiet upload-status", role: "status" }, t("files.waiting"));
    const bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": file.name });
    const node = h("li", { class: "upload", data: { state: "waiting" } }, icon("file"),
      h("span", { class: "upload-name" }, file.name), status, bar);
    /** @type {Item} */
    const item = { file, state: "waiting", node, status, bar, cancel: new AbortController() };
    node.append(iconButton("close", t("files.remove", { name: file.name }), () => this.#remove(item)));
    return item;
  }

  /** @param {Item} item */
  #remove(item) {
    item.cancel.abort();
    item.node.remove();
    this.#items = this.#items.filter((other) => other !== item);
    this.#changed();
  }

  #changed() {
    this.node.hidden = this.#items.length === 0;
    this.dispatchEvent(new Event("change"));
  }
}
