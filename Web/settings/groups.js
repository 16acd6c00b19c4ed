// @ts-check
import { fill, h } from "../dom.js";
import { createGroup, deleteGroup, listGroups, listMembers, renameGroup, setMember } from "../identity-api.js";
import { askText, confirmDanger, showDialog } from "../parts/dialog.js";
import { actionButton } from "../parts/failure.js";
import { attempt, liveList } from "../parts/live-list.js";
import { menuButton } from "../parts/menu.js";
import { directoryPicker } from "../parts/directory-picker.js";
import { t, tn } from "../strings.js";

/** @typedef {import("../identity-api.js").Group} Group */

/** People who are given things together, for administrators. */
export function groupsSection() {
  /** @type {{node: HTMLElement, refresh: () => void}} */
  const list = liveList({
    label: t("groups.title"), empty: t("groups.empty"), pageSize: Infinity, fetch: listGroups,
    row: (group) => groupRow(group, list.refresh),
  });
  const add = async () => {
    const name = await askText({ title: t("groups.add"), label: t("groups.name"), value: "", action: t("groups.add") });
    if (name) await attempt(() => createGroup(name), list.refresh);
  };
  return { node: h("div", { class: "stack" }, h("div", { class: "actions" }, actionButton(t("groups.add"), add, "primary")), list.node) };
}

/** @param {Group} group @param {() => void} refresh @returns {Node} */
function groupRow(group, refresh) {
  return h("li", { class: "card-row" },
    h("div", {}, h("strong", {}, group.name), h("p", { class: "quiet" }, tn("groups.members", group.member_count))),
    menuButton(t("action.more", { name: group.name }), [
      { label: t("groups.edit"), icon: "assistants", run: () => editMembers(group, refresh) },
      { label: t("action.rename"), icon: "pencil", run: () => rename(group, refresh) },
      { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(group, refresh) },
    ]));
}

/** @param {Group} group @param {() => void} refresh */
async function rename(group, refresh) {
  const name = await askText({ title: t("action.rename"), label: t("groups.name"), value: group.name, action: t("action.rename") });
  if (name) await attempt(() => renameGroup(group.group_id, name), refresh);
}

/** @param {Group} group @param {() => void} refresh */
async function remove(group, refresh) {
  const isSure = await confirmDanger({ title: t("groups.deleteTitle", { name: group.name }), body: t("groups.deleteBody"), action: t("action.delete") });
  if (isSure) await attempt(() => deleteGroup(group.group_id), refresh);
}

/** @param {Group} group @param {() => void} refresh */
async function editMembers(group, refresh) {
  const rows = h("ul", { class: "card-list" });
  const show = () => attempt(async () => {
    const members = await listMembers(group.group_id);
    fill(rows, members.map((user) => h("li", { class: "card-row" }, h("span", {}, user.name || user.user_id),
      actionButton(t("action.remove"), () => attempt(() => setMember(group.group_id, user.user_id, false), show), "small"))));
  });
  show();
  const picker = directoryPicker({
    label: t("groups.addMember"), withGroups: false,
    choose: ({ user_id: id }) => attempt(() => setMember(group.group_id, id ?? "", true), show),
  });
  await showDialog(group.name, (close) => [
    rows, picker,
    h("div", { class: "dialog-actions" }, actionButton(t("action.close"), () => close(null), "primary")),
  ]);
  refresh();
}
