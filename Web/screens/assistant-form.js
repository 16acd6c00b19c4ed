// @ts-check
import { createAssistant, getAssistant, getConfigSchema, messageOf, updateAssistant } from "../api.js";
import { fill, h } from "../dom.js";
import { library } from "../library.js";
import { assistantPath, navigate } from "../navigation.js";
import { AssistantForm } from "../parts/assistant-form.js";
import { confirmDanger } from "../parts/dialog.js";
import { actionButton, failure } from "../parts/failure.js";
import { toast } from "../parts/toast.js";
import { configurableOf } from "../schema.js";
import { t } from "../strings.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/**
 * Makes an assistant, or changes the one the address names.
 * @param {{id?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function assistantFormScreen({ id }) {
  const node = h("div", { class: "page narrow" });
  /** @type {AssistantForm | null} */
  let form = null;
  const load = async () => {
    fill(node, h("p", { class: "quiet" }, t("rail.loading")));
    try {
      const [document, assistant] = await Promise.all([getConfigSchema(), id ? getAssistant(id) : null]);
      // Made in another tab, perhaps: only a fresh list tells whose it is.
      if (id && !library.assistant(id)) await library.refresh();
      form = new AssistantForm(configurableOf(document), assistant, {
        readOnly: assistant !== null && !library.mayEdit(assistant.assistant_id) && library.state === "ready",
        onSave: (values, files) => save(assistant, values, files),
      });
      fill(node, form.node);
    } catch (error) {
      fill(node, failure(`${t("form.loadFailed")} ${messageOf(error)}`, actionButton(t("action.tryAgain"), load)));
    }
  };
  load();
  return { node, title: t(id ? "form.edit" : "form.new"), mayLeave: async () => !form?.isChanged || confirmLeave() };
}

const confirmLeave = () => confirmDanger({
  title: t("form.leave.title"), body: t("form.leave.body"), action: t("form.leave"),
});

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
  navigate(allTaken ? assistantPath(assistant.assistant_id) : `${assistantPath(assistant.assistant_id)}/edit`);
  return allTaken;
}
