// @ts-check
import { scheduleRefetch } from "../api.js";
import { h } from "../dom.js";
import { t, tn } from "../strings.js";
import { askIn } from "./dialog-form.js";

/** @typedef {import("../types.js").StoredFile} StoredFile */

const choices = [6, 24, 168, 720];

/**
 * Asks how often a page of the web is to be fetched again by itself.
 * @param {StoredFile} file
 * @returns {Promise<StoredFile | null>}
 */
export function askForSchedule({ file_id: id, origin }) {
  const now = origin?.refetch_hours ?? 0;
  const hours = now && !choices.includes(now) ? [...choices, now].sort((a, b) => a - b) : choices;
  const select = h("select", { name: "hours" },
    h("option", { value: "0", selected: now === 0 }, t("knowledge.schedule.never")),
    hours.map((count) => h("option", { value: String(count), selected: count === now }, tn("knowledge.everyHours", count))));
  const fields = [
    h("p", { class: "quiet" }, t("knowledge.schedule.help")),
    h("label", { class: "field" }, t("knowledge.schedule.label"), select),
  ];
  return askIn(t("knowledge.schedule.title"), t("form.save"), fields, () => scheduleRefetch(id, Number(select.value) || null));
}
