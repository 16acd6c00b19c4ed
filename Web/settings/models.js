// @ts-check
import { deleteModel, listModels, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { confirmDanger } from "../parts/dialog.js";
import { failure } from "../parts/failure.js";
import { iconButton } from "../parts/icon-button.js";
import { modelFacts } from "../parts/model-facts.js";
import { ModelForm } from "../parts/model-form.js";
import { t } from "../strings.js";

/** @typedef {import("../types.js").ModelInfo} ModelInfo */

/** The models assistants may name; administrators set up more. */
export function modelsSection() {
  const list = h("ul", { class: "model-list" });
  const form = h("div");
  const node = h("div", { class: "stack" }, list, form);
  const load = async () => {
    try {
      const models = await listModels();
      fill(list, models.map((model) => row(model, { edit: () => edit(model), removed: load })));
      const isAdmin = models.some(({ has_key: key }) => key !== undefined);
      const add = h("button", { type: "button", class: "button", on: { click: () => edit(null) } }, t("models.add"));
      fill(form, isAdmin && add);
    } catch (error) {
      fill(list, h("li", {}, failure(messageOf(error))));
    }
  };
  const edit = (/** @type {ModelInfo | null} */ model) => {
    const opened = new ModelForm(model, load);
    fill(form, opened.node);
    opened.focus();
  };
  load();
  return { node };
}

/**
 * @param {ModelInfo} model
 * @param {{edit: () => void, removed: () => void}} actions
 */
function row(model, { edit, removed }) {
  const mayChange = model.has_key !== undefined && model.origin === "administrator";
  const facts = [...modelFacts(model), model.pinned ? t("models.pinned") : ""].filter((fact) => fact !== "");
  return h("li", { class: "model-row" },
    h("div", {}, h("strong", {}, model.name), h("p", { class: "quiet field-help" }, facts.join(" · ")),
      model.problem && h("p", { class: "model-problem" }, model.problem)),
    mayChange && h("div", { class: "model-actions" },
      iconButton("pencil", t("models.edit", { name: model.name }), edit),
      iconButton("trash", t("models.delete", { name: model.name }), () => remove(model, removed))));
}

/** @param {ModelInfo} model @param {() => void} removed */
async function remove(model, removed) {
  const isSure = await confirmDanger({
    title: t("models.deleteTitle"), body: t("models.deleteBody", { name: model.name }), action: t("action.delete"),
  });
  if (!isSure) return;
  await deleteModel(model.name);
  removed();
}
