// @ts-check
import { listAssistants, listSharedAssistants, listThreads } from "./api.js";

/**
 * The assistants and chats a person owns, as last fetched; fires `change`.
 * One list for the rail, the gallery and the pickers, so that all agree.
 */
class Library extends EventTarget {
  /** @type {import("./types.js").Assistant[]} newest first */
  assistants = [];
  /** @type {(import("./types.js").Assistant & {access: "use" | "edit"})[]} of others, who share them with this person */
  shared = [];
  /** @type {import("./types.js").Thread[]} newest first */
  threads = [];
  /** @type {"loading" | "ready" | "failed"} */
  state = "loading";

  /** Fetches both lists again. Never throws: `state` tells. */
  async refresh() {
    try {
      const [assistants, shared, threads] = await Promise.all([listAssistants(), listSharedAssistants(), listThreads()]);
      this.assistants = newestFirst(assistants);
      this.shared = shared;
      this.threads = newestFirst(threads);
      this.state = "ready";
    } catch {
      if (this.state !== "ready") this.state = "failed";
    }
    this.#changed();
  }

  /** @param {string | null | undefined} id */
  assistant(id) {
    return [...this.assistants, ...this.shared].find((assistant) => assistant.assistant_id === id) ?? null;
  }

  /**
   * Whether this person may change it.
   * @param {string} id
   */
  mayEdit(id) {
    return this.assistants.some((own) => own.assistant_id === id)
      || this.shared.some((given) => given.assistant_id === id && given.access === "edit");
  }

  /** @param {import("./types.js").Thread} thread as just created, renamed or spoken in */
  keepThread(thread) {
    const others = this.threads.filter(({ thread_id }) => thread_id !== thread.thread_id);
    this.threads = newestFirst([thread, ...others]);
    this.#changed();
  }

  /** @param {string} id */
  dropThread(id) {
    this.threads = this.threads.filter(({ thread_id }) => thread_id !== id);
    this.#changed();
  }

  /** @param {import("./types.js").Assistant} assistant */
  keepAssistant(assistant) {
    const given = this.shared.find(({ assistant_id }) => assistant_id === assistant.assistant_id);
    if (given) return void (Object.assign(given, assistant), this.#changed());
    const others = this.assistants.filter(({ assistant_id }) => assistant_id !== assistant.assistant_id);
    this.assistants = newestFirst([assistant, ...others]);
    this.#changed();
  }

  /** @param {string} id */
  dropAssistant(id) {
    this.assistants = this.assistants.filter(({ assistant_id }) => assistant_id !== id);
    this.#changed();
  }

  /** The assistant spoken with last, else the newest. */
  favourite() {
    const spokenWith = this.threads.map(({ assistant_id }) => this.assistant(assistant_id));
    return spokenWith.find((assistant) => assistant !== null) ?? this.assistants[0] ?? this.shared[0] ?? null;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const library = new Library();

/**
 * @template {{updated_at: string}} Item
 * @param {Item[]} items
 * @returns {Item[]}
 */
function newestFirst(items) {
  return [...items].sort((left, right) => Date.parse(right.updated_at) - Date.parse(left.updated_at));
}
