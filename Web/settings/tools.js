// @ts-check
import { deleteService, listMCPServers, listServices, messageOf } from "../api.js";
import { fill, h } from "../dom.js";
import { confirmDanger } from "../parts/dialog.js";
import { emptyState } from "../parts/empty-state.js";
import { actionButton, failure } from "../parts/failure.js";
import { iconButton } from "../parts/icon-button.js";
import { ServiceEditor, askForDocument } from "../parts/service-editor.js";
import { t, tn } from "../strings.js";

/** @typedef {import("../types.js").Service} Service */

/** The services a person described, and the MCP servers of this machine. */
export function toolsSection() {
  const services = h("div", { class: "stack" });
  const servers = h("div", { class: "stack" });
  const showList = () => loadServices(services, showList);
  showList();
  loadServers(servers);
  return { node: h("div", { class: "stack tools-section" }, services, h("h3", {}, t("mcp.title")),
    h("p", { class: "quiet" }, t("mcp.body")), servers) };
}

/**
 * @param {HTMLElement} place
 * @param {() => void} showList
 */
async function loadServices(place, showList) {
  const edit = (/** @type {Service} */ service) => fill(place, new ServiceEditor(service, showList).node);
  const add = async () => {
    const made = await askForDocument();
    if (made) edit(made);
  };
  try {
    const list = await listServices();
    fill(place, h("div", { class: "section-head" }, h("h3", {}, t("service.title")),
      actionButton(t("service.add"), add, "primary")),
    list.length === 0 ? emptyState(t("service.none"), t("service.noneBody"))
      : h("ul", { class: "service-list" }, list.map((service) => serviceRow(service, edit, showList))));
  } catch (error) {
    fill(place, failure(messageOf(error), actionButton(t("action.tryAgain"), showList)));
  }
}

/**
 * @param {Service} service
 * @param {(service: Service) => void} edit
 * @param {() => void} showList
 */
function serviceRow(service, edit, showList) {
  const remove = async () => {
    const sure = await confirmDanger({
      title: t("service.deleteTitle"), body: t("service.deleteBody", { name: service.name }), action: t("action.delete"),
    });
    if (!sure) return;
    await deleteService(service.tool_id).catch(() => {});
    showList();
  };
  return h("li", {},
    h("button", { type: "button", class: "service-open", on: { click: () => edit(service) } },
      h("strong", {}, service.name), h("span", { class: "quiet" }, service.base_url),
      h("span", { class: "quiet" }, tn("service.operations", service.operations.length))),
    iconButton("trash", t("service.delete", { name: service.name }), remove));
}

/** @param {HTMLElement} place */
async function loadServers(place) {
  try {
    const list = await listMCPServers();
    fill(place, list.length === 0 ? h("p", { class: "quiet" }, t("mcp.none"))
      : h("ul", { class: "service-list" }, list.map(({ name, state, detail }) => h("li", {},
        h("strong", {}, name), h("span", { class: `badge ${state === "ready" ? "" : "warn"}`.trim() }, t(`mcp.${state}`)),
        h("span", { class: "quiet" }, state === "ready" ? t("mcp.version", { version: detail }) : detail)))));
  } catch (error) {
    fill(place, failure(messageOf(error), actionButton(t("action.tryAgain"), () => loadServers(place))));
  }
}
