// @ts-check
import { keepDraft, keptDraft } from "../drafts.js";
import { modelOf, readsFiles } from "../assistant.js";
import { isPicture } from "../chat/pictures.js";
import { fill, h, uniqueId } from "../dom.js";
import { seesPictures } from "../models.js";
import { editPath } from "../navigation.js";
import { t } from "../strings.js";
import { chooseFiles } from "./file-chooser.js";
import { icon, stopIcon } from "./icon.js";
import { iconButton } from "./icon-button.js";
import { askForOffer, hasOffers } from "./offer-dialog.js";
import { PictureTray } from "./picture-tray.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").Assistant} Assistant */
/** @typedef {import("../types.js").Said} Said */

/** On a screen keyboard Enter begins a line; the button sends. */
const typesOnScreen = matchMedia("(pointer: coarse)");
/** Elsewhere the field is measured anew with each letter, which costs a layout. */
const growsByItself = CSS.supports("field-sizing", "content");

/**
 * The field one writes in. Enter sends, Shift+Enter begins a line, and neither disturbs an input method
 * that is still composing. While an answer is under way, send becomes stop. Pictures that are pasted, dropped or
 * chosen go with the message; other files are read as knowledge, where the assistant looks into files.
 */
export class Composer {
  #field;
  #button = h("button", { type: "submit", class: "send-button" });
  #attach;
  #offer = iconButton("plus", t("offers.open"), () => this.#choose());
  #files;
  #onSend;
  #onStop;
  #draftKey;
  #isBusy = false;
  #pictures = new PictureTray();
  /** @type {Assistant | null} */
  #assistant = null;
  node;

  /**
   * @param {{draftKey: string, onSend: (said: Said) => void, onStop?: () => void,
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
    this.#attach = iconButton("clip", t("files.attach"), () => chooseFiles((chosen) => this.take(chosen)));
    this.node = h("form", { class: "composer", on: { submit: this.#submit.bind(this) } },
      files?.node, this.#pictures.node,
      h("label", { for: fieldId, class: "visually-hidden" }, t("chat.composer")),
      h("div", { class: "composer-row" }, this.#offer, this.#attach, this.#field, this.#button));
    files?.addEventListener("change", () => this.#changed());
    this.#pictures.addEventListener("change", () => this.#changed());
    this.setBusy(false);
    this.#offer.hidden = true;
    hasOffers().then((any) => { this.#offer.hidden = !any; });
  }

  /** @param {Assistant | null} assistant who is spoken to; null while nobody knows */
  address(assistant) {
    this.#assistant = assistant;
    this.#field.placeholder = t("chat.placeholder", { name: assistant?.name ?? t("chat.assistant") });
    const label = t(this.#takesFiles ? "files.attach" : "picture.attach");
    this.#attach.setAttribute("aria-label", label);
    this.#attach.title = label;
  }

  get #takesFiles() {
    return this.#files !== undefined && readsFiles(this.#assistant);
  }

  /** @param {File[]} files pictures to be seen, others to be read */
  take(files) {
    const pictures = files.filter(isPicture);
    const others = files.filter((file) => !isPicture(file));
    if (pictures.length > 0) this.#show(pictures);
    if (others.length === 0) return;
    if (this.#takesFiles) this.#files?.add(others);
    else toast(t("files.notRead", { name: this.#assistant?.name ?? t("chat.assistant") }), { failure: true });
  }

  /** @param {File[]} pictures shown to the model, if it sees any */
  async #show(pictures) {
    if (await seesPictures(this.#assistant)) return this.#pictures.add(pictures);
    const assistant = this.#assistant;
    this.#pictures.say(`${t("picture.unseen", { model: modelOf(assistant) || t("chat.assistant") })} `,
      assistant ? h("a", { href: `#${editPath(assistant.assistant_id)}` }, t("picture.chooseModel")) : "");
  }

  focus() {
    this.#field.focus();
  }

  /** @param {Said} said put back when it could not be sent; never over something newer */
  restore({ text, pictures }) {
    if (this.#field.value.trim() === "") this.#field.value = text;
    this.#pictures.restore(pictures);
    this.#changed();
  }

  /** Puts in what a tool server offers: words where the person writes, what is to be read as files, or as words too. */
  async #choose() {
    const chosen = await askForOffer();
    if (!chosen) return;
    if ("text" in chosen) this.#insert(chosen.text);
    else if (this.#takesFiles) this.#files?.add(chosen.files);
    else for (const file of chosen.files) this.#insert(await file.text());
    this.focus();
  }

  /** @param {string} text put where the caret is, apart from what stands there */
  #insert(text) {
    const { value, selectionStart: start, selectionEnd: end } = this.#field;
    const before = value.slice(0, start).trimEnd();
    const after = value.slice(end).trimStart();
    this.#field.value = [before, text, after].filter((part) => part !== "").join("\n\n");
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
    this.#button.disabled = !this.#isBusy && !this.#isReady;
    if (growsByItself) return;
    this.#field.style.height = "auto";
    if (this.#field.isConnected) this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  /** Something is said, and nothing that goes with it is on its way or has failed. */
  get #isReady() {
    const saysSomething = this.#field.value.trim() !== "" || this.#pictures.addresses.length > 0;
    return saysSomething && !this.#pictures.isReading && !(this.#files?.hasFailures ?? false);
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
    if (pasted.length === 0) return;
    event.preventDefault();
    this.take(pasted);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#isBusy) return this.#onStop();
    if (!this.#isReady) return;
    const said = { text: this.#field.value.trim(), pictures: this.#pictures.take() };
    this.#field.value = "";
    this.#changed();
    this.#onSend(said);
  }
}
