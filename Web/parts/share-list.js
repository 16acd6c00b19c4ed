// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { listShares, setShares } from "../identity-api.js";
import { t } from "../strings.js";
import { directoryPicker } from "./directory-picker.js";
import { actionButton, failure } from "./failure.js";
import { attempt } from "./live-list.js";

/** @typedef {import("../identity-api.js").Share} Share */

/**
 * With whom an assistant is shared; each change counts at once.
 * @param {string} assistantId
 */
export function shareList(assistantId) {
  /** @type {Share[]} */
  let shares = [];
  const rows = h("ul", { class: "card-list" });
  const problem = h("div");
  /** @returns {void} */
  const show = () => void fill(rows, shares.map(row));
  /** @param {Share[]} wanted @returns {Promise<void>} */
  const save = (wanted) => attempt(async () => {
    shares = await setShares(assistantId, wanted);
  }, show).then(show);
  /** @param {Share} share @returns {Node} */
  function row(share) {
    const others = shares.filter((other) => other !== share);
    const access = h("select", {
      "aria-label": t("share.accessOf", { name: share.name }),
      on: { change: () => save([...others, { ...share, access: /** @type {"use" | "edit"} */ (access.value) }]) },
    }, /** @type {const} */ (["use", "edit"]).map((value) => h("option", { value, selected: value === share.access }, t(`share.${value}`))));
    return h("li", { class: "card-row" },
      h("span", {}, share.name || share.user_id, share.group_id && h("span", { class: "badge" }, t("directory.group"))), access,
      actionButton(t("action.remove"), () => save(others), "small"));
  }
  listShares(assistantId).then((found) => {
    shares = found;
    show();
  }, (error) => fill(problem, failure(messageOf(error))));
  const isSame = (/** @type {Share} */ left, /** @type {Partial<Share>} */ right) =>
    left.user_id === right.user_id && left.group_id === right.group_id;
  const picker = directoryPicker({
    label: t("share.add"), withGroups: true,
    choose: (one) => !shares.some((share) => isSame(share, one)) && save([...shares, { ...one, access: "use" }]),
  });
  // What is shared counts at once: it is no unsaved change of the form around it.
  const keep = (/** @type {Event} */ event) => event.stopPropagation();
  return h("section", { class: "field", "aria-labelledby": "share-title", on: { input: keep, change: keep } },
    h("h2", { class: "field-label", id: "share-title" }, t("share.title")), h("p", { class: "quiet field-help" }, t("share.body")),
    problem, rows, picker);
}
