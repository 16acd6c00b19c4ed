// @ts-check
import { changeEmbedding, getEmbedding, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableNumber } from "../format.js";
import { t } from "../strings.js";
import { confirmDanger } from "./dialog.js";
import { actionButton } from "./failure.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").EmbeddingReport} EmbeddingReport */

const lookMs = 2000;
const stateKeys = /** @type {const} */ ({
  building: "embedding.building", stopped: "embedding.stopped", earlier: "embedding.earlier",
});

/** The change from one embedding model to another, for administrators; nothing for others, or while there is none. */
export class EmbeddingChange {
  node = h("section", { class: "stack", hidden: true, "aria-labelledby": "embedding-title" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isGone = false;

  async start() {
    try {
      this.#show(await getEmbedding());
    } catch {
      // Who may not see it is shown nothing; who saw it go on is, once the server answers again.
      if (!this.node.hidden) this.#lookLater();
    }
  }

  dispose() {
    this.#isGone = true;
    clearTimeout(this.#timer);
  }

  #lookLater() {
    clearTimeout(this.#timer);
    if (!this.#isGone) this.#timer = setTimeout(() => this.start(), lookMs);
  }

  /** @param {EmbeddingReport} report */
  #show({ serving, wanted, beside }) {
    clearTimeout(this.#timer);
    this.node.hidden = !beside;
    if (!beside) return;
    fill(this.node,
      h("h2", { id: "embedding-title" }, t("embedding.title")),
      h("p", {}, t("embedding.serves", { model: serving })),
      h("p", { class: "quiet" }, t(stateKeys[beside.state], { model: beside.model })),
      this.#progress(beside),
      h("div", { class: "dialog-actions" }, this.#buttons(beside, wanted !== serving)));
    if (beside.state === "building") this.#lookLater();
  }

  /** @param {NonNullable<EmbeddingReport["beside"]>} beside */
  #progress({ model, progress }) {
    if (!progress) return null;
    const values = { done: readableNumber(progress.made), total: readableNumber(progress.all) };
    return h("div", {},
      h("progress", { max: Math.max(progress.all, 1), value: progress.made, "aria-label": model }),
      h("p", { class: "quiet" }, progress.indexing ? t("embedding.indexing") : t("embedding.made", values)),
      progress.problem && h("p", { role: "status" }, t("embedding.problem", { problem: progress.problem })));
  }

  /**
   * @param {NonNullable<EmbeddingReport["beside"]>} beside
   * @param {boolean} isWanted
   */
  #buttons({ state, model }, isWanted) {
    if (state === "building") return [actionButton(t("embedding.cancel"), () => this.#change("cancel"))];
    return [
      state === "earlier" && actionButton(t("embedding.undo"), () => this.#change("undo")),
      state === "stopped" && isWanted && actionButton(t("embedding.start"), () => this.#change("start")),
      actionButton(t("embedding.drop"), () => this.#drop(model)),
    ];
  }

  /** @param {string} model */
  async #drop(model) {
    const sure = await confirmDanger({
      title: t("embedding.drop"), body: t("embedding.drop.body", { model }), action: t("embedding.drop"),
    });
    if (sure) await this.#change("drop");
  }

  /** @param {"start" | "cancel" | "undo" | "drop"} verb */
  async #change(verb) {
    try {
      this.#show(await changeEmbedding(verb));
    } catch (error) {
      toast(messageOf(error), { failure: true });
      await this.start();
    }
  }
}
