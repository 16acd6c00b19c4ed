// @ts-check
import { UsageView } from "../parts/usage.js";

/** What models took, and what it cost. */
export const usageSection = () => ({ node: new UsageView().node });
