// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { isHarmlessType, picturesOf } from "../chat/pictures.js";

/**
 * The pictures a model made as part of its answer.
 * @param {import("../types.js").Message} message
 */
export const answerPictures = (message) => picturesOf(message)
  .map((src) => h("img", { class: "tool-picture", alt: t("answer.picture"), src }));

/**
 * The picture a tool has made, when it came with the result; nothing is ever fetched for it.
 * @param {import("../types.js").Message} result
 */
export function toolPicture({ artifact }) {
  const isPicture = artifact?.type === "image" && isHarmlessType(artifact.media_type);
  if (!isPicture || !/^[A-Za-z0-9+/=]+$/.test(artifact.data ?? "")) return null;
  return h("img", {
    class: "tool-picture", alt: t("tool.picture"), src: `data:${artifact.media_type};base64,${artifact.data}`,
  });
}
