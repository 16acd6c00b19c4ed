// @ts-check
import { h } from "../dom.js";
import { emptyState } from "../parts/empty-state.js";
import { t } from "../strings.js";

/** @returns {import("../types.js").Screen} */
export function notFoundScreen() {
  const home = h("a", { class: "button primary", href: "#/" }, t("lost.home"));
  return { title: t("lost.title"), node: emptyState(t("lost.title"), t("lost.body"), home) };
}
