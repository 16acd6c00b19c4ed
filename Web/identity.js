// @ts-check
import { ApiError, connection } from "./api.js";
import { describeSignIn, getAccount } from "./identity-api.js";
import { currentPath, navigate } from "./navigation.js";

/** @typedef {import("./identity-api.js").Account} Account */
/** @typedef {import("./identity-api.js").SignInDescription} SignInDescription */

/** Screens for who has not signed in. */
const outside = ["/sign-in", "/first-run"];

/** Who is at the page, and how one signs in here. */
class Identity {
  /** @type {SignInDescription | null} */
  ways = null;
  /** @type {Account | null} null: nobody has signed in */
  account = null;
  isKnown = false;

  /** Asks the server. When none answers, the page shows that by itself and goes on. */
  async load() {
    try {
      this.ways = await describeSignIn();
      this.account = await getAccount();
      this.isKnown = true;
    } catch (error) {
      this.isKnown = error instanceof ApiError && (error.status === 401 || error.status === 403);
    }
  }

  get mustSignIn() {
    return this.isKnown && this.account === null;
  }

  /** Whether people are told apart, so that there is something to share and to sign out of. */
  get hasPeople() {
    return this.ways !== null && this.ways.type !== "noop";
  }

  /** Whether this person makes assistants and collections, or only uses what others share. */
  get mayMake() {
    return this.account?.role !== "viewer";
  }

  get isAdmin() {
    return this.account?.role === "admin";
  }
}

export const identity = new Identity();

/** @param {string} path */
const isOutside = (path) => outside.some((place) => path === place || path.startsWith(`${place}?`));

/**
 * Where somebody is to be instead of where the address leads them; null when they are right there.
 * @param {string} path
 */
export function detour(path) {
  if (identity.mustSignIn && !isOutside(path)) return `/sign-in?return_to=${encodeURIComponent(path)}`;
  if (!identity.mustSignIn && path.startsWith("/sign-in")) return "/";
  return null;
}

/** Sends who was signed out meanwhile, here or elsewhere, to the door. */
export function watchForSignOut() {
  connection.addEventListener("refused", () => {
    if (!identity.hasPeople || identity.mustSignIn) return;
    identity.account = null;
    const path = currentPath();
    if (!isOutside(path)) navigate(`/sign-in?failed=ended&return_to=${encodeURIComponent(path)}`);
    location.reload();
  });
}

/**
 * Goes on in the page as whoever has just signed in: nothing of the one before is left in it.
 * @param {string} path
 */
export function enter(path) {
  // Without the router's notice, which would send who is not known yet back to the door.
  history.replaceState(null, "", `/#${path.startsWith("/") ? path : "/"}`);
  location.reload();
}
