// @ts-check
import { shortcutList } from "../parts/shortcuts.js";

/** The keys that work everywhere. */
export const shortcutsSection = () => ({ node: shortcutList() });
