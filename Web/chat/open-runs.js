// @ts-check
// Which run a thread was following, so that a reload takes the same answer up again.

/** @param {string} threadId */
const key = (threadId) => `opengpts.run.${threadId}`;

/** @param {string} threadId @param {string} runId */
export function rememberRun(threadId, runId) {
  try {
    localStorage.setItem(key(threadId), runId);
  } catch {
    // Without storage a reload shows the stored state only.
  }
}

/** @param {string} threadId */
export function forgetRun(threadId) {
  try {
    localStorage.removeItem(key(threadId));
  } catch {
    // As above.
  }
}

/** @param {string} threadId @returns {string | null} */
export function rememberedRun(threadId) {
  try {
    return localStorage.getItem(key(threadId));
  } catch {
    return null;
  }
}
