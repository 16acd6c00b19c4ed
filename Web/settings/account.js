// @ts-check
import { fill, h } from "../dom.js";
import { identity } from "../identity.js";
import { changePassword, renameAccount, signOut } from "../identity-api.js";
import { budgetText } from "../parts/budget-text.js";
import { actionButton } from "../parts/failure.js";
import { passwordField, textField } from "../parts/form-fields.js";
import { attempt } from "../parts/live-list.js";
import { toast } from "../parts/toast.js";
import { t } from "../strings.js";

/** Who one is here, what one may do and take, and one's password. */
export function accountSection() {
  const account = identity.account;
  const budget = h("dd", {}, budgetText(account?.budget ?? {}));
  // What one may take may have been changed since the page was loaded.
  identity.load().then(() => fill(budget, budgetText(identity.account?.budget ?? {})));
  const node = h("div", { class: "stack" },
    h("dl", { class: "facts" },
      account?.login && [h("dt", {}, t("account.login")), h("dd", {}, account.login)],
      h("dt", {}, t("account.role")), h("dd", {}, t(`role.${account?.role ?? "viewer"}`)),
      h("dt", {}, t("account.budget")), budget),
    nameForm(account?.name ?? ""),
    account?.login && account.session_id && passwordForm(account.must_change_password),
    account?.session_id && h("div", { class: "actions" }, actionButton(t("account.signOut"), leave)));
  return { node };
}

/** @param {string} value */
function nameForm(value) {
  const name = textField("account-name", t("account.name"), { value, autocomplete: "name", maxlength: 255 });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(() => renameAccount(name.input.value), () => {
      if (identity.account) identity.account.name = name.input.value;
      toast(t("account.saved"));
    });
  };
  return h("form", { class: "stack", on: { submit } }, name.node,
    h("div", { class: "actions" }, h("button", { type: "submit", class: "button" }, t("form.save"))));
}

/** @param {boolean} isUrgent it was given by somebody else */
function passwordForm(isUrgent) {
  const current = textField("password-current", t("account.currentPassword"), { type: "password", autocomplete: "current-password", required: true });
  const wanted = passwordField("password-new", t("account.newPassword"), t("account.passwordHelp"));
  const form = h("form", {
    class: "stack", "aria-labelledby": "password-title",
    on: {
      submit: (/** @type {Event} */ event) => {
        event.preventDefault();
        attempt(() => changePassword(current.input.value, wanted.input.value), () => {
          form.reset();
          if (identity.account) identity.account.must_change_password = false;
          toast(t("account.passwordChanged"));
        });
      },
    },
  }, h("h3", { id: "password-title" }, t("account.changePassword")),
  isUrgent && h("p", { class: "notice" }, t("account.mustChange")), current.node, wanted.node,
  h("div", { class: "actions" }, h("button", { type: "submit", class: "button" }, t("account.changePassword"))));
  return form;
}

const leave = () => attempt(signOut, () => location.reload());
