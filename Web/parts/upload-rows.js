// @ts-check
import { fill, h } from "../dom.js";
import { t, tn } from "../strings.js";
import { icon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** Rows shown of a large drop; the rest is counted. */
const mostRows = 8;

/**
 * Files that are not at the server yet: those being sent and those that failed, and how many wait.
 * @param {import("../knowledge/uploads.js").Uploads} uploads
 */
export function uploadRows(uploads) {
  const list = h("ul", { class: "upload-queue" });
  const rest = h("p", { class: "quiet", role: "status" });
  const node = h("div", { class: "upload-rows" }, list, rest);
  const show = () => {
    const inOrder = [...uploads.items].sort((left, right) => rank(left.state) - rank(right.state));
    fill(list, inOrder.slice(0, mostRows).map((item) => row(uploads, item)));
    const hidden = inOrder.length - Math.min(inOrder.length, mostRows);
    rest.textContent = hidden > 0 ? tn("knowledge.moreWaiting", hidden) : "";
    node.hidden = inOrder.length === 0;
  };
  uploads.addEventListener("change", show);
  show();
  return node;
}

/** @param {string} state */
const rank = (state) => ["failed", "sending", "waiting"].indexOf(state);

/**
 * @param {import("../knowledge/uploads.js").Uploads} uploads
 * @param {import("../knowledge/uploads.js").Uploads["items"][number]} item
 */
function row(uploads, item) {
  const { found: { file, folder }, state, fraction, error } = item;
  const name = folder ? `${folder}/${file.name}` : file.name;
  const text = state === "failed" ? error : state === "waiting" ? t("files.waiting")
    : t("files.uploading", { percent: Math.round(fraction * 100) });
  return h("li", { class: "upload", data: { state } }, icon("file"),
    h("span", { class: "upload-name" }, name), h("span", { class: "quiet upload-status" }, text),
    state === "sending" && h("progress", { max: 1, value: fraction, "aria-label": name }),
    state === "failed" && iconButton("retry", t("knowledge.retryFile", { name }), () => uploads.retry(item)),
    iconButton("close", t("files.remove", { name }), () => uploads.remove(item)));
}
