// @ts-check
import { messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { enter, identity } from "../identity.js";
import { signIn } from "../identity-api.js";
import { failure } from "../parts/failure.js";
import { t } from "../strings.js";

/** @typedef {import("../strings.js").StringKey} StringKey */

/** @type {Record<string, StringKey>} */
const reasons = {
  expired: "signIn.failed.expired", refused: "signIn.failed.refused", provider: "signIn.failed.provider",
  disabled: "signIn.failed.disabled", ended: "signIn.failed.ended",
};

/**
 * The door: by password, by the company's sign-in, or told why there is neither.
 * @param {{return_to?: string, failed?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function signInScreen({ return_to: place = "/", failed }) {
  const problem = h("div");
  const reason = failed && reasons[failed];
  if (reason) fill(problem, failure(t(reason)));
  const { passwords = false, openid = null, first_run: isFirstRun = false } = identity.ways ?? {};
  const node = h("div", { class: "page door" },
    h("h1", {}, t("signIn.title")), problem,
    isFirstRun && h("p", { class: "quiet" }, t("signIn.firstRun")),
    openid && providerLink(openid.label, place),
    openid && passwords && h("p", { class: "door-or quiet" }, t("signIn.or")),
    passwords && passwordForm(place, problem),
    !passwords && !openid && h("p", {}, t("signIn.tokensOnly")));
  return { node, title: t("signIn.title"), focus: () => node.querySelector("input")?.focus() };
}

/** @param {string} label @param {string} place */
const providerLink = (label, place) => h("a", {
  class: "button primary", href: `/auth/openid?return_to=${encodeURIComponent(place)}`,
}, label ? t("signIn.with", { name: label }) : t("signIn.provider"));

/** @param {string} place @param {HTMLElement} problem */
function passwordForm(place, problem) {
  const login = h("input", { type: "text", id: "login", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" });
  const password = h("input", { type: "password", id: "password", autocomplete: "current-password", required: true });
  const button = h("button", { type: "submit", class: "button primary" }, t("signIn.action"));
  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    button.disabled = true;
    try {
      await signIn(login.value, password.value);
      enter(place);
    } catch (error) {
      fill(problem, failure(messageOf(error)));
      password.select();
    } finally {
      button.disabled = false;
    }
  }
  return h("form", { class: "stack", on: { submit } },
    h("div", { class: "field" }, h("label", { for: "login", class: "field-label" }, t("account.login")), login),
    h("div", { class: "field" }, h("label", { for: "password", class: "field-label" }, t("account.password")), password),
    button);
}
