// @ts-check
import { fileContentAddress } from "../api.js";
import { fill, h } from "../dom.js";
import { readableNumber, readableSize, readableTime } from "../format.js";
import { t, tn } from "../strings.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";
import { menuButton } from "./menu.js";

/** @typedef {import("../types.js").StoredFile} StoredFile */
/** @typedef {"cancel" | "retry" | "reindex" | "refetch"} Verb */
/** @typedef {{open: (file: StoredFile) => void, work: (file: StoredFile, verb: Verb) => void,
 *   schedule: (file: StoredFile) => void, remove: (file: StoredFile) => void}} Actions */

const ended = ["indexed", "failed", "cancelled"];

/** One file in a list: its stage, how far it is, and what can be done with it. */
export class FileRow {
  #actions;
  #name = h("button", { type: "button", class: "link-button file-name" });
  #facts = h("p", { class: "quiet" });
  #bar = h("progress", { hidden: true });
  #buttons = h("div", { class: "file-actions" });
  node = h("li", { class: "file" }, icon("file"),
    h("div", { class: "file-about" }, this.#name, this.#facts, this.#bar), this.#buttons);
  #shown = "";

  /**
   * @param {StoredFile} file
   * @param {Actions} actions
   */
  constructor(file, actions) {
    this.#actions = actions;
    this.show(file);
  }

  /** @param {StoredFile} file */
  show(file) {
    this.node.dataset.status = file.status;
    this.#name.textContent = file.name;
    this.#name.onclick = () => this.#actions.open(file);
    this.#facts.textContent = facts(file);
    this.#showProgress(file);
    const signature = `${file.status} ${file.searchable} ${file.origin?.url}`;
    if (signature === this.#shown) return;
    this.#shown = signature;
    fill(this.#buttons, this.#quickButton(file), menuButton(t("action.more", { name: file.name }), this.#menu(file)));
  }

  /** @param {StoredFile} file */
  #showProgress({ name, status, progress }) {
    const total = progress?.total ?? 0;
    this.#bar.hidden = ended.includes(status) || status === "received";
    this.#bar.setAttribute("aria-label", name);
    if (total > 0) {
      this.#bar.max = total;
      this.#bar.value = progress?.done ?? 0;
    } else {
      this.#bar.removeAttribute("value");
    }
  }

  /** @param {StoredFile} file */
  #quickButton(file) {
    const { name, status } = file;
    if (!ended.includes(status)) {
      return iconButton("close", t("knowledge.cancelFile", { name }), () => this.#actions.work(file, "cancel"));
    }
    if (status === "indexed") return null;
    return iconButton("retry", t("knowledge.retryFile", { name }), () => this.#actions.work(file, "retry"));
  }

  /** @param {StoredFile} file @returns {import("./menu.js").MenuItem[]} */
  #menu(file) {
    const { file_id: id, name, origin, searchable } = file;
    /** @type {(import("./menu.js").MenuItem | false | undefined)[]} */
    const items = [
      searchable && { label: t("knowledge.preview"), icon: "book", run: () => this.#actions.open(file) },
      origin && { label: t("knowledge.refetch"), icon: "globe", run: () => this.#actions.work(file, "refetch") },
      origin && { label: t("knowledge.schedule"), icon: "clock", run: () => this.#actions.schedule(file) },
      ended.includes(file.status)
        && { label: t("knowledge.reindex"), icon: "retry", run: () => this.#actions.work(file, "reindex") },
      { label: t("source.download"), icon: "download", run: () => download(fileContentAddress(id), name) },
      { label: t("action.delete"), icon: "trash", danger: true, run: () => this.#actions.remove(file) },
    ];
    return /** @type {import("./menu.js").MenuItem[]} */ (items.filter(Boolean));
  }
}

/**
 * @param {string} address
 * @param {string} name
 */
function download(address, name) {
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {StoredFile} file */
function facts(file) {
  if (file.status === "failed") {
    const still = file.searchable ? ` ${t("knowledge.oldServes")}` : "";
    return `${t("files.failed")}: ${file.error ?? ""}${still}`;
  }
  return [
    file.status === "indexed" ? "" : stage(file),
    file.replacement ? t("knowledge.oldServes") : "",
    readableSize(file.size_bytes),
    file.page_count ? tn("files.pages", file.page_count) : "",
    file.searchable && file.chunk_count ? tn("files.passages", file.chunk_count) : "",
    file.origin?.fetched_at ? t("knowledge.fetchedAt", { time: readableTime(file.origin.fetched_at) }) : "",
    file.origin?.refetch_hours ? tn("knowledge.everyHours", file.origin.refetch_hours) : "",
  ].filter(Boolean).join(" · ");
}

/** @param {StoredFile} file */
function stage({ status, progress }) {
  const key = /** @type {import("../strings.js").StringKey} */ (`knowledge.stage.${status}`);
  if (!progress?.total || status === "fetching") return t(key);
  const values = { done: readableNumber(progress.done), total: readableNumber(progress.total) };
  return `${t(key)} ${t("knowledge.doneOf", values)}`;
}
