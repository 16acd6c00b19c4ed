// @ts-check
import { createAssistant, getConfigSchema } from "./api.js";
import { configurableOf } from "./schema.js";
import { library } from "./library.js";
import { t } from "./strings.js";

/** @typedef {{key: "documents" | "tools" | "chat", type: string, icon: import("./parts/icon.js").IconName}} Template */

/**
 * What a first assistant can be, with one click.
 * @type {Template[]}
 */
export const templates = [
  { key: "documents", type: "chat_retrieval", icon: "book" },
  { key: "tools", type: "agent", icon: "tool" },
  { key: "chat", type: "chatbot", icon: "chat" },
];

/**
 * Makes an assistant from a template, with the server's own defaults for everything else.
 * @param {Template} template
 */
export async function makeFromTemplate({ key, type }) {
  const configurable = configurableOf(await getConfigSchema());
  const assistant = await createAssistant({
    name: t(`template.${key}.name`),
    public: false,
    config: { configurable: configurable.defaults(type, { system_message: t(`template.${key}.prompt`), withRetrieval: key === "tools" }) },
  });
  library.keepAssistant(assistant);
  return assistant;
}
