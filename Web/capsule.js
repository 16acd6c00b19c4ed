// @ts-check
// An assistant as one file: its settings and the files it knows, without keys.
import { createAssistant, getFileContent, listAssistantFiles } from "./api.js";
import { library } from "./library.js";
import { t } from "./strings.js";
import { uploadFile } from "./upload.js";

/** @typedef {import("./types.js").Assistant} Assistant */
/** @typedef {{format: string, version: number, name: string, config: Assistant["config"],
 *   files: {name: string, media_type: string, content: string}[]}} Capsule */

const format = "opengpts-assistant";
const newestVersion = 1;
/** Files together larger than this are left to the export of everything: a page has to hold them in memory. */
const mostBytes = 200_000_000;

/**
 * @param {Assistant} assistant
 * @returns {Promise<{name: string, content: Blob}>} a file to be saved
 */
export async function exportAssistant({ assistant_id: id, name, config }) {
  const files = await listAssistantFiles(id);
  if (files.reduce((sum, file) => sum + file.size_bytes, 0) > mostBytes) throw new Error(t("capsule.tooLarge"));
  const contents = [];
  for (const file of files) {
    const content = await base64Of(await getFileContent(file.file_id));
    contents.push({ name: file.name, media_type: file.media_type, content });
  }
  /** @type {Capsule} */
  const capsule = { format, version: newestVersion, name, config: withoutSecrets(config), files: contents };
  const fileName = `${name.replace(/[^\p{L}\p{N} _-]+/gu, "").trim() || "assistant"}.opengpts.json`;
  return { name: fileName, content: new Blob([JSON.stringify(capsule, null, 1)], { type: "application/json" }) };
}

/**
 * Makes an assistant of one's own from such a file.
 * @param {File} file
 * @returns {Promise<{assistant: Assistant, failed: string[]}>} the files that could not be read, by name
 */
export async function importAssistant(file) {
  const { name, config, files } = capsuleIn(await file.text());
  const assistant = await createAssistant({ name, config, public: false });
  library.keepAssistant(assistant);
  const failed = [];
  for (const { name: fileName, media_type: type, content } of files) {
    try {
      const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      await uploadFile(new File([bytes], fileName, { type }), { assistant_id: assistant.assistant_id });
    } catch {
      failed.push(fileName);
    }
  }
  return { assistant, failed };
}

/** @param {string} text @returns {Capsule} */
function capsuleIn(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(t("capsule.notOurs"));
  }
  if (value?.format !== format || typeof value.name !== "string" || typeof value.config !== "object") {
    throw new Error(t("capsule.notOurs"));
  }
  if (!(value.version <= newestVersion)) throw new Error(t("capsule.newer"));
  return { ...value, files: Array.isArray(value.files) ? value.files : [] };
}

/**
 * A value without anything whose name says that it is a secret.
 * @param {any} value
 * @returns {any}
 */
function withoutSecrets(value) {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([name, member]) => !(typeof member === "string" && /key|secret|token|password|authorization/i.test(name)))
    .map(([name, member]) => [name, withoutSecrets(member)]));
}

/** @param {Blob} blob @returns {Promise<string>} */
const base64Of = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => resolve(String(reader.result).replace(/^data:[^,]*,/, "")));
  reader.addEventListener("error", () => reject(reader.error));
  reader.readAsDataURL(blob);
});
