// @ts-check
// Pictures that go with a message: made small enough to be sent, kept and shown again.
import { t } from "../strings.js";

/** Pictures a browser shows without running anything in them, and models take: no SVG. */
const harmlessTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"];
/** Models look at no more than this on the longer side; more would only cost. */
const longestSide = 1568;
/** What is as small as this is sent as it is. */
const smallBytes = 600_000;
/** Most of what a message may carry, so that it fits the server's bound of 4 MB. */
export const mostPictures = 4;
const mostCharacters = 900_000;
/** Of a JPEG, from good to just good enough. */
const qualities = [0.85, 0.7, 0.5];

/** @param {File} file */
export const isPicture = (file) => file.type.startsWith("image/");

/**
 * A picture as models are sent it: its own bytes when these are few, else drawn smaller.
 * @param {File} file
 * @returns {Promise<string>} a `data:` address
 */
export async function preparePicture(file) {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) throw new Error(t("picture.unreadable", { name: file.name }));
  const isSmall = file.size <= smallBytes && Math.max(image.width, image.height) <= longestSide;
  if (isSmall && harmlessTypes.includes(file.type)) return addressOf(file);
  for (const quality of qualities) {
    const address = await addressOf(await drawn(image, quality));
    if (address.length <= mostCharacters) return address;
  }
  throw new Error(t("picture.tooLarge", { name: file.name }));
}

/**
 * @param {ImageBitmap} image
 * @param {number} quality
 * @returns {Promise<Blob>}
 */
function drawn(image, quality) {
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error(t("picture.noCanvas"));
  pen.fillStyle = "white"; // A JPEG knows nothing transparent.
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob(
    (blob) => (blob ? resolve(blob) : reject(new Error(t("picture.noCanvas")))), "image/jpeg", quality));
}

/** @param {Blob} blob @returns {Promise<string>} */
function addressOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/**
 * What a person says, as messages hold it: text alone stays text.
 * @param {import("../types.js").Said} said
 */
export function contentOf({ text, pictures }) {
  if (pictures.length === 0) return text;
  return [{ type: "text", text }, ...pictures.map((url) => ({ type: "image_url", image_url: { url } }))];
}

/**
 * The pictures in a message that can be shown: only those it holds itself, so that nothing is ever fetched.
 * @param {import("../types.js").Message} message
 * @returns {string[]}
 */
export function picturesOf({ content }) {
  const parts = Array.isArray(content) ? content : [];
  return parts.map((part) => part?.image_url?.url).filter(isHarmless);
}

/** @param {unknown} url */
function isHarmless(url) {
  const [, type, data] = /^data:([a-z/]+);base64,([A-Za-z0-9+/=]+)$/.exec(typeof url === "string" ? url : "") ?? [];
  return data !== undefined && harmlessTypes.includes(type ?? "");
}

/** @param {string} type of media */
export const isHarmlessType = (type) => harmlessTypes.includes(type);
