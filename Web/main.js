// @ts-check
import { library } from "./library.js";
import { leavePlainPath } from "./navigation.js";
import { listenForShortcuts } from "./parts/shortcuts.js";
import { shell } from "./parts/shell.js";
import { readiness } from "./readiness.js";
import { startRouter } from "./router.js";

if (!leavePlainPath()) {
  const { node, show } = shell();
  document.body.append(node);
  listenForShortcuts();
  readiness.start();
  library.refresh();
  startRouter(show);
}
