// @ts-check
import { getUsage, listAssistants, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { readableNumber } from "../format.js";
import { language, t, tn } from "../strings.js";
import { failure } from "./failure.js";
import { readableMoney } from "./model-facts.js";

/** @typedef {import("../types.js").UsageTotal} UsageTotal */
/** @typedef {import("../strings.js").StringKey} StringKey */

/** @type {Record<string, StringKey>} */
const groupings = { day: "usage.byDay", model: "usage.byModel", assistant: "usage.byAssistant" };
/** @type {Record<string, StringKey>} */
const periods = { 7: "usage.week", 30: "usage.month", 365: "usage.year" };
const pageRows = 50;

/** What models were used for and what it cost: in sum, and by day, model or assistant. */
export class UsageView {
  #grouping = "day";
  #days = "30";
  /** @type {UsageTotal[]} */
  #rows = [];
  /** @type {Map<string, string>} */
  #assistants = new Map();
  #asked = 0;
  #body = h("div", { class: "stack", "aria-live": "polite" });
  node;

  constructor() {
    this.node = h("div", { class: "stack usage" },
      h("div", { class: "usage-choices" },
        this.#choice("usage.group", groupings, this.#grouping, (value) => { this.#grouping = value; }),
        this.#choice("usage.period", periods, this.#days, (value) => { this.#days = value; })),
      this.#body);
    this.#load();
  }

  /**
   * @param {StringKey} label
   * @param {Record<string, StringKey>} values
   * @param {string} chosen
   * @param {(value: string) => void} choose
   */
  #choice(label, values, chosen, choose) {
    const select = h("select", {
      "aria-label": t(label),
      on: {
        change: () => {
          choose(select.value);
          this.#rows = [];
          this.#load();
        },
      },
    }, Object.entries(values).map(([value, key]) => h("option", { value, selected: value === chosen }, t(key))));
    return select;
  }

  async #load() {
    const asked = ++this.#asked;
    try {
      const first = new Date(Date.now() - (Number(this.#days) - 1) * 86_400_000).toISOString().slice(0, 10);
      const query = { group_by: this.#grouping, from: first, limit: pageRows, offset: this.#rows.length };
      const [usage, assistants] = await Promise.all(
        [getUsage(query), this.#grouping === "assistant" ? listAssistants() : []]);
      if (asked !== this.#asked) return;
      for (const { assistant_id: id, name } of assistants) this.#assistants.set(id, name);
      this.#rows.push(...usage.items);
      this.#show(usage.total, usage.items.length === pageRows);
    } catch (error) {
      if (asked === this.#asked) fill(this.#body, failure(messageOf(error)));
    }
  }

  /** @param {UsageTotal} total @param {boolean} hasMore */
  #show(total, hasMore) {
    if (total.calls === 0) return fill(this.#body, h("p", { class: "quiet" }, t("usage.none")));
    fill(this.#body,
      h("dl", { class: "usage-total" },
        figure("usage.cost", readableMoney(total.cost_micros / 1e6)),
        figure("usage.calls", readableNumber(total.calls)),
        figure("usage.input", readableNumber(total.input_tokens)),
        figure("usage.output", readableNumber(total.output_tokens))),
      total.unpriced_calls > 0 && h("p", { class: "quiet field-help" }, tn("usage.unpriced", total.unpriced_calls)),
      this.#table(),
      hasMore && h("button", { type: "button", class: "button small", on: { click: () => this.#load() } }, t("usage.more")));
  }

  #table() {
    const title = t(groupings[this.#grouping] ?? "usage.byDay");
    const heads = [title, t("usage.cost"), t("usage.calls"), t("usage.input"), t("usage.output")];
    return h("div", { class: "usage-table", tabindex: 0, role: "region", "aria-label": title },
      h("table", {},
        h("thead", {}, h("tr", {}, heads.map((head, place) => h("th", { scope: "col", class: place > 0 && "number" }, head)))),
        h("tbody", {}, this.#rows.map((row) => this.#row(row)))));
  }

  /** @param {UsageTotal} row */
  #row(row) {
    const cost = row.unpriced_calls === row.calls ? t("usage.unknown") : readableMoney(row.cost_micros / 1e6);
    const numbers = [cost, ...[row.calls, row.input_tokens, row.output_tokens].map(readableNumber)];
    return h("tr", {}, h("th", { scope: "row" }, this.#nameOf(row.key ?? "")),
      numbers.map((number) => h("td", { class: "number" }, number)));
  }

  /** @param {string} key */
  #nameOf(key) {
    if (this.#grouping === "day") return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(key));
    return this.#grouping === "assistant" ? this.#assistants.get(key) ?? t("usage.gone") : key;
  }
}

/** @param {StringKey} label @param {string} value */
const figure = (label, value) => h("div", {}, h("dt", { class: "quiet" }, t(label)), h("dd", {}, value));
