// @ts-check
import { listCollections, messageOf } from "../api.js";
import { fill, h, uniqueId } from "../dom.js";
import { t, tn } from "../strings.js";

/**
 * The collections an assistant searches: a box for each of one's own. One that was chosen and cannot be seen any
 * more is kept until the list has come.
 * @param {string} title
 * @param {string[]} chosen their ids
 */
export function collectionPicker(title, chosen) {
  const boxes = h("div", { class: "stack" }, h("p", { class: "quiet" }, t("knowledge.loading")));
  const node = h("fieldset", { class: "field", data: { field: "collections" } },
    h("legend", { class: "field-label" }, title), h("p", { class: "quiet field-help" }, t("knowledge.pick")), boxes);
  let value = () => chosen;
  listCollections().then((collections) => {
    const inputs = collections.map(({ collection_id: id }) =>
      h("input", { type: "checkbox", id: `collection-${uniqueId()}`, value: id, checked: chosen.includes(id) }));
    value = () => inputs.filter(({ checked }) => checked).map((input) => input.value);
    fill(boxes, collections.length === 0 && h("p", { class: "quiet" }, t("knowledge.noCollections")),
      collections.map(({ name, file_count: files }, place) => h("label", { class: "collection-choice" },
        inputs[place], h("span", {}, name), h("span", { class: "quiet" }, tn("start.files", files)))));
  }).catch((error) => fill(boxes, h("p", { class: "quiet" }, messageOf(error))));
  return { node, value: () => value() };
}
