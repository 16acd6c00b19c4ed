// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";

/** Pictures a browser shows without running anything in them: no SVG. */
const harmlessTypes = ["image/png", "image/jpeg", "image/webp"];

/**
 * The pictures a model made as part of its answer.
 * @param {import("../types.js").Message} message
 */
export function answerPictures({ content }) {
  const parts = Array.isArray(content) ? content : [];
  return parts.map((part) => part?.image_url?.url).filter(isHarmless)
    .map((src) => h("img", { class: "tool-picture", alt: t("answer.picture"), src }));
}

/** @param {unknown} url */
function isHarmless(url) {
  const [, type, data] = /^data:([a-z/]+);base64,([A-Za-z0-9+/=]+)$/.exec(typeof url === "string" ? url : "") ?? [];
  return data !== undefined && harmlessTypes.includes(type ?? "");
}

/**
 * The picture a tool has made, when it came with the result; nothing is ever fetched for it.
 * @param {import("../types.js").Message} result
 */
export function toolPicture({ artifact }) {
  const isPicture = artifact?.type === "image" && harmlessTypes.includes(artifact.media_type);
  if (!isPicture || !/^[A-Za-z0-9+/=]+$/.test(artifact.data ?? "")) return null;
  return h("img", {
    class: "tool-picture", alt: t("tool.picture"), src: `data:${artifact.media_type};base64,${artifact.data}`,
  });
}
