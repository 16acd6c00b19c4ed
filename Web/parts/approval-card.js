// @ts-check
import { fill, h, uniqueId } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";
import { actionButton } from "./failure.js";

/** @typedef {import("../types.js").Approval} Approval */
/** @typedef {import("../types.js").CallDecision} CallDecision */

/** Longer texts get a field of several lines. */
const longLineCharacters = 60;
/** Causes that call for more than a glance. */
const alarming = ["egress", "changed"];

/** One call that waits: what is asked, why, and a yes, a no with a reason, or other arguments. */
export class ApprovalCard {
  /** @type {CallDecision | null} */
  decision = null;
  #approval;
  #onChange;
  #body = h("div", { class: "approval-body" });
  node;

  /**
   * @param {Approval} approval
   * @param {() => void} onChange told when the decision was made or taken back
   */
  constructor(approval, onChange) {
    this.#approval = approval;
    this.#onChange = onChange;
    this.node = h("article", { class: "approval-card", data: { cause: approval.cause } },
      h("header", {}, icon(alarming.includes(approval.cause) ? "alert" : "tool"), h("h4", {}, approval.name),
        h("p", { class: "quiet" }, causeText(approval.cause))), approval.change && changeOf(approval.change), this.#body);
    this.#ask();
  }

  /** Lets the call be made as it was shown. */
  allow() {
    this.#decide({ action: "approve", arguments_hash: this.#approval.arguments_hash });
  }

  #ask() {
    fill(this.#body, argumentList(this.#approval.arguments), h("div", { class: "actions" },
      actionButton(t("approval.allow"), () => this.allow(), "primary"),
      actionButton(t("approval.edit"), () => this.#edit()),
      actionButton(t("approval.refuse"), () => this.#refuse())));
  }

  #edit() {
    const form = argumentForm(this.#approval.arguments);
    const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
    const allow = () => {
      const read = form.read();
      if (read.problem) {
        problem.textContent = read.problem;
        problem.hidden = false;
        return;
      }
      this.#decide({ action: "edit", arguments_hash: this.#approval.arguments_hash, arguments: read.value });
    };
    fill(this.#body, form.node, problem, h("div", { class: "actions" },
      actionButton(t("approval.allowEdited"), allow, "primary"), actionButton(t("action.cancel"), () => this.#ask())));
    form.focus();
  }

  #refuse() {
    const id = `reason-${uniqueId().slice(0, 6)}`;
    const reason = h("textarea", { id, rows: 2, maxlength: 2000, placeholder: t("approval.reasonHint") });
    fill(this.#body, argumentList(this.#approval.arguments),
      h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, t("approval.reason")), reason),
      h("div", { class: "actions" },
        actionButton(t("approval.refuseNow"), () => this.#decide({ action: "refuse", reason: reason.value.trim() || null }), "primary"),
        actionButton(t("action.cancel"), () => this.#ask())));
    reason.focus();
  }

  /** @param {Omit<CallDecision, "call_id">} decision */
  #decide(decision) {
    this.decision = { call_id: this.#approval.call_id, ...decision };
    const said = { approve: t("approval.allowed"), edit: t("approval.changed"), refuse: t("approval.refused") }[decision.action];
    fill(this.#body, h("p", { class: "approval-said" }, icon(decision.action === "refuse" ? "close" : "check"), said,
      actionButton(t("approval.undo"), () => this.#undo(), "small")));
    this.#onChange();
  }

  #undo() {
    this.decision = null;
    this.#ask();
    this.#onChange();
  }
}

/** @param {Approval["cause"]} cause */
function causeText(cause) {
  switch (cause) {
    case "confirmation": return t("approval.cause.confirmation");
    case "permission": return t("approval.cause.permission");
    case "egress": return t("approval.cause.egress");
    case "edited": return t("approval.cause.edited");
    case "changed": return t("approval.cause.changed");
  }
}

/**
 * What a tool said of itself when somebody agreed to it, and what it says now.
 * @param {NonNullable<Approval["change"]>} change
 */
function changeOf({ before, now }) {
  const side = (/** @type {string} */ title, /** @type {import("../types.js").ToolPin} */ pin) => h("div", {},
    h("h5", {}, title), h("p", {}, pin.description),
    h("pre", { class: "tool-result", tabindex: "0" }, JSON.stringify(pin.parameters.properties ?? {}, null, 2)));
  return h("details", { class: "tool-change", open: true }, h("summary", {}, t("approval.whatChanged")),
    before ? side(t("approval.before"), before) : h("p", { class: "quiet" }, t("approval.newTool")),
    side(t("approval.now"), now));
}

/** @param {any} args */
const entriesOf = (args) => (args && typeof args === "object" && !Array.isArray(args) ? Object.entries(args) : null);

/** @param {any} value */
const readable = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** @param {any} args */
function argumentList(args) {
  const entries = entriesOf(args);
  if (!entries) return h("pre", { class: "tool-result", tabindex: "0" }, readable(args));
  if (entries.length === 0) return h("p", { class: "quiet" }, t("approval.noArguments"));
  return h("dl", { class: "arguments" },
    entries.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, readable(value))]));
}

/**
 * A field for each argument: texts as texts, anything else as JSON.
 * @param {any} args
 * @returns {{node: HTMLElement, focus: () => void, read: () => {value?: any, problem?: string}}}
 */
function argumentForm(args) {
  const entries = entriesOf(args) ?? [["", args]];
  const fields = entries.map(([name, value]) => ({ name, isText: typeof value === "string", input: argumentInput(value) }));
  const node = h("div", { class: "stack approval-form" }, fields.map(({ name, input }) => {
    input.id = `argument-${uniqueId().slice(0, 6)}`;
    return h("div", { class: "field" }, h("label", { for: input.id, class: "field-label" }, name || t("approval.arguments")), input);
  }));
  const read = () => {
    /** @type {Record<string, any>} */
    const value = {};
    for (const { name, isText, input } of fields) {
      try {
        value[name] = isText ? input.value : JSON.parse(input.value);
      } catch {
        input.focus();
        return { problem: t("approval.notJSON", { name }) };
      }
    }
    return { value: entriesOf(args) ? value : value[""] };
  };
  return { node, focus: () => fields[0]?.input.focus(), read };
}

/** @param {any} value */
function argumentInput(value) {
  const text = readable(value) ?? "";
  const isLong = text.includes("\n") || text.length > longLineCharacters;
  const style = typeof value === "string" ? "" : "code-field";
  return isLong
    ? h("textarea", { rows: Math.min(10, text.split("\n").length + 1), class: style, value: text })
    : h("input", { type: "text", class: style, value: text, autocomplete: "off" });
}
