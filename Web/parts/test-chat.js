// @ts-check
import { createThread, deleteThread, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { forgetSession, sessionOf } from "../chat/sessions.js";
import { Composer } from "./composer.js";
import { actionButton, failure } from "./failure.js";
import { ThreadView } from "./thread-view.js";

/** @typedef {import("../types.js").Assistant} Assistant */

/**
 * A chat in which an assistant is tried with the form as it stands, saved or not. It is begun with the first
 * message and deleted when one leaves.
 */
export class TestChat {
  #assistant;
  #valuesOf;
  /** @type {string | null} */
  #threadId = null;
  /** @type {ThreadView | null} */
  #view = null;
  #body = h("div", { class: "test-chat-body" });
  node;

  /**
   * @param {Assistant} assistant
   * @param {() => Record<string, any>} valuesOf the settings in the form
   */
  constructor(assistant, valuesOf) {
    this.#assistant = assistant;
    this.#valuesOf = valuesOf;
    const again = actionButton(t("test.again"), () => this.#restart(), "small");
    this.node = h("section", { class: "test-chat", "aria-labelledby": "test-title" },
      h("header", {}, h("h2", { id: "test-title" }, t("test.title")), again),
      h("p", { class: "quiet" }, t("test.body")), this.#body);
    this.#offer();
  }

  dispose() {
    this.#view?.dispose();
    const id = this.#threadId;
    this.#view = null;
    this.#threadId = null;
    if (!id) return;
    sessionOf(id).stop();
    forgetSession(id);
    // What cannot be deleted now stays as a chat that says by its name what it was.
    deleteThread(id).catch(() => {});
  }

  #restart() {
    this.dispose();
    this.#offer();
  }

  #offer() {
    /** @type {Composer} */
    const composer = new Composer({ draftKey: `test-${this.#assistant.assistant_id}`, onSend: (said) => this.#begin(said, composer) });
    composer.address(this.#asItStands);
    fill(this.#body, composer.node);
  }

  /** @returns {Assistant} with the settings in the form, whenever these are looked at */
  get #asItStands() {
    const configurable = this.#valuesOf;
    return { ...this.#assistant, get config() { return { configurable: configurable() }; } };
  }

  /**
   * @param {import("../types.js").Said} said
   * @param {Composer} composer
   */
  async #begin(said, composer) {
    try {
      const { assistant_id: assistant, name } = this.#assistant;
      const { thread_id: id } = await createThread({ assistant_id: assistant, name: t("test.name", { name }) });
      this.#threadId = id;
      const session = sessionOf(id);
      session.beginEmpty();
      session.overrides = this.#valuesOf;
      this.#view = new ThreadView(session, { actions: null });
      this.#view.address(this.#asItStands);
      fill(this.#body, this.#view.node);
      session.send(said, this.#valuesOf().type);
    } catch (error) {
      composer.restore(said);
      fill(this.#body, composer.node, failure(messageOf(error)));
    }
  }
}
