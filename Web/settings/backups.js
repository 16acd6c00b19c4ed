// @ts-check
import { messageOf } from "../api.js";
import { cancelBackup, deleteBackup, getBackupStatus, listBackups, startBackup, verifyBackup } from "../backup-api.js";
import { fill, h } from "../dom.js";
import { readableSize, readableSpan, readableTime } from "../format.js";
import { confirmDanger } from "../parts/dialog.js";
import { actionButton, failure } from "../parts/failure.js";
import { attempt, liveList } from "../parts/live-list.js";
import { menuButton } from "../parts/menu.js";
import { t } from "../strings.js";

/** @typedef {import("../backup-api.js").Backup} Backup */
/** @typedef {import("../backup-api.js").BackupJob} BackupJob */
/** @typedef {import("../backup-api.js").BackupPlan} BackupPlan */

const pageOfBackups = 20;
const lookMilliseconds = 700;

/** Backups, for administrators: made, proven and deleted; what is in them is read on the machine alone. */
export function backupsSection() {
  const status = h("div", { class: "stack", "aria-live": "polite" });
  /** @type {number | undefined} */
  let timer;
  let isGone = false;
  let wasUnderWay = false;
  /** @type {{node: HTMLElement, refresh: () => void}} */
  const list = liveList({
    label: t("backups.title"), empty: t("backups.empty"), pageSize: pageOfBackups,
    fetch: (limit, shown) => listBackups(limit, shown.length), row: (backup) => row(backup, look, list.refresh),
  });

  /** Shows how it stands, and looks again while something is under way. */
  async function look() {
    clearTimeout(timer);
    try {
      const { plan, job } = await getBackupStatus();
      if (isGone) return;
      const isUnderWay = Boolean(job && !job.ended_at);
      fill(status, planText(plan), job && jobView(job, look),
        !isUnderWay && h("div", { class: "actions" }, actionButton(t("backups.start"), () => attempt(startBackup, look), "primary")));
      if (wasUnderWay && !isUnderWay) list.refresh();
      wasUnderWay = isUnderWay;
      if (isUnderWay) timer = setTimeout(look, lookMilliseconds);
    } catch (error) {
      if (!isGone) fill(status, failure(messageOf(error), actionButton(t("action.tryAgain"), look, "small")));
    }
  }
  look();
  const dispose = () => {
    isGone = true;
    clearTimeout(timer);
  };
  return { node: h("div", { class: "stack" }, status, list.node), dispose };
}

/** @param {BackupPlan} plan */
function planText({ every_seconds: every, keep, directory, encrypted }) {
  return h("p", { class: "quiet" }, [
    every ? t("backups.every", { time: readableSpan(every), keep, directory }) : t("backups.never", { directory }),
    t(encrypted ? "backups.encrypted" : "backups.plain"),
  ].join(" "));
}

/** @param {BackupJob} job @param {() => void} look */
function jobView(job, look) {
  const isUnderWay = !job.ended_at;
  const title = job.kind === "backup" ? t(`backups.making.${job.state}`) : t(`backups.proving.${job.state}`);
  if (!isUnderWay) return job.state === "failed" ? failure(`${title} ${job.detail}`) : h("p", {}, h("strong", {}, title), " ", job.detail);
  const isMeasured = job.total_bytes > 0;
  return h("div", { class: "backup-job" }, h("span", {}, title),
    h("progress", { "aria-label": title, max: isMeasured ? job.total_bytes : null, value: isMeasured ? job.done_bytes : null }),
    isMeasured && h("span", { class: "quiet" }, `${readableSize(job.done_bytes)} / ${readableSize(job.total_bytes)}`),
    actionButton(t("action.cancel"), () => attempt(cancelBackup, look), "small"));
}

/** @param {Backup} backup @param {() => void} look @param {() => void} refresh */
function row(backup, look, refresh) {
  const time = readableTime(backup.taken_at);
  return h("li", { class: "card-row" },
    h("div", {}, h("strong", {}, time), backup.encrypted && h("span", { class: "badge" }, t("backups.locked")),
      h("p", { class: "quiet" }, `${readableSize(backup.size_bytes)} · ${backup.name}`)),
    menuButton(t("action.more", { name: time }), [
      { label: t("backups.verify"), icon: "check", run: () => attempt(() => verifyBackup(backup.name), look) },
      { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(backup, time, refresh) },
    ]));
}

/** @param {Backup} backup @param {string} time @param {() => void} refresh */
async function remove(backup, time, refresh) {
  const isSure = await confirmDanger({ title: t("backups.deleteTitle", { time }), body: t("backups.deleteBody"), action: t("action.delete") });
  if (isSure) attempt(() => deleteBackup(backup.name), refresh);
}
