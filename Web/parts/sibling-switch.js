// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { iconButton } from "./icon-button.js";

/**
 * `‹ 2/3 ›`: which of several ways is shown, and the way to the others.
 * @param {import("../chat/lineage.js").Siblings} siblings
 * @param {boolean} isBusy
 * @param {(checkpointId: string) => void} goTo
 */
export function siblingSwitch({ place, count, previous, next }, isBusy, goTo) {
  const step = (/** @type {"previous" | "next"} */ name, /** @type {string | null} */ target) =>
    iconButton(name === "next" ? "chevron" : "chevronLeft", t(`chat.${name}Way`), () => target && goTo(target), {
      disabled: isBusy || target === null,
    });
  const label = t("chat.way", { place: place + 1, count });
  return h("span", { class: "sibling-switch", role: "group", "aria-label": label },
    step("previous", previous), h("span", { "aria-hidden": "true" }, `${place + 1}/${count}`), step("next", next));
}
