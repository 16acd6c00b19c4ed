// @ts-check

import { t } from "./strings.js";

/** @typedef {import("./types.js").Assistant} Assistant */

/** @param {Assistant | null} assistant @returns {string} the architecture it runs on */
export const typeOf = (assistant) => assistant?.config?.configurable?.type ?? "agent";

/** @param {string} type @returns {string} for people; a type this page does not know keeps its own name */
export const typeName = (type) => (isKnownType(type) ? t(`type.${type}`) : type);

/** @param {string} type @returns {string} what an assistant of this type does */
export const typeBody = (type) => (isKnownType(type) ? t(`type.${type}.body`) : "");

/** @param {string} type @returns {type is "agent" | "chat_retrieval" | "chatbot"} */
const isKnownType = (type) => ["agent", "chat_retrieval", "chatbot"].includes(type);

/** @param {Assistant | null} assistant */
export function modelOf(assistant) {
  const configurable = assistant?.config?.configurable ?? {};
  const type = typeOf(assistant);
  return configurable[`type==${type}/agent_type`] ?? configurable[`type==${type}/llm_type`] ?? "";
}

/** @param {Assistant | null} assistant */
export function toolsOf(assistant) {
  const tools = assistant?.config?.configurable?.[`type==${typeOf(assistant)}/tools`];
  return Array.isArray(tools) ? tools : [];
}

/** So many suggestions can be taken in at a glance. */
export const mostStarters = 6;

/**
 * What a chat with it can begin with.
 * @param {Assistant | null} assistant
 * @returns {string[]}
 */
export function startersOf(assistant) {
  const starters = assistant?.config?.configurable?.starters;
  return Array.isArray(starters) ? starters.filter((text) => typeof text === "string").slice(0, mostStarters) : [];
}

/**
 * Whether it looks into files at all: only then is there a point in attaching some.
 * @param {Assistant | null} assistant
 */
export function readsFiles(assistant) {
  return typeOf(assistant) === "chat_retrieval" || toolsOf(assistant).some(({ type }) => type === "retrieval");
}
