// @ts-check
import { cancelRun, getRunTrace, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableDuration, readableNumber, readableTime } from "../format.js";
import { historyPath, threadPath } from "../navigation.js";
import { actionButton, failure } from "../parts/failure.js";
import { readableMoney } from "../parts/model-facts.js";
import { runStatus } from "../parts/run-list.js";
import { SpanTree } from "../parts/span-tree.js";
import { t, tn } from "../strings.js";

/** How often one looks again at a run that goes on. */
const lookEveryMs = 1000;

/**
 * What was done for a run: every step, model call, tool and search on one scale of time.
 * @param {{id?: string, run?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function runScreen({ id = "", run = "" }) {
  const view = new RunView(id, run);
  return { node: view.node, title: t("trace.title"), dispose: () => view.dispose() };
}

class RunView {
  #threadId;
  #runId;
  #facts = h("p", { class: "trace-facts" });
  #note = h("div", { class: "stack" });
  #tree;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #isGone = false;
  node;

  /** @param {string} threadId @param {string} runId */
  constructor(threadId, runId) {
    this.#threadId = threadId;
    this.#runId = runId;
    this.#tree = new SpanTree(threadId);
    this.node = h("div", { class: "page trace" },
      h("header", { class: "page-head" },
        h("div", {}, h("h1", {}, t("trace.title")), this.#facts),
        h("div", { class: "actions" },
          h("a", { class: "button", href: `#${historyPath(threadId)}` }, t("trace.history")),
          h("a", { class: "button", href: `#${threadPath(threadId)}` }, t("history.back")))),
      this.#note, this.#tree.node);
    fill(this.#note, h("p", { class: "quiet" }, t("history.loading")));
    this.#look();
  }

  async #look() {
    try {
      const trace = await getRunTrace(this.#threadId, this.#runId);
      if (!this.#isGone) this.#show(trace);
    } catch (error) {
      fill(this.#note, failure(messageOf(error), actionButton(t("action.tryAgain"), () => this.#look())));
    }
  }

  /** @param {import("../types.js").Trace} trace */
  #show({ run, spans }) {
    const goesOn = run.status === "running" || run.status === "pending";
    fill(this.#facts, ...factsOf(run));
    fill(this.#note,
      run.error && failure(run.error.message, h("a", { class: "button small", href: `#${threadPath(this.#threadId)}` }, t("trace.toChat"))),
      spans.length === 0 && h("p", { class: "quiet" }, t(goesOn ? "trace.nothingYet" : "trace.none")),
      goesOn && actionButton(t("chat.stop"), () => cancelRun(this.#threadId, this.#runId).catch(() => {}), "small"));
    this.#tree.show(spans, goesOn ? Date.now() : null);
    if (goesOn) this.#next = setTimeout(() => this.#look(), lookEveryMs);
  }

  dispose() {
    this.#isGone = true;
    clearTimeout(this.#next);
  }
}

/** @param {import("../types.js").Run} run */
function factsOf(run) {
  const { usage, created_at: began, updated_at: changed, status } = run;
  const seconds = (Date.parse(changed) - Date.parse(began)) / 1000;
  const tokens = (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);
  return [
    runStatus(status), readableTime(began),
    status !== "running" && status !== "pending" && readableDuration(seconds),
    tokens > 0 && t("chat.tokens", { count: readableNumber(tokens) }),
    usage && usage.calls > usage.unpriced_calls && readableMoney(usage.cost_micros / 1e6),
    usage && usage.calls > 0 && tn("trace.calls", usage.calls),
  ].filter((fact) => fact !== false && fact !== undefined)
    .map((fact) => h("span", {}, /** @type {any} */ (fact)));
}
