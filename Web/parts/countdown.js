// @ts-check
import { h } from "../dom.js";
import { t } from "../strings.js";

/**
 * Seconds that pass: a sentence with `{seconds}` that counts down, and is gone at zero. Those who listen hear it once.
 * @param {number} until in milliseconds since 1970
 * @param {"chat.retryIn" | "chat.waiting"} sentence
 */
export function countdown(until, sentence) {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const text = () => (left() > 0 ? t(sentence, { seconds: left() }) : "");
  const node = h("span", { class: "countdown quiet", role: "timer" }, text());
  const timer = setInterval(() => {
    node.textContent = text();
    if (left() === 0 || !node.isConnected) clearInterval(timer);
  }, 1000);
  return node;
}
