// @ts-check
import { exportAddress } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../parts/icon.js";
import { t } from "../strings.js";

/** Everything a person owns, to be taken away. */
export const dataSection = () => ({
  node: h("a", { class: "button", href: exportAddress, download: "" }, icon("download"), t("settings.export")),
});
