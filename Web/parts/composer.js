// @ts-check
import { keepDraft, keptDraft } from "../drafts.js";
import { fill, h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { chooseFiles } from "./file-chooser.js";
import { icon, stopIcon } from "./icon.js";
import { iconButton } from "./icon-button.js";

/** On a screen keyboard Enter begins a line; the button sends. */
const typesOnScreen = matchMedia("(pointer: coarse)");

/**
 * The field one writes in. Enter sends, Shift+Enter begins a line, and neither disturbs an input method
 * that is still composing. While an answer is under way, send becomes stop.
 */
export class Composer {
  #field;
  #button = h("button", { type: "submit", class: "send-button" });
  #attach;
  #files;
  #onSend;
  #onStop;
  #draftKey;
  #isBusy = false;
  node;

  /**
   * @param {{draftKey: string, onSend: (text: string) => void, onStop?: () => void,
   *   files?: import("./upload-queue.js").UploadQueue}} options
   */
  constructor({ draftKey, onSend, onStop = () => {}, files }) {
    this.#onSend = onSend;
    this.#onStop = onStop;
    this.#files = files;
    this.#draftKey = draftKey;
    const fieldId = `composer-${uniqueId()}`;
    this.#field = h("textarea", {
      id: fieldId, rows: 1, class: "composer-field", enterkeyhint: typesOnScreen.matches ? "enter" : "send", value: keptDraft(draftKey),
      on: { input: () => this.#changed(), keydown: this.#key.bind(this), paste: this.#paste.bind(this) },
    });
    this.#attach = iconButton("clip", t("files.attach"), () => chooseFiles((chosen) => this.#files?.add(chosen)));
    this.node = h("form", { class: "composer", on: { submit: this.#submit.bind(this) } },
      files?.node,
      h("label", { for: fieldId, class: "visually-hidden" }, t("chat.composer")),
      h("div", { class: "composer-row" }, this.#attach, this.#field, this.#button));
    files?.addEventListener("change", () => this.#changed());
    this.allowFiles(false);
    this.setBusy(false);
  }

  /** @param {string} name who is spoken to */
  address(name) {
    this.#field.placeholder = t("chat.placeholder", { name });
  }

  /** @param {boolean} allowed */
  allowFiles(allowed) {
    this.#attach.hidden = !allowed;
  }

  focus() {
    this.#field.focus();
  }

  /** @param {string} text put back when it could not be sent; never over something newer */
  restore(text) {
    if (this.#field.value.trim() === "") this.#field.value = text;
    this.#changed();
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.#isBusy = isBusy;
    const label = t(isBusy ? "chat.stop" : "chat.send");
    this.#button.setAttribute("aria-label", label);
    this.#button.title = label;
    this.#button.classList.toggle("stop", isBusy);
    fill(this.#button, isBusy ? stopIcon() : icon("arrowUp"));
    this.#changed();
  }

  #changed() {
    keepDraft(this.#draftKey, this.#field.value);
    this.#button.disabled = !this.#isBusy && (this.#field.value.trim() === "" || this.#filesStandInTheWay);
    this.#field.style.height = "auto";
    if (this.#field.isConnected) this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  get #filesStandInTheWay() {
    return this.#files?.hasFailures ?? false;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || typesOnScreen.matches || this.#isBusy) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const pasted = Array.from(event.clipboardData?.files ?? []);
    if (pasted.length === 0 || this.#attach.hidden) return;
    event.preventDefault();
    this.#files?.add(pasted);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#isBusy) return this.#onStop();
    const text = this.#field.value.trim();
    if (text === "" || this.#filesStandInTheWay) return;
    this.#field.value = "";
    this.#changed();
    this.#onSend(text);
  }
}
