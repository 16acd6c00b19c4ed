// @ts-check
import { h } from "../dom.js";
import { microsecondsOf, readableMicroseconds, readableNumber, readableSize, readableTime } from "../format.js";
import { historyPath } from "../navigation.js";
import { t } from "../strings.js";
import { failure } from "./failure.js";
import { readableMoney } from "./model-facts.js";

/** @typedef {import("../types.js").Span} Span */
/** @typedef {import("../strings.js").StringKey} StringKey */

const kinds = new Set(["run", "step", "model", "tool", "search", "embedding", "vectors", "words", "fusion", "proof", "checkpoint"]);

/** @param {string} kind */
export const kindName = (kind) => (kinds.has(kind) ? t(/** @type {StringKey} */ (`trace.kind.${kind}`)) : kind);

/**
 * What tells a span from others of its kind; empty where there is one alone.
 * @param {Span} span
 */
export function spanName({ kind, name, attributes }) {
  if (kind === "model") return String(attributes["opengpts.model"] ?? "");
  if (kind === "tool") return String(attributes["gen_ai.tool.name"] ?? "");
  if (kind === "embedding") return String(attributes["gen_ai.request.model"] ?? "");
  return kind === "step" ? name : "";
}

const plain = (/** @type {any} */ value) => String(value);
const count = (/** @type {any} */ value) => readableNumber(Number(value));
const bytes = (/** @type {any} */ value) => readableSize(Number(value));
const seconds = (/** @type {any} */ value) => readableMicroseconds(Number(value) * 1e6);

/**
 * What is known by its name, in the order in which it is shown, and how it is written.
 * @type {[string, StringKey, (value: any) => string][]}
 */
const known = [
  ["gen_ai.provider.name", "trace.provider", plain],
  ["gen_ai.request.model", "trace.model", plain],
  ["gen_ai.response.model", "trace.answeredAs", plain],
  ["opengpts.answered_by", "trace.standIn", plain],
  ["gen_ai.response.time_to_first_chunk", "trace.firstPiece", seconds],
  ["gen_ai.usage.input_tokens", "trace.tokensIn", count],
  ["gen_ai.usage.cache_read.input_tokens", "trace.tokensCached", count],
  ["gen_ai.usage.output_tokens", "trace.tokensOut", count],
  ["opengpts.cost_micros", "trace.cost", (value) => readableMoney(Number(value) / 1e6)],
  ["gen_ai.response.finish_reasons", "trace.ended", (value) => [value].flat().join(", ")],
  ["opengpts.arguments_bytes", "trace.arguments", bytes],
  ["opengpts.result_bytes", "trace.result", bytes],
  ["opengpts.approval_wait_seconds", "trace.waited", seconds],
  ["opengpts.query_bytes", "trace.query", bytes],
  ["opengpts.passages", "trace.passages", count],
  ["opengpts.chunks_considered", "trace.considered", count],
  ["opengpts.hits", "trace.hits", count],
  ["opengpts.request_id", "trace.request", plain],
];

/** Said elsewhere in the pane, or of use to programs alone. */
const unsaid = new Set(["gen_ai.operation.name", "gen_ai.agent.id", "gen_ai.conversation.id", "gen_ai.tool.call.id",
  "gen_ai.tool.name", "opengpts.model", "opengpts.checkpoint_id", ...known.map(([name]) => name)]);

/**
 * All that is known of a span.
 * @param {Span} span
 * @param {Span} root what its times are counted from
 * @param {string} threadId
 */
export function spanDetails(span, root, threadId) {
  const { attributes, error, events } = span;
  const rest = Object.entries(attributes).filter(([name]) => !unsaid.has(name));
  const facts = [
    fact(t("trace.began"), readableTime(span.started_at)),
    fact(t("trace.after"), readableMicroseconds(microsecondsOf(span.started_at) - microsecondsOf(root.started_at))),
    fact(t("trace.took"), span.duration_microseconds === undefined ? t("trace.goesOn") : readableMicroseconds(span.duration_microseconds)),
    ...known.filter(([name]) => name in attributes).map(([name, label, write]) => fact(t(label), write(attributes[name]))),
    ...rest.filter(([, value]) => !isLong(value)).map(([name, value]) => fact(name, shown(value))),
  ];
  return [
    error && failure(error.message ?? error.type),
    h("dl", { class: "span-facts" }, facts.flat()),
    events.length > 0 && h("ol", { class: "span-events" }, events.map((event) => eventRow(event, span))),
    ...rest.filter(([, value]) => isLong(value)).map(([name, value]) =>
      h("section", {}, h("h3", {}, name), h("pre", { class: "arguments" }, shown(value)))),
    attributes["opengpts.checkpoint_id"]
      && h("p", {}, h("a", { href: `#${historyPath(threadId)}` }, t("trace.said"))),
  ];
}

/** @param {string} label @param {string} value */
const fact = (label, value) => [h("dt", {}, label), h("dd", {}, value)];

/** @param {any} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));
/** @param {any} value */
const isLong = (value) => shown(value).length > 80;

/**
 * @param {import("../types.js").SpanEvent} event
 * @param {Span} span
 */
function eventRow({ name, at, attributes }, span) {
  const after = readableMicroseconds(microsecondsOf(at) - microsecondsOf(span.started_at));
  const what = name === "retry" ? t("trace.retry", { cause: String(attributes.cause ?? "") })
    : name === "fallback" ? t("trace.fallback", { from: String(attributes.from ?? ""), to: String(attributes.to ?? "") })
    : `${name} ${JSON.stringify(attributes)}`;
  return h("li", {}, h("span", { class: "quiet" }, after), " ", what);
}
