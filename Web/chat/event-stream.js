// @ts-check

/** @typedef {{event: string, data: string, id: string | null}} ServerEvent */

/** A line longer than this is not from our server: 64 million characters. */
const longestLineCharacters = 64_000_000;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from a response's body. Comments keep the
 * line alive and are skipped; the generator ends when the body does.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* readEvents(body) {
  let event = "message";
  let id = /** @type {string | null} */ (null);
  /** @type {string[]} */
  let data = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      if (data.length > 0 || event !== "message") yield { event, data: data.join("\n"), id };
      event = "message";
      data = [];
      continue;
    }
    const { field, value } = splitField(line);
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
}

/** @param {string} line */
function splitField(line) {
  const colon = line.indexOf(":");
  if (colon < 0) return { field: line, value: "" };
  return { field: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, "") };
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<string>}
 */
async function* readLines(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      if (rest.length > longestLineCharacters) throw new Error("event too long");
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
