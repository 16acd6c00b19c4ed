// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";
import { acceptDrops, chooseFiles } from "./file-chooser.js";
import { icon } from "./icon.js";

/**
 * A place to drop files on, or to choose them from.
 * @param {(files: File[]) => void} onFiles
 */
export function dropZone(onFiles) {
  const zone = h("div", { class: "drop-zone" }, icon("file"),
    h("p", {}, `${t("files.drop")} `,
      h("button", { type: "button", class: "link-button", on: { click: () => chooseFiles(onFiles) } },
        t("files.choose"))));
  acceptDrops(zone, onFiles);
  return zone;
}
