// @ts-check

/**
 * The address when following it runs nothing: absolute http, https or mailto only.
 * @param {string} address
 * @returns {string | null}
 */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
