// @ts-check
import { h } from "../dom.js";
import { readableTime } from "../format.js";
import { identity } from "../identity.js";
import { createApiKey, listApiKeys, revokeApiKey } from "../identity-api.js";
import { showSecret } from "../parts/secret-dialog.js";
import { confirmDanger } from "../parts/dialog.js";
import { actionButton } from "../parts/failure.js";
import { choiceField, textField } from "../parts/form-fields.js";
import { attempt, liveList } from "../parts/live-list.js";
import { t } from "../strings.js";

/** @typedef {import("../identity-api.js").ApiKey} ApiKey */
/** @typedef {import("../identity-api.js").Role} Role */

/** @type {Role[]} */
const roles = ["viewer", "member", "admin"];

/** Keys with which programs come in one's name. */
export function apiKeysSection() {
  const list = liveList({
    label: t("keys.title"), empty: t("keys.empty"), pageSize: Infinity, fetch: () => listApiKeys(), row,
  });
  /** @param {ApiKey} key @returns {Node} */
  function row(key) {
    return h("li", { class: "card-row" },
      h("div", {}, h("strong", {}, key.name), " ", h("code", {}, `${key.hint}…`), h("p", { class: "quiet" }, keyText(key))),
      !key.revoked_at && actionButton(t("keys.revoke"), () => revoke(key, list.refresh), "small"));
  }
  return { node: h("div", { class: "stack" }, form(list.refresh), list.node) };
}

/** @param {ApiKey} key */
function keyText(key) {
  if (key.revoked_at) return t("keys.revokedAt", { time: readableTime(key.revoked_at) });
  const used = key.used_at ? t("keys.usedAt", { time: readableTime(key.used_at) }) : t("keys.unused");
  const until = key.expires_at ? t("keys.until", { time: readableTime(key.expires_at) }) : t("keys.forever");
  return [t(`role.${key.scope}`), until, used].join(" · ");
}

/** @param {ApiKey} key @param {() => void} refresh */
async function revoke(key, refresh) {
  const isSure = await confirmDanger({ title: t("keys.revokeTitle", { name: key.name }), body: t("keys.revokeBody"), action: t("keys.revoke") });
  if (isSure) await attempt(() => revokeApiKey(key.key_id), refresh);
}

/** @param {() => void} refresh */
function form(refresh) {
  const own = roles.indexOf(identity.account?.role ?? "viewer");
  const name = textField("key-name", t("keys.name"), { required: true, maxlength: 255, autocomplete: "off" });
  const scope = choiceField("key-scope", t("keys.scope"),
    roles.slice(0, own + 1).map((role) => [role, t(`role.${role}`)]), roles[Math.min(own, 1)] ?? "viewer");
  const days = choiceField("key-days", t("keys.expires"),
    [["30", t("keys.days", { count: 30 })], ["90", t("keys.days", { count: 90 })], ["365", t("keys.days", { count: 365 })], ["", t("keys.forever")]], "90");
  const node = h("form", {
    class: "inline-form",
    on: {
      submit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const wanted = { name: name.input.value, scope: /** @type {Role} */ (scope.input.value), expires_in_days: Number(days.input.value) || null };
        attempt(async () => {
          const made = await createApiKey(wanted);
          node.reset();
          refresh();
          await showSecret({ title: t("keys.made"), body: t("keys.madeBody"), secret: made.key });
        });
      },
    },
  }, name.node, scope.node, days.node, h("button", { type: "submit", class: "button primary" }, t("keys.create")));
  return node;
}
