// @ts-check
import { h } from "../dom.js";

/**
 * Opens the system's file dialog. What a file is, the server finds out from its content.
 * @param {(files: File[]) => void} onFiles
 */
export function chooseFiles(onFiles) {
  const input = h("input", { type: "file", multiple: true });
  input.addEventListener("change", () => onFiles(Array.from(input.files ?? [])));
  input.click();
}

/**
 * Lets files be dropped on an element, and lights it while some hover over it.
 * @param {HTMLElement} element
 * @param {(files: File[]) => void} onFiles
 */
export function acceptDrops(element, onFiles) {
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const light = (/** @type {boolean} */ on) => element.classList.toggle("drop-target", on);
  element.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    light(true);
  });
  element.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) light(false);
  });
  element.addEventListener("drop", (event) => {
    light(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    onFiles(Array.from(event.dataTransfer?.files ?? []));
  });
}
