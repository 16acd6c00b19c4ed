// @ts-check
import { h } from "../dom.js";
import { readableDuration, readableNumber } from "../format.js";
import { t } from "../strings.js";
import { textOf } from "../chat/messages.js";
import { copyButton } from "./clipboard.js";
import { iconButton } from "./icon-button.js";
import { readableMoney } from "./model-facts.js";
import { siblingSwitch } from "./sibling-switch.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("./conversation.js").Surroundings} Surroundings */
/** @typedef {import("./conversation.js").Actions} Actions */

/**
 * Below an answer: what can be done with it, and what it took.
 * @param {Message} message
 * @param {string} cut what is said of an answer that was cut; empty for a whole one
 * @param {Surroundings} surroundings
 */
export function answerActions(message, cut, { actions, facts, siblings, isBusy, isLast }) {
  const text = textOf(message);
  const isWorking = isBusy && isLast;
  const standIn = message.response_metadata?.answered_by;
  return h("div", { class: "answer-actions" },
    siblings && actions && siblingSwitch(siblings, isWorking, actions.goTo),
    text !== "" && copyButton(t("chat.copyAnswer"), () => text),
    actions && facts
      && iconButton("retry", t("chat.again"), () => actions.answerAgain(message.id), { disabled: isWorking }),
    actions && facts ? thumbs(facts, actions) : null,
    actions && facts && iconButton("question", t("why.title"), (event) =>
      actions.explain(message, /** @type {HTMLElement} */ (event.currentTarget))),
    actions && facts && iconButton("fork", t("chat.fork"), () => actions.fork(facts.origin.checkpoint_id)),
    cut !== "" && h("span", { class: "quiet" }, cut),
    typeof standIn === "string" && h("span", { class: "quiet" }, t("answer.standIn", { name: standIn })),
    h("span", { class: "quiet answer-cost" }, costOf(message, facts)));
}

/**
 * @param {import("../chat/lineage.js").Facts} facts
 * @param {Actions} actions
 */
function thumbs({ score, origin: { run_id: runId } }, actions) {
  if (!runId) return [];
  const thumb = (/** @type {"thumbUp" | "thumbDown"} */ drawing, /** @type {number} */ value) =>
    iconButton(drawing, t(value === 1 ? "chat.good" : "chat.bad"), () => actions.rate(runId, score === value ? null : value),
      { "aria-pressed": String(score === value) });
  return [thumb("thumbUp", 1), thumb("thumbDown", 0)];
}

/**
 * What the whole run took, all its calls of models together; while that is not known, what the last one took.
 * @param {Message} message
 * @param {import("../chat/lineage.js").Facts | null} facts
 */
function costOf({ usage_metadata: own }, facts) {
  const run = facts?.usage;
  const tokens = run?.calls ? run.input_tokens + run.output_tokens : own?.total_tokens;
  return [
    typeof tokens === "number" ? t("chat.tokens", { count: readableNumber(tokens) }) : "",
    run && run.calls > run.unpriced_calls ? readableMoney(run.cost_micros / 1_000_000) : "",
    facts?.seconds ? readableDuration(facts.seconds) : "",
  ].filter(Boolean).join(" · ");
}
