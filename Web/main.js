// @ts-check
import { messageOf } from "./api.js";
import { identity, watchForSignOut } from "./identity.js";
import { library } from "./library.js";
import { leavePlainPath } from "./navigation.js";
import { listenForShortcuts } from "./parts/shortcuts.js";
import { shell } from "./parts/shell.js";
import { toast } from "./parts/toast.js";
import { preferences } from "./preferences.js";
import { readiness } from "./readiness.js";
import { startRouter } from "./router.js";
import { t } from "./strings.js";

/** Nothing fails in silence: what no other place caught is said in words. */
function reportFailures() {
  const report = (/** @type {unknown} */ cause) => toast(t("error.screen", { message: messageOf(cause) }), { failure: true });
  addEventListener("error", (event) => event.error && report(event.error));
  addEventListener("unhandledrejection", (event) => report(event.reason));
}

if (!leavePlainPath()) {
  reportFailures();
  await identity.load();
  document.body.classList.toggle("outside", identity.mustSignIn);
  const { node, show } = shell();
  document.body.append(node);
  listenForShortcuts();
  if (!identity.mustSignIn) {
    watchForSignOut();
    readiness.start();
    library.refresh();
    preferences.load();
  }
  startRouter(show);
}
