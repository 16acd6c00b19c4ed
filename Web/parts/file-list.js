// @ts-check
import { deleteFile, fileContentAddress, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableSize } from "../format.js";
import { t, tn } from "../strings.js";
import { confirmDanger } from "./dialog.js";
import { actionButton, failure } from "./failure.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").StoredFile} StoredFile */

/** While a file is still being read, the list looks again this often. */
const lookAgainMs = 1500;

/** The files of an assistant or a thread, with what became of each. */
export class FileList {
  node = h("div", { class: "file-list" });
  #fetch;
  #readOnly;

  /**
   * @param {() => Promise<StoredFile[]>} fetch
   * @param {{readOnly?: boolean}} options
   */
  constructor(fetch, { readOnly = false } = {}) {
    this.#fetch = fetch;
    this.#readOnly = readOnly;
  }

  /** @returns {Promise<number>} how many files there are */
  async refresh() {
    try {
      const files = await this.#fetch();
      this.#show(files);
      return files.length;
    } catch (error) {
      const again = actionButton(t("action.tryAgain"), () => this.refresh());
      fill(this.node, failure(`${t("files.loadFailed")} ${messageOf(error)}`, again));
      return 0;
    }
  }

  /** @param {StoredFile[]} files */
  #show(files) {
    if (files.length === 0) return fill(this.node, h("p", { class: "quiet" }, t("files.none")));
    fill(this.node, h("ul", { class: "files" }, files.map((file) => this.#row(file))));
    if (files.some(({ status }) => status === "received")) {
      setTimeout(() => this.node.isConnected && this.refresh(), lookAgainMs);
    }
  }

  /** @param {StoredFile} file */
  #row(file) {
    const remove = iconButton("trash", t("files.remove", { name: file.name }), () => this.#delete(file));
    return h("li", { class: "file", data: { status: file.status } }, icon("file"),
      h("div", { class: "file-about" },
        h("a", { href: fileContentAddress(file.file_id), download: file.name }, file.name),
        h("p", { class: "quiet" }, facts(file))),
      this.#readOnly ? null : remove);
  }

  /** @param {StoredFile} file */
  async #delete(file) {
    const sure = await confirmDanger({
      title: t("files.delete.title"), body: t("files.delete.body", { name: file.name }), action: t("action.delete"),
    });
    if (!sure) return;
    try {
      await deleteFile(file.file_id);
      toast(t("files.deleted"));
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
    await this.refresh();
  }
}

/** @param {StoredFile} file */
function facts(file) {
  if (file.status === "failed") return `${t("files.failed")}: ${file.error ?? ""}`;
  if (file.status === "received") return `${readableSize(file.size_bytes)} · ${t("files.received")}`;
  return [
    readableSize(file.size_bytes),
    file.page_count ? tn("files.pages", file.page_count) : "",
    typeof file.chunk_count === "number" ? tn("files.passages", file.chunk_count) : "",
  ].filter(Boolean).join(" · ");
}
