// @ts-check
import { Session } from "./session.js";

/** Sessions kept at hand; the ones that answer are always kept. */
const mostIdleSessions = 8;

/** Fires `change` when a thread starts or ends answering. */
export const activity = new EventTarget();

/** @type {Map<string, Session>} in order of use */
const sessions = new Map();

/**
 * The session of a thread, the same one for as long as it answers.
 * @param {string} threadId
 */
export function sessionOf(threadId) {
  const session = sessions.get(threadId) ?? begin(threadId);
  sessions.delete(threadId);
  sessions.set(threadId, session);
  forgetIdle();
  return session;
}

/** @param {string} threadId */
export const isAnswering = (threadId) => sessions.get(threadId)?.isBusy ?? false;

/** @param {string} threadId */
export function forgetSession(threadId) {
  sessions.delete(threadId);
}

/** @param {string} threadId */
function begin(threadId) {
  const session = new Session(threadId);
  session.addEventListener("phase", () => activity.dispatchEvent(new Event("change")));
  return session;
}

function forgetIdle() {
  const idle = [...sessions].filter(([, session]) => !session.isBusy);
  for (const [threadId] of idle.slice(0, -mostIdleSessions)) sessions.delete(threadId);
}
