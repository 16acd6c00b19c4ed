// @ts-check
import { h } from "../dom.js";
import { readableTime } from "../format.js";
import { identity } from "../identity.js";
import { changeUser, createUser, endUserSessions, listUsers, resetPassword } from "../identity-api.js";
import { editBudget } from "../parts/budget-form.js";
import { askIn } from "../parts/dialog-form.js";
import { choiceField, textField } from "../parts/form-fields.js";
import { attempt, liveList } from "../parts/live-list.js";
import { menuButton } from "../parts/menu.js";
import { showSecret } from "../parts/secret-dialog.js";
import { actionButton } from "../parts/failure.js";
import { toast } from "../parts/toast.js";
import { t } from "../strings.js";

/** @typedef {import("../identity-api.js").User} User */
/** @typedef {import("../identity-api.js").Role} Role */

const pageOfUsers = 50;
/** @type {[Role, string][]} */
const roles = [["viewer", t("role.viewer")], ["member", t("role.member")], ["admin", t("role.admin")]];

/** Everybody who has come in, for administrators. */
export function usersSection() {
  const finder = h("input", { type: "search", "aria-label": t("users.find"), placeholder: t("users.find"), on: { input: () => list.refresh() } });
  /** @type {{node: HTMLElement, refresh: () => void}} */
  const list = liveList({
    label: t("users.title"), empty: t("users.empty"), pageSize: pageOfUsers,
    fetch: (limit, shown) => listUsers(finder.value.trim(), limit, shown.length), row: (user) => userRow(user, list.refresh),
  });
  const node = h("div", { class: "stack" },
    h("div", { class: "inline-form" }, finder,
      identity.ways?.passwords && actionButton(t("users.add"), () => add(list.refresh), "primary")), list.node);
  return { node };
}

/** @param {User} user @param {() => void} refresh @returns {Node} */
function userRow(user, refresh) {
  const name = user.name || user.login || user.subject;
  const seen = user.seen_at ? t("users.seen", { time: readableTime(user.seen_at) }) : t("users.neverSeen");
  return h("li", { class: "card-row" },
    h("div", {}, h("strong", {}, name), user.disabled_at && h("span", { class: "badge" }, t("users.disabled")),
      h("p", { class: "quiet" }, [t(`role.${user.role}`), user.login ?? user.subject, seen].join(" · "))),
    menuButton(t("action.more", { name }), [
      { label: t("users.change"), icon: "pencil", run: () => change(user, refresh) },
      { label: t("users.budget"), icon: "settings", run: () => editBudget(user.user_id, t("users.budgetOf", { name })) },
      ...(user.login ? [{ label: t("users.resetPassword"), icon: /** @type {const} */ ("retry"), run: () => reset(user, name) }] : []),
      { label: t("users.signOut"), icon: "close", run: () => attempt(() => endUserSessions(user.user_id), () => toast(t("users.signedOut", { name }))) },
      {
        label: t(user.disabled_at ? "users.enable" : "users.disable"), icon: user.disabled_at ? "check" : "alert", danger: !user.disabled_at,
        run: () => attempt(() => changeUser(user.user_id, { name: user.name, role: user.role, disabled: !user.disabled_at }), refresh),
      },
    ]));
}

/** @param {() => void} refresh */
async function add(refresh) {
  const login = textField("new-login", t("account.login"), { required: true, autocapitalize: "none", autocomplete: "off", autofocus: true });
  const name = textField("new-name", t("account.name"), { autocomplete: "off" });
  const role = choiceField("new-role", t("account.role"), roles, "member");
  const made = await askIn(t("users.add"), t("users.add"), [login.node, name.node, role.node],
    () => createUser({ login: login.input.value, name: name.input.value, role: /** @type {Role} */ (role.input.value) }));
  if (!made) return;
  refresh();
  await showSecret({ title: t("users.made"), body: t("users.madeBody", { login: made.user.login ?? "" }), secret: made.password ?? "" });
}

/** @param {User} user @param {() => void} refresh */
async function change(user, refresh) {
  const name = textField("user-name", t("account.name"), { value: user.name, autocomplete: "off", autofocus: true });
  const role = choiceField("user-role", t("account.role"), roles, user.role);
  const changed = await askIn(t("users.change"), t("form.save"), [name.node, role.node],
    () => changeUser(user.user_id, { name: name.input.value, role: /** @type {Role} */ (role.input.value), disabled: user.disabled_at !== null }));
  if (changed) refresh();
}

/** @param {User} user @param {string} name */
const reset = (user, name) => attempt(async () => {
  const { password = "" } = await resetPassword(user.user_id);
  await showSecret({ title: t("users.newPassword", { name }), body: t("users.madeBody", { login: user.login ?? "" }), secret: password });
});
