// @ts-check
import { messageOf } from "../api.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { makeFromTemplate, templates } from "../templates.js";
import { icon } from "./icon.js";
import { toast } from "./toast.js";

/**
 * Cards that make an assistant with one click.
 * @param {(assistant: import("../types.js").Assistant) => void} onMade
 */
export function templateCards(onMade) {
  return h("ul", { class: "template-cards" }, templates.map((template) => h("li", {}, card(template, onMade))));
}

/**
 * @param {import("../templates.js").Template} template
 * @param {(assistant: import("../types.js").Assistant) => void} onMade
 */
function card(template, onMade) {
  const action = h("span", { class: "template-action" }, t("template.use"));
  const button = h("button", { type: "button", class: "template-card", on: { click: make } },
    h("span", { class: "template-icon" }, icon(template.icon)),
    h("strong", {}, t(`template.${template.key}.name`)),
    h("span", { class: "quiet" }, t(`template.${template.key}.body`)), action);
  async function make() {
    button.disabled = true;
    action.textContent = t("template.making");
    try {
      onMade(await makeFromTemplate(template));
    } catch (error) {
      toast(messageOf(error), { failure: true });
      button.disabled = false;
      action.textContent = t("template.use");
    }
  }
  return button;
}
