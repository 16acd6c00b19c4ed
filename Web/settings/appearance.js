// @ts-check
import { themeSwitch } from "../parts/theme-switch.js";

/** Light, dark, or as the system. */
export const appearanceSection = () => ({ node: themeSwitch() });
