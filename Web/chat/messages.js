// @ts-check

/** @typedef {import("../types.js").Message} Message */
/** @typedef {{index?: number, id?: string, name?: string, args?: string}} ToolCallDelta */
/** @typedef {{id: string, content?: string, tool_calls?: ToolCallDelta[]}} Delta */

/**
 * The messages of a chat: merged by id, so that a replayed event changes nothing.
 * A message is `settled` when the server has said all of it; deltas for it are then echoes.
 */
export class Messages {
  /** @type {Message[]} */
  list = [];
  /** @type {Set<string>} */
  #settled = new Set();

  /** @param {Message[]} messages the whole state, as stored */
  replaceAll(messages) {
    this.list = messages;
    this.#settled = new Set(messages.map(({ id }) => id));
  }

  /** @param {Message[]} messages new or changed */
  upsert(messages) {
    for (const message of messages) {
      const place = this.#place(message.id);
      if (place < 0) this.list = [...this.list, message];
      else this.list = this.list.with(place, message);
      if (message.type !== "ai" || message.response_metadata?.finish_reason) this.#settled.add(message.id);
    }
  }

  /** @param {string} id */
  remove(id) {
    this.list = this.list.filter((message) => message.id !== id);
  }

  /** @param {string} id everything from this message on is taken away */
  cutBefore(id) {
    const place = this.#place(id);
    if (place >= 0) this.list = this.list.slice(0, place);
  }

  /** @param {string} id everything after this message is taken away */
  cutAfter(id) {
    const place = this.#place(id);
    if (place >= 0) this.list = this.list.slice(0, place + 1);
  }

  /** @param {string} id @returns {Message | undefined} what a person said last before this message */
  questionBefore(id) {
    return this.#before(id).findLast(({ type }) => type === "human");
  }

  /** @param {string} id @returns {Message[]} what was said and called between that question and this message */
  stepsBefore(id) {
    const before = this.#before(id);
    return before.slice(before.findLastIndex(({ type }) => type === "human") + 1);
  }

  /** @param {string} id */
  #before(id) {
    return this.list.slice(0, Math.max(0, this.#place(id)));
  }

  /** @param {Delta} delta text to append to a message, which may be new */
  append(delta) {
    if (this.#settled.has(delta.id)) return;
    const place = this.#place(delta.id);
    const before = this.list[place] ?? emptyAnswer(delta.id);
    /** @type {Message} */
    const after = {
      ...before,
      content: typeof delta.content === "string" ? textOf(before) + delta.content : before.content,
      tool_calls: appendToolCalls(before.tool_calls ?? [], delta.tool_calls ?? []),
    };
    this.list = place < 0 ? [...this.list, after] : this.list.with(place, after);
  }

  /**
   * How far a call has come.
   * @param {{call_id: string, progress: number, total?: number, message?: string}} news
   */
  note({ call_id: id, progress, total, message }) {
    const place = this.list.findLastIndex(({ tool_calls: calls }) => calls?.some((call) => call.id === id));
    const asked = this.list[place];
    if (!asked) return;
    const share = total ? `${Math.round(Math.min(1, progress / total) * 100)} %` : "";
    const said = [message, share].filter(Boolean).join(" · ");
    const calls = (asked.tool_calls ?? []).map((call) => (call.id === id ? { ...call, progress: said } : call));
    this.list = this.list.with(place, { ...asked, tool_calls: calls });
  }

  /** @param {string} id */
  #place(id) {
    return this.list.findLastIndex((message) => message.id === id);
  }
}

/** @param {string} id @returns {Message} */
const emptyAnswer = (id) => ({ type: "ai", id, content: "", tool_calls: [] });

/**
 * @param {import("../types.js").ToolCall[]} calls
 * @param {ToolCallDelta[]} deltas
 */
function appendToolCalls(calls, deltas) {
  if (deltas.length === 0) return calls;
  const grown = [...calls];
  for (const { index = grown.length, id, name, args = "" } of deltas) {
    const place = Math.min(index, grown.length);
    const before = grown[place] ?? { name: "", args: {}, id: null, argsText: "" };
    grown[place] = {
      ...before,
      id: id ?? before.id,
      name: name ?? before.name,
      argsText: (before.argsText ?? "") + args,
    };
  }
  return grown;
}

/**
 * The text of a message, whose content may be a string or a list of parts.
 * @param {Message} message
 */
export function textOf({ content }) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (typeof part === "string" ? part : part?.text ?? "")).join("");
}

/**
 * The messages in a thread's state, of whichever shape its architecture keeps.
 * @param {import("../types.js").ThreadState} state
 * @returns {Message[]}
 */
export function messagesOf({ values }) {
  if (Array.isArray(values)) return values;
  return values?.messages ?? [];
}

/**
 * The tool calls nobody has answered yet.
 * @param {Message[]} messages
 */
export function pendingToolCalls(messages) {
  const last = messages.at(-1);
  if (last?.type !== "ai") return [];
  return last.tool_calls ?? [];
}
