// @ts-check
import { h } from "../dom.js";
import { readableDuration, readableNumber } from "../format.js";
import { t, tn } from "../strings.js";
import { passagesOf } from "../text/passages.js";
import { textOf } from "../chat/messages.js";
import { citationsOf } from "./citations.js";
import { foundItem } from "./found-item.js";
import { leftOut } from "./left-out.js";
import { readableMoney } from "./model-facts.js";
import { openPanel } from "./side-panel.js";
import { isSearch } from "./tool-card.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../types.js").Passage} Passage */
/** @typedef {import("../types.js").SearchReport} SearchReport */
/** @typedef {import("../chat/lineage.js").Facts} Facts */

/**
 * Why an answer says what it says: what was searched and found, what the model was given of it and what not, and
 * what answering took. All of it as it was then, from what is kept with the messages.
 * @param {{question: Message | undefined, steps: Message[], answer: Message, facts: Facts | null,
 *   traceAddress?: string | null}} turn `steps`: what was said and called between the question and the answer
 * @param {HTMLElement} from gets the focus back
 */
export function openWhy({ question, steps, answer, facts, traceAddress = null }, from) {
  const asked = question ? textOf(question) : "";
  const searches = steps.filter((step) => step.type === "tool" && (reportOf(step) || passagesOf(step).length > 0));
  openPanel({
    title: t("why.title"),
    body: h("div", { class: "why" },
      searches.length === 0 && h("p", {}, t("why.nothingSearched")),
      searches.map((search, place) => searchSection(search, place, searches.length, asked, answer)),
      workSection(steps, answer, facts),
      traceAddress !== null && h("p", {}, h("a", { href: traceAddress }, t("why.trace")))),
  }, from);
}

/** @param {Message} step @returns {SearchReport | null} null where the search was made before these were kept */
const reportOf = (step) => step.additional_kwargs?.search ?? null;

/**
 * @param {Message} search
 * @param {number} place
 * @param {number} count
 * @param {string} asked
 * @param {Message} answer
 */
function searchSection(search, place, count, asked, answer) {
  const report = reportOf(search);
  const given = passagesOf(search);
  const rest = report && leftOut(report.candidates);
  return h("section", {},
    h("h3", {}, count === 1 ? t("why.search") : t("why.searchOf", { place: place + 1, count })),
    report ? searchFacts(report, asked) : h("p", { class: "quiet" }, t("why.unkept")),
    h("h4", {}, t("why.given")),
    given.length === 0 ? h("p", {}, t("why.foundNothing"))
      : h("ol", { class: "found" }, given.map((passage) => h("li", {},
        foundItem(passage, givenNote(passage, report, answer))))),
    rest && h("h4", {}, t("why.leftOut")), rest,
    report && report.considered > report.candidates.length
      && h("p", { class: "quiet" }, tn("why.more", report.considered - report.candidates.length)));
}

/**
 * @param {SearchReport} report
 * @param {string} asked
 */
function searchFacts({ query, namespaces, compared_meaning: byMeaning, considered, seconds }, asked) {
  const isRewritten = asked !== "" && asked.trim() !== query.trim();
  return factList([
    [t("why.asked"), isRewritten ? asked : ""],
    [t("why.query"), query],
    [t("why.where"), namespaces.map(placeName).join(", ")],
    [t("why.how"), byMeaning ? t("why.both") : t("why.wordsAlone")],
    [t("why.ranked"), `${tn("tool.found", considered)} · ${readableDuration(seconds)}`],
  ]);
}

/** @param {Record<string, string>} namespace */
function placeName(namespace) {
  if ("assistant_id" in namespace) return t("why.ofAssistant");
  return "thread_id" in namespace ? t("why.ofChat") : t("why.ofCollection");
}

/**
 * Whether the answer refers to a passage, and whether neighbours were joined to it.
 * @param {Passage} passage
 * @param {SearchReport | null} report
 * @param {Message} answer
 */
function givenNote(passage, report, answer) {
  const isCited = citationsOf(answer).some(({ file_id: file, start, end }) => file === passage.fileId
    && start >= (passage.start ?? 0) && end <= (passage.end ?? 0));
  const joined = report?.candidates.filter(({ fate, of: best }) => fate === "joined" && best === passage.chunkId).length ?? 0;
  return h("p", { class: "fate" }, h("span", { class: isCited ? "cited" : "" }, t(isCited ? "why.cited" : "why.uncited")),
    joined > 0 && ` · ${tn("why.joined", joined)}`);
}

/**
 * Who answered, with which tools, and what it took.
 * @param {Message[]} steps
 * @param {Message} answer
 * @param {Facts | null} facts
 */
function workSection(steps, answer, facts) {
  const usage = facts?.usage;
  const tools = steps.flatMap(({ tool_calls: calls }) => calls?.map(({ name }) => name) ?? []);
  const answeredBy = answer.response_metadata?.answered_by ?? answer.response_metadata?.model_name;
  return h("section", {}, h("h3", {}, t("why.work")), factList([
    [t("why.model"), typeof answeredBy === "string" ? answeredBy : ""],
    [t("why.tools"), [...new Set(tools)].filter((name) => !isSearch(name)).join(", ")],
    [t("why.calls"), usage?.calls ? readableNumber(usage.calls) : ""],
    [t("why.read"), usage?.calls ? tokens(usage.input_tokens) : ""],
    [t("why.fromCache"), usage?.cached_tokens ? tokens(usage.cached_tokens) : ""],
    [t("why.written"), usage?.calls ? tokens(usage.output_tokens) : ""],
    [t("why.cost"), costText(usage)],
    [t("why.took"), facts?.seconds ? readableDuration(facts.seconds) : ""],
  ]));
}

/** @param {import("../types.js").UsageTotal | null | undefined} usage */
function costText(usage) {
  if (!usage?.calls) return "";
  return usage.unpriced_calls === usage.calls ? t("why.unpriced") : readableMoney(usage.cost_micros / 1_000_000);
}

/** @param {number} count */
const tokens = (count) => t("chat.tokens", { count: readableNumber(count) });

/** @param {[string, string][]} facts those without a value are left out */
const factList = (facts) => h("dl", { class: "why-facts" }, facts.filter(([, value]) => value !== "")
  .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
