// @ts-check
import { getJSON, sendJSON } from "./api.js";

/**
 * @typedef {{name: string, taken_at: string, size_bytes: number, encrypted: boolean}} Backup
 * @typedef {{every_seconds?: number, keep: number, directory: string, encrypted: boolean}} BackupPlan
 * @typedef {{kind: "backup" | "verify", state: "writing" | "verifying" | "done" | "failed" | "cancelled", name?: string,
 *   done_bytes: number, total_bytes: number, started_at: string, ended_at?: string, detail: string}} BackupJob
 */

const segment = encodeURIComponent;

/** @param {number} limit @param {number} offset @returns {Promise<Backup[]>} */
export const listBackups = (limit, offset) => getJSON(`/admin/backups?limit=${limit}&offset=${offset}`);
/** @returns {Promise<{plan: BackupPlan, job?: BackupJob}>} */
export const getBackupStatus = () => getJSON("/admin/backups/status");
/** @returns {Promise<BackupJob>} */
export const startBackup = () => sendJSON("POST", "/admin/backups");
export const cancelBackup = () => sendJSON("POST", "/admin/backups/cancel");
/** @param {string} name @returns {Promise<BackupJob>} */
export const verifyBackup = (name) => sendJSON("POST", `/admin/backups/${segment(name)}/verify`);
/** @param {string} name */
export const deleteBackup = (name) => sendJSON("DELETE", `/admin/backups/${segment(name)}`);
