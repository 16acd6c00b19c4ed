// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { enter, identity } from "../identity.js";
import { takeFirstRun } from "../identity-api.js";
import { failure } from "../parts/failure.js";
import { passwordField, textField } from "../parts/form-fields.js";
import { t } from "../strings.js";

/**
 * The first account, made by the link from the server's log.
 * @param {{token?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function firstRunScreen({ token = "" }) {
  const problem = h("div");
  const name = textField("first-name", t("account.name"), { autocomplete: "name" });
  const login = textField("first-login", t("account.login"), { autocomplete: "username", required: true, autocapitalize: "none" });
  const password = passwordField("first-password", t("account.password"), t("account.passwordHelp"));
  const button = h("button", { type: "submit", class: "button primary" }, t("firstRun.action"));
  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    button.disabled = true;
    try {
      await takeFirstRun({ token, login: login.input.value, name: name.input.value, password: password.input.value });
      enter("/");
    } catch (error) {
      fill(problem, failure(messageOf(error)));
    } finally {
      button.disabled = false;
    }
  }
  if (identity.ways && !identity.ways.first_run) fill(problem, failure(t("firstRun.over")));
  const node = h("div", { class: "page door" }, h("h1", {}, t("firstRun.title")), h("p", { class: "quiet" }, t("firstRun.body")),
    problem, h("form", { class: "stack", on: { submit } }, name.node, login.node, password.node, button));
  return { node, title: t("firstRun.title"), focus: () => name.input.focus() };
}
