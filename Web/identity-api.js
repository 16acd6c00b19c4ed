// @ts-check
import { getJSON, sendJSON } from "./api.js";

/**
 * @typedef {"viewer" | "member" | "admin"} Role
 * @typedef {{type: "noop" | "local" | "jwt_local" | "jwt_oidc", passwords: boolean, first_run: boolean,
 *   openid: {label: string} | null}} SignInDescription
 * @typedef {{requests_per_minute?: number | null, concurrent_runs?: number | null, tokens_per_month?: number | null,
 *   microdollars_per_month?: number | null, storage_bytes?: number | null}} Budget
 * @typedef {{user_id: string, name: string, login?: string, role: Role, auth_type: string,
 *   must_change_password: boolean, session_id?: string, budget: Budget}} Account
 * @typedef {{session_id: string, created_at: string, seen_at: string, expires_at: string, address: string,
 *   agent: string}} Session
 * @typedef {{key_id: string, name: string, hint: string, scope: Role, created_at: string, expires_at?: string,
 *   used_at?: string, revoked_at?: string}} ApiKey
 * @typedef {{user_id: string, name: string, login: string | null, subject: string, role: Role, groups: string[],
 *   disabled_at: string | null, created_at: string, seen_at: string | null}} User
 * @typedef {{group_id: string, name: string, member_count: number, created_at: string}} Group
 * @typedef {{user_id: string, name: string}} Named
 * @typedef {{users: Named[], groups: {group_id: string, name: string}[]}} Directory
 * @typedef {{user_id?: string, group_id?: string, name: string, access: "use" | "edit"}} Share
 * @typedef {{seq: number, at: string, user_id?: string, user_name: string, action: string, object: string,
 *   detail: Record<string, any>, address: string}} AuditEntry
 */

const segment = encodeURIComponent;

/** @returns {Promise<SignInDescription>} */
export const describeSignIn = () => getJSON("/auth");
/** @returns {Promise<Account>} */
export const getAccount = () => getJSON("/account");
/** @param {string} login @param {string} password */
export const signIn = (login, password) => sendJSON("POST", "/auth/sign-in", { login, password });
/** @param {{token: string, login: string, name: string, password: string}} account */
export const takeFirstRun = (account) => sendJSON("POST", "/auth/first-run", account);
export const signOut = () => sendJSON("POST", "/auth/sign-out");
/** @param {string} name */
export const renameAccount = (name) => sendJSON("PUT", "/account", { name });
/** @param {string} current @param {string} wanted */
export const changePassword = (current, wanted) => sendJSON("PUT", "/account/password", { current, new: wanted });

/** @returns {Promise<Session[]>} */
export const listSessions = () => getJSON("/account/sessions");
/** @param {string} id */
export const endSession = (id) => sendJSON("DELETE", `/account/sessions/${segment(id)}`);
export const endOtherSessions = () => sendJSON("DELETE", "/account/sessions");
/** @returns {Promise<ApiKey[]>} */
export const listApiKeys = () => getJSON("/account/api-keys");
/** @param {{name: string, scope: Role, expires_in_days: number | null}} key @returns {Promise<{key: string, api_key: ApiKey}>} */
export const createApiKey = (key) => sendJSON("POST", "/account/api-keys", key);
/** @param {string} id */
export const revokeApiKey = (id) => sendJSON("DELETE", `/account/api-keys/${segment(id)}`);

/** @param {string} words @returns {Promise<Directory>} */
export const findInDirectory = (words) => getJSON(`/directory?limit=20&q=${segment(words)}`);
/** @param {string} assistantId @returns {Promise<Share[]>} */
export const listShares = (assistantId) => getJSON(`/assistants/${segment(assistantId)}/shares`);
/** @param {string} assistantId @param {Share[]} shares @returns {Promise<Share[]>} */
export const setShares = (assistantId, shares) => sendJSON("PUT", `/assistants/${segment(assistantId)}/shares`, {
  shares: shares.map(({ user_id, group_id, access }) => (group_id ? { group_id, access } : { user_id, access })),
});

/** @param {string} words @param {number} limit @param {number} offset @returns {Promise<User[]>} */
export const listUsers = (words, limit, offset) =>
  getJSON(`/admin/users?limit=${limit}&offset=${offset}${words ? `&q=${segment(words)}` : ""}`);
/** @param {{login: string, name: string, role: Role}} user @returns {Promise<{user: User, password?: string}>} */
export const createUser = (user) => sendJSON("POST", "/admin/users", user);
/** @param {string} id @param {{name: string, role: Role, disabled: boolean}} user @returns {Promise<User>} */
export const changeUser = (id, user) => sendJSON("PUT", `/admin/users/${segment(id)}`, user);
/** @param {string} id @returns {Promise<{password?: string}>} */
export const resetPassword = (id) => sendJSON("POST", `/admin/users/${segment(id)}/password`, {});
/** @param {string} id */
export const endUserSessions = (id) => sendJSON("DELETE", `/admin/users/${segment(id)}/sessions`);
/** @param {string | null} userId null: everybody's @returns {Promise<Budget>} */
export const getBudget = (userId) => getJSON(budgetPath(userId));
/** @param {string | null} userId @param {Budget} budget @returns {Promise<Budget>} */
export const setBudget = (userId, budget) => sendJSON("PUT", budgetPath(userId), budget);
const budgetPath = (/** @type {string | null} */ userId) =>
  userId ? `/admin/users/${segment(userId)}/budget` : "/admin/budget";

/** @returns {Promise<Group[]>} */
export const listGroups = () => getJSON("/admin/groups");
/** @param {string} name @returns {Promise<Group>} */
export const createGroup = (name) => sendJSON("POST", "/admin/groups", { name });
/** @param {string} id @param {string} name @returns {Promise<Group>} */
export const renameGroup = (id, name) => sendJSON("PUT", `/admin/groups/${segment(id)}`, { name });
/** @param {string} id */
export const deleteGroup = (id) => sendJSON("DELETE", `/admin/groups/${segment(id)}`);
/** @param {string} id @returns {Promise<Named[]>} */
export const listMembers = (id) => getJSON(`/admin/groups/${segment(id)}/members`);
/** @param {string} id @param {string} userId @param {boolean} isMember */
export const setMember = (id, userId, isMember) =>
  sendJSON(isMember ? "PUT" : "DELETE", `/admin/groups/${segment(id)}/members/${segment(userId)}`);
/** @param {{action?: string, before?: number, limit: number}} wanted @returns {Promise<AuditEntry[]>} */
export const listAudit = ({ action, before, limit }) =>
  getJSON(`/admin/audit?limit=${limit}${action ? `&action=${segment(action)}` : ""}${before ? `&before=${before}` : ""}`);
