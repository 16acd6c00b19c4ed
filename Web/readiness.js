// @ts-check
import { connection, getReadiness } from "./api.js";

/** While nobody answers, the server is asked this often. */
const askAgainMs = 2500;
/** And this often while all is well, to learn of a new version or a lost part. */
const lookMs = 60_000;

/**
 * What the server says about itself; fires `change`.
 * `isLost` while it does not answer, `isNewer` once another version answers than the one this page came from.
 */
class ReadinessWatch extends EventTarget {
  /** @type {import("./types.js").Readiness | null} */
  report = null;
  isLost = false;
  isNewer = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  start() {
    connection.addEventListener("lost", () => this.#setLost(true));
    connection.addEventListener("reached", () => this.#setLost(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
    this.look();
  }

  async look() {
    clearTimeout(this.#timer);
    try {
      const report = await getReadiness();
      const before = this.report?.version;
      if (before && report.version && report.version !== before) this.isNewer = true;
      this.report = report;
      this.dispatchEvent(new Event("change"));
    } catch {
      // `lost` has told; a reply that is not ours changes nothing.
    }
    this.#timer = setTimeout(() => this.look(), this.isLost ? askAgainMs : lookMs);
  }

  /** @param {boolean} isLost */
  #setLost(isLost) {
    if (isLost === this.isLost) return;
    this.isLost = isLost;
    this.dispatchEvent(new Event("change"));
    if (!isLost) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), askAgainMs);
  }

  /**
   * The part whose name holds one of these words.
   * @param {string[]} words
   */
  part(...words) {
    return this.report?.parts?.find(({ name }) => words.some((word) => name.toLowerCase().includes(word)));
  }
}

export const readiness = new ReadinessWatch();
