// @ts-check
import { createAssistant, getAssistant, getConfigSchema, messageOf, updateAssistant } from "../api.js";
import { copyAssistant, removeAssistant, saveAssistantFile } from "../assistant-actions.js";
import { fill, h } from "../dom.js";
import { identity } from "../identity.js";
import { library } from "../library.js";
import { assistantPath, editPath, navigate } from "../navigation.js";
import { AssistantForm } from "../parts/assistant-form.js";
import { confirmDanger } from "../parts/dialog.js";
import { emptyState } from "../parts/empty-state.js";
import { actionButton, failure } from "../parts/failure.js";
import { TestChat } from "../parts/test-chat.js";
import { toast } from "../parts/toast.js";
import { VersionList } from "../parts/version-list.js";
import { configurableOf } from "../schema.js";
import { t } from "../strings.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/**
 * Makes an assistant, or changes the one the address names: the form, and beside it a chat to try it in.
 * @param {{id?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function assistantFormScreen({ id }) {
  const builder = new Builder(id);
  builder.load();
  return {
    node: builder.node, title: t(id ? "form.edit" : "form.new"),
    mayLeave: async () => !builder.isChanged || confirmLeave(), dispose: () => builder.dispose(),
  };
}

const confirmLeave = () => confirmDanger({
  title: t("form.leave.title"), body: t("form.leave.body"), action: t("form.leave"),
});

class Builder {
  #id;
  /** @type {AssistantForm | null} */
  #form = null;
  /** @type {TestChat | null} */
  #chat = null;
  node = h("div", { class: "page builder" });

  /** @param {string | undefined} id */
  constructor(id) {
    this.#id = id;
  }

  get isChanged() {
    return this.#form?.isChanged ?? false;
  }

  dispose() {
    this.#chat?.dispose();
  }

  async load() {
    if (!this.#id && !identity.mayMake) return fill(this.node, emptyState(t("viewer.noMaking"), t("viewer.body"),
      h("a", { class: "button primary", href: "#/assistants" }, t("viewer.public"))));
    fill(this.node, h("p", { class: "quiet" }, t("rail.loading")));
    try {
      const id = this.#id;
      const [document, assistant] = await Promise.all([getConfigSchema(), id ? getAssistant(id) : null]);
      // Made in another tab, perhaps: only a fresh list tells whose it is.
      if (id && !library.assistant(id)) await library.refresh();
      this.#show(configurableOf(document), assistant);
    } catch (error) {
      fill(this.node, failure(`${t("form.loadFailed")} ${messageOf(error)}`, actionButton(t("action.tryAgain"), () => this.load())));
    }
  }

  /**
   * @param {import("../schema.js").Configurable} schema
   * @param {Assistant | null} assistant
   */
  #show(schema, assistant) {
    this.dispose();
    const readOnly = assistant !== null && !library.mayEdit(assistant.assistant_id) && library.state === "ready";
    const form = new AssistantForm(schema, assistant, {
      readOnly, actions: this.#actions(assistant, readOnly), onSave: (values, files) => save(assistant, values, files),
    });
    this.#form = form;
    this.#chat = assistant && !readOnly ? new TestChat(assistant, () => form.configurable) : null;
    const versions = assistant && !readOnly ? this.#versions(schema, assistant) : null;
    fill(this.node, h("div", { class: "builder-form" }, form.node, versions),
      this.#chat ? this.#chat.node : !assistant && h("p", { class: "quiet builder-hint" }, t("test.saveFirst")));
  }

  /**
   * @param {Assistant | null} assistant
   * @param {boolean} readOnly
   */
  #actions(assistant, readOnly) {
    if (!assistant) return null;
    const copy = async () => {
      const made = await copyAssistant(assistant);
      if (made) navigate(editPath(made.assistant_id));
    };
    const remove = async () => {
      if (!(await removeAssistant(assistant))) return;
      if (this.#form) this.#form.isChanged = false;
      navigate("/assistants");
    };
    return h("div", { class: "actions builder-actions" },
      h("a", { class: "button small", href: `#${assistantPath(assistant.assistant_id)}` }, t("form.chat")),
      identity.mayMake && actionButton(t("gallery.copyTo"), copy, "small"),
      !readOnly && actionButton(t("capsule.export"), () => saveAssistantFile(assistant), "small"),
      !readOnly && actionButton(t("action.delete"), remove, "small"));
  }

  /**
   * @param {import("../schema.js").Configurable} schema
   * @param {Assistant} assistant
   */
  #versions(schema, assistant) {
    const titles = new Map(schema.types.flatMap((type) => schema.fieldsOf(type)).map(({ key, title }) => [key, title]));
    const list = new VersionList(assistant.assistant_id, {
      titleOf: (key) => (key === "starters" ? t("form.starters") : key === "type" ? t("form.type") : titles.get(key) ?? key),
      onRestored: () => this.load(),
    });
    return h("details", { class: "versions-fold", on: { toggle: (/** @type {any} */ event) => event.target.open && list.load() } },
      h("summary", {}, t("versions.title")), list.node);
  }
}

/**
 * @param {Assistant | null} before
 * @param {{name: string, config: object, public: boolean}} values
 * @param {import("../parts/upload-queue.js").UploadQueue} files
 * @returns {Promise<boolean>} whether all of it is stored
 */
async function save(before, values, files) {
  const assistant = before ? await updateAssistant(before.assistant_id, values) : await createAssistant(values);
  library.keepAssistant(assistant);
  const allTaken = await files.sendTo({ assistant_id: assistant.assistant_id });
  if (!allTaken) toast(files.failureText, { failure: true });
  else toast(t("form.saved"));
  navigate(allTaken ? assistantPath(assistant.assistant_id) : editPath(assistant.assistant_id));
  return allTaken;
}
