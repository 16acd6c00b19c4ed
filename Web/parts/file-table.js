// @ts-check
import { deleteFile, getFile, listFiles, messageOf, workOnFile } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { confirmDanger } from "./dialog.js";
import { actionButton, failure } from "./failure.js";
import { showFile } from "./file-preview.js";
import { FileRow } from "./file-row.js";
import { askForSchedule } from "./refetch-form.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").StoredFile} StoredFile */

const pageRows = 100;
const groups = /** @type {const} */ (["all", "open", "indexed", "failed", "cancelled"]);

/** The files of a place with what becomes of each; keeps itself true by what it is told. */
export class FileTable {
  #place;
  /** @type {typeof groups[number]} */
  #group = "all";
  /** @type {Map<string, FileRow>} by file, newest first */
  #rows = new Map();
  #list = h("ul", { class: "files" });
  #filters = h("div", { class: "filters", role: "group", "aria-label": t("knowledge.show") });
  #more = h("div", { class: "actions" });
  #note = h("div", {});
  node = h("section", { class: "stack", "aria-labelledby": "files-title" },
    h("h2", { id: "files-title" }, t("form.files")), this.#filters, this.#note, this.#list, this.#more);

  /** @param {import("../knowledge/places.js").Place} place */
  constructor(place) {
    this.#place = place;
    this.#showFilters();
  }

  /** Reads the list anew, from its beginning. */
  async refresh() {
    await this.#load(0);
  }

  /**
   * Shows a file as it is now.
   * @param {StoredFile} file
   */
  update(file) {
    const row = this.#rows.get(file.file_id);
    if (row) row.show(file);
    else if (belongs(file, this.#group)) {
      const made = this.#makeRow(file);
      this.#rows.set(file.file_id, made);
      this.#list.prepend(made.node);
    }
    this.#showNote();
  }

  /** @param {string} id */
  drop(id) {
    this.#rows.get(id)?.node.remove();
    this.#rows.delete(id);
    this.#showNote();
  }

  /** @param {number} offset */
  async #load(offset) {
    const group = this.#group;
    try {
      const files = await listFiles(this.#place, {
        status: group === "all" ? undefined : group, limit: pageRows + 1, offset,
      });
      if (group !== this.#group) return;
      if (offset === 0) {
        this.#rows.clear();
        this.#list.replaceChildren();
      }
      for (const file of files.slice(0, pageRows)) this.#append(file);
      fill(this.#more, files.length > pageRows
        && actionButton(t("knowledge.more"), () => this.#load(this.#rows.size), "small"));
      this.#showNote();
    } catch (error) {
      fill(this.#note, failure(`${t("files.loadFailed")} ${messageOf(error)}`,
        actionButton(t("action.tryAgain"), () => this.refresh())));
    }
  }

  /** @param {StoredFile} file */
  #append(file) {
    const known = this.#rows.get(file.file_id);
    if (known) return known.show(file);
    const row = this.#makeRow(file);
    this.#rows.set(file.file_id, row);
    this.#list.append(row.node);
  }

  /** @param {StoredFile} file */
  #makeRow(file) {
    return new FileRow(file, {
      open: (shown) => showFile(shown),
      work: (shown, verb) => this.#work(shown, verb),
      schedule: (shown) => this.#schedule(shown),
      remove: (shown) => this.#remove(shown),
    });
  }

  #showFilters() {
    fill(this.#filters, groups.map((group) => h("button", {
      type: "button", class: "button small", "aria-pressed": String(group === this.#group),
      on: { click: () => this.#choose(group) },
    }, t(`knowledge.group.${group}`))));
  }

  /** @param {typeof groups[number]} group */
  #choose(group) {
    this.#group = group;
    this.#showFilters();
    this.refresh();
  }

  #showNote() {
    const text = this.#group === "all" ? t("files.none") : t("knowledge.noneOfGroup");
    fill(this.#note, this.#rows.size === 0 && h("p", { class: "quiet" }, text));
  }

  /**
   * @param {StoredFile} file
   * @param {"cancel" | "retry" | "reindex" | "refetch"} verb
   */
  async #work(file, verb) {
    try {
      this.update(await workOnFile(file.file_id, verb));
    } catch (error) {
      toast(messageOf(error), { failure: true });
      getFile(file.file_id).then((found) => this.update(found)).catch(() => this.drop(file.file_id));
    }
  }

  /** @param {StoredFile} file */
  async #schedule(file) {
    const changed = await askForSchedule(file);
    if (changed) this.update(changed);
  }

  /** @param {StoredFile} file */
  async #remove(file) {
    const sure = await confirmDanger({
      title: t("files.delete.title"), body: t("files.delete.body", { name: file.name }), action: t("action.delete"),
    });
    if (!sure) return;
    try {
      await deleteFile(file.file_id);
      this.drop(file.file_id);
      toast(t("files.deleted"));
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }
}

/**
 * @param {StoredFile} file
 * @param {string} group
 */
function belongs(file, group) {
  if (group === "all" || group === file.status) return true;
  return group === "open" && !["indexed", "failed", "cancelled"].includes(file.status);
}
