// @ts-check
// What can be done with an assistant from wherever it is shown.
import { createAssistant, deleteAssistant, listAssistantFiles, messageOf } from "./api.js";
import { exportAssistant, importAssistant } from "./capsule.js";
import { library } from "./library.js";
import { editPath, navigate } from "./navigation.js";
import { confirmDanger } from "./parts/dialog.js";
import { saveFile } from "./parts/save-file.js";
import { toast } from "./parts/toast.js";
import { t, tn } from "./strings.js";

/** @typedef {import("./types.js").Assistant} Assistant */

/** @param {Assistant} assistant a copy of one's own, without its files */
export const copyAssistant = ({ name, config }) => attempt(async () => {
  const made = await createAssistant({ name: t("gallery.copyName", { name }), config, public: false });
  library.keepAssistant(made);
  toast(t("gallery.copied"));
  return made;
});

/** @param {Assistant} assistant @returns {Promise<boolean>} whether it is gone */
export async function removeAssistant({ assistant_id: id, name }) {
  const files = await listAssistantFiles(id).catch(() => []);
  const sure = await confirmDanger({
    title: t("gallery.delete.title"), body: tn("gallery.delete.body", files.length, { name }), action: t("action.delete"),
  });
  if (!sure) return false;
  return await attempt(async () => {
    await deleteAssistant(id);
    library.dropAssistant(id);
    toast(t("gallery.deleted"));
    return true;
  }) ?? false;
}

/** @param {Assistant} assistant */
export const saveAssistantFile = (assistant) => attempt(async () => {
  const { name, content } = await exportAssistant(assistant);
  saveFile(name, content);
});

/** @param {File} file */
export const openAssistantFile = (file) => attempt(async () => {
  const { assistant, failed } = await importAssistant(file);
  if (failed.length > 0) toast(t("capsule.someFailed", { names: failed.join(", ") }), { failure: true });
  else toast(t("capsule.imported", { name: assistant.name }));
  navigate(editPath(assistant.assistant_id));
});

/**
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result | null>} null when it failed, which has been said
 */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(messageOf(error), { failure: true });
    return null;
  }
}
