// @ts-check
import { listAssistantVersions, messageOf, updateAssistant } from "../api.js";
import { fill, h } from "../dom.js";
import { readableTime } from "../format.js";
import { library } from "../library.js";
import { t } from "../strings.js";
import { lineDiff } from "../text/line-diff.js";
import { actionButton, failure } from "./failure.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").AssistantVersion} AssistantVersion */

/** How an assistant was before each change, what each changed, and the way back. */
export class VersionList {
  #assistantId;
  #titleOf;
  #onRestored;
  node = h("section", { class: "versions", "aria-label": t("versions.title") });

  /**
   * @param {string} assistantId
   * @param {{titleOf: (key: string) => string, onRestored: () => void}} options
   */
  constructor(assistantId, { titleOf, onRestored }) {
    this.#assistantId = assistantId;
    this.#titleOf = titleOf;
    this.#onRestored = onRestored;
  }

  async load() {
    fill(this.node, h("p", { class: "quiet" }, t("history.loading")));
    try {
      const versions = await listAssistantVersions(this.#assistantId);
      fill(this.node, h("ol", {}, versions.map((version, place) => this.#row(version, versions[place + 1], place === 0))));
    } catch (error) {
      fill(this.node, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.load())));
    }
  }

  /**
   * @param {AssistantVersion} version
   * @param {AssistantVersion | undefined} before
   * @param {boolean} isCurrent
   */
  #row(version, before, isCurrent) {
    const changes = before ? changesBetween(valuesOf(before), valuesOf(version)) : [];
    return h("li", {},
      h("div", { class: "version-head" }, h("strong", {}, t("versions.number", { number: version.version })),
        h("span", { class: "quiet" }, readableTime(version.created_at)),
        isCurrent ? h("span", { class: "badge" }, t("versions.current"))
          : actionButton(t("versions.restore"), () => this.#restore(version), "small")),
      before ? h("details", {}, h("summary", {}, changes.map(({ key }) => this.#nameOf(key)).join(", ") || t("versions.nothing")),
        changes.map((change) => this.#change(change))) : h("p", { class: "quiet" }, t("versions.first")));
  }

  /** @param {{key: string, before: any, after: any}} change */
  #change({ key, before, after }) {
    return h("div", { class: "change" }, h("h4", {}, this.#nameOf(key)),
      h("pre", { tabindex: "0" }, lineDiff(readable(before), readable(after)).map(({ kind, text }) =>
        h(kind === "gone" ? "del" : kind === "new" ? "ins" : "span", {}, `${kind === "gone" ? "−" : kind === "new" ? "+" : " "} ${text}\n`))));
  }

  /** @param {string} key */
  #nameOf(key) {
    if (key === "name") return t("form.name");
    return key === "public" ? t("form.public") : this.#titleOf(key);
  }

  /** @param {AssistantVersion} version */
  async #restore({ name, config, public: isPublic }) {
    try {
      library.keepAssistant(await updateAssistant(this.#assistantId, { name, config, public: isPublic }));
      toast(t("versions.restored"));
      this.#onRestored();
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }
}

/** @param {AssistantVersion} version @returns {Record<string, any>} */
const valuesOf = ({ name, public: isPublic, config }) => ({ name, public: isPublic, ...config?.configurable });

/**
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 */
function changesBetween(before, after) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ key, before: before[key], after: after[key] }));
}

/** @param {any} value */
const readable = (value) => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2));
