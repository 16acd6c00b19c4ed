// @ts-check
import { h } from "../dom.js";
import { identity } from "../identity.js";
import { accountSection } from "../settings/account.js";
import { apiKeysSection } from "../settings/api-keys.js";
import { appearanceSection } from "../settings/appearance.js";
import { dataSection } from "../settings/data.js";
import { auditSection } from "../settings/audit.js";
import { backupsSection } from "../settings/backups.js";
import { budgetSection } from "../settings/budget.js";
import { groupsSection } from "../settings/groups.js";
import { languageSection } from "../settings/language.js";
import { modelsSection } from "../settings/models.js";
import { sessionsSection } from "../settings/sessions.js";
import { shortcutsSection } from "../settings/shortcuts.js";
import { toolsSection } from "../settings/tools.js";
import { usageSection } from "../settings/usage.js";
import { usersSection } from "../settings/users.js";
import { t } from "../strings.js";

/** @typedef {import("../strings.js").StringKey} StringKey */
/** @typedef {{node: Node, dispose?: () => void}} ShownSection */
/** @typedef {{id: string, title: StringKey, body?: StringKey, show: () => ShownSection,
 *   when?: () => boolean}} Section  `when`: for whom it is there; without, for everybody */

/**
 * Every part of the settings, each in a file of its own in `settings/`.
 * @type {Section[]}
 */
const sections = [
  { id: "appearance", title: "settings.appearance", body: "settings.appearanceBody", show: appearanceSection },
  { id: "language", title: "settings.language", body: "settings.languageBody", show: languageSection },
  { id: "tools", title: "settings.tools", body: "settings.toolsBody", show: toolsSection, when: () => identity.mayMake },
  { id: "models", title: "settings.models", body: "settings.modelsBody", show: modelsSection },
  { id: "usage", title: "settings.usage", body: "settings.usageBody", show: usageSection },
  { id: "data", title: "settings.data", body: "settings.dataBody", show: dataSection },
  { id: "shortcuts", title: "settings.shortcuts", body: "settings.shortcutsBody", show: shortcutsSection },
  { id: "account", title: "account.title", show: accountSection, when: () => identity.hasPeople },
  { id: "sessions", title: "sessions.title", body: "sessions.body", show: sessionsSection, when: () => Boolean(identity.account?.session_id) },
  { id: "keys", title: "keys.title", body: "keys.body", show: apiKeysSection },
  { id: "users", title: "users.title", body: "users.body", show: usersSection, when: isAdminOfPeople },
  { id: "groups", title: "groups.title", body: "groups.body", show: groupsSection, when: isAdminOfPeople },
  { id: "budget", title: "budget.title", body: "budget.body", show: budgetSection, when: isAdminOfPeople },
  { id: "audit", title: "audit.title", body: "audit.body", show: auditSection, when: () => identity.isAdmin },
  { id: "backups", title: "backups.title", body: "backups.body", show: backupsSection, when: () => identity.isAdmin },
];

/**
 * What a person can set for themselves: the parts in a list, one of them open.
 * @param {{section?: string}} params
 * @returns {import("../types.js").Screen}
 */
export function settingsScreen({ section: id }) {
  const offered = sections.filter(({ when }) => when?.() ?? true);
  const open = offered.find((section) => section.id === id) ?? /** @type {Section} */ (offered[0]);
  const shown = open.show();
  const node = h("div", { class: "page settings" },
    h("header", { class: "page-head" }, h("h1", {}, t("settings.title"))),
    h("nav", { class: "settings-nav", "aria-label": t("settings.sections") },
      h("ul", {}, offered.map((section) => h("li", {}, link(section, open))))),
    h("section", { class: "settings-section stack", "aria-labelledby": "section-title" },
      h("h2", { id: "section-title" }, t(open.title)),
      open.body && h("p", { class: "quiet" }, t(open.body)), shown.node));
  // On a phone the list is a strip that may be wider than the screen.
  requestAnimationFrame(() => node.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }));
  return { node, title: `${t(open.title)} · ${t("settings.title")}`, dispose: () => shown.dispose?.() };
}

/**
 * @param {Section} section
 * @param {Section} open
 */
function link({ id, title }, open) {
  return h("a", { href: `#/settings/${id}`, class: "rail-link", "aria-current": id === open.id ? "page" : null }, t(title));
}

function isAdminOfPeople() {
  return identity.isAdmin && identity.hasPeople;
}
