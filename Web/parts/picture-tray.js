// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { mostPictures, preparePicture } from "../chat/pictures.js";
import { iconButton } from "./icon-button.js";

/** The pictures that go with the next message, each with a button to leave it out. Fires `change`. */
export class PictureTray extends EventTarget {
  #list = h("ul", { class: "picture-list" });
  #note = h("div", { class: "picture-note", role: "alert" });
  node = h("div", { class: "picture-tray", hidden: true }, this.#list, this.#note);
  /** @type {{name: string, address: string}[]} */
  #pictures = [];
  #reading = 0;

  /** `data:` addresses, in the order in which they were given. */
  get addresses() {
    return this.#pictures.map(({ address }) => address);
  }

  /** Some are not ready to be sent yet. */
  get isReading() {
    return this.#reading > 0;
  }

  /** @param {File[]} files */
  async add(files) {
    this.say();
    for (const file of files) {
      if (this.#pictures.length + this.#reading >= mostPictures) return this.say(t("picture.most", { count: mostPictures }));
      await this.#read(file);
    }
  }

  /** @param {File} file */
  async #read(file) {
    this.#reading += 1;
    this.#show();
    try {
      this.#pictures.push({ name: file.name, address: await preparePicture(file) });
    } catch (error) {
      this.say(messageOf(error));
    }
    this.#reading -= 1;
    this.#show();
  }

  /** @param {string[]} addresses put back when they could not be sent; never over newer ones */
  restore(addresses) {
    if (this.#pictures.length > 0) return;
    this.#pictures = addresses.map((address) => ({ name: t("picture.name"), address }));
    this.#show();
  }

  /** @returns {string[]} what was there; nothing is left */
  take() {
    const { addresses } = this;
    this.#pictures = [];
    this.say();
    return addresses;
  }

  /** @param {...(Node | string)} note why a picture is not there; nothing takes the last note away */
  say(...note) {
    fill(this.#note, note.length > 0 && h("p", {}, note));
    this.#show();
  }

  #show() {
    fill(this.#list, this.#pictures.map((picture) => h("li", {},
      h("img", { src: picture.address, alt: picture.name }),
      iconButton("close", t("files.remove", { name: picture.name }), () => this.#remove(picture)))),
    this.#reading > 0 && h("li", { class: "picture-coming" }, h("span", { class: "spinner" })));
    this.node.hidden = this.#pictures.length === 0 && this.#reading === 0 && this.#note.childElementCount === 0;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {{name: string, address: string}} picture */
  #remove(picture) {
    this.#pictures = this.#pictures.filter((other) => other !== picture);
    this.#show();
  }
}
