// @ts-check
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { picturesOf } from "../chat/pictures.js";
import { actionButton } from "./failure.js";
import { copyButton } from "./clipboard.js";
import { iconButton } from "./icon-button.js";
import { thumbnail } from "./picture.js";
import { siblingSwitch } from "./sibling-switch.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("./conversation.js").Surroundings} Surroundings */

/** What the person said, word for word; also any message of a kind without a form of its own. */
export class Remark {
  #text = h("div", { class: "remark-text" });
  #pictures = h("div", { class: "remark-pictures" });
  #foot = h("footer", { class: "remark-foot" });
  #isEditing = false;
  node;

  /** @param {string} type */
  constructor(type) {
    const heading = type === "human" ? t("chat.you") : type;
    this.node = h("article", { class: `message ${type === "human" ? "human" : "other"}` },
      h("h3", { class: type === "human" ? "visually-hidden" : "quiet" }, heading),
      this.#pictures, this.#text, this.#foot);
  }

  /**
   * @param {Message} message
   * @param {Map<string, Message>} _results
   * @param {Surroundings} surroundings
   */
  show(message, _results, surroundings) {
    if (this.#isEditing) return;
    const pictures = picturesOf(message);
    const isOdd = typeof message.content !== "string" && pictures.length === 0;
    const text = textOf(message) || (isOdd ? JSON.stringify(message.content, null, 2) : "");
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#text.hidden = text === "";
    if (this.#pictures.childElementCount !== pictures.length) fill(this.#pictures, pictures.map(thumbnail));
    this.#pictures.hidden = pictures.length === 0;
    const { actions, facts, siblings, isBusy } = surroundings;
    this.#foot.hidden = message.type !== "human";
    fill(this.#foot,
      siblings && actions && siblingSwitch(siblings, isBusy, actions.goTo),
      copyButton(t("chat.copyRemark"), () => text),
      actions && facts?.origin.before
        && iconButton("pencil", t("chat.editRemark"), () => this.#edit(message, surroundings), { disabled: isBusy }));
  }

  /**
   * @param {Message} message
   * @param {Surroundings} surroundings
   */
  #edit(message, surroundings) {
    this.#isEditing = true;
    this.#text.hidden = false;
    const field = h("textarea", {
      class: "remark-field", rows: 3, value: textOf(message), "aria-label": t("chat.editRemark"),
      on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, send, stop) },
    });
    const stop = () => {
      this.#isEditing = false;
      this.node.classList.remove("editing");
      fill(this.#text, textOf(message));
      this.show(message, new Map(), surroundings);
      this.#foot.querySelector("button")?.focus();
    };
    const send = () => {
      const text = field.value.trim();
      if (text === "") return field.focus();
      stop();
      surroundings.actions?.sendInstead(message.id, text);
    };
    this.node.classList.add("editing");
    fill(this.#text, field, h("p", { class: "quiet" }, t("chat.editNote")));
    fill(this.#foot, actionButton(t("action.cancel"), stop, "small"), actionButton(t("chat.send"), send, "small primary"));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => void} send
   * @param {() => void} stop
   */
  #key(event, send, stop) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      stop();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  }
}
