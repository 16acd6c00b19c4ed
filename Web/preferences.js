// @ts-check
import { getPreferences, messageOf, setPreferences } from "./api.js";
import { toast } from "./parts/toast.js";

/** What a person set for themselves, kept on the server for all their browsers; fires `change`. */
class Preferences extends EventTarget {
  /** @type {Record<string, any>} */
  #values = {};

  /** Fetches them. Never throws: without them everything stands as it does for somebody new. */
  async load() {
    try {
      this.#take(await getPreferences());
    } catch {
      // The next change fetches them too.
    }
  }

  /** @returns {string[]} assistants, in the order in which they were pinned */
  get pinned() {
    const ids = this.#values.pinned_assistants;
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  }

  /** @param {string} assistantId pins it, or takes that back */
  async togglePin(assistantId) {
    const pinned = this.pinned;
    const next = pinned.includes(assistantId) ? pinned.filter((id) => id !== assistantId) : [...pinned, assistantId];
    try {
      this.#take(await setPreferences({ pinned_assistants: next }));
    } catch (error) {
      toast(messageOf(error), { failure: true });
    }
  }

  /** @param {Record<string, any>} values */
  #take(values) {
    this.#values = values;
    this.dispatchEvent(new Event("change"));
  }
}

export const preferences = new Preferences();
