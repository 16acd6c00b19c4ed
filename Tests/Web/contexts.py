"""Browser contexts, used again by one visitor after the other: who each was is forgotten, the page's files are not."""

import collections
import json

from playwright.sync_api import Error

watch_violations = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`), true);
"""


class Contexts:
    def __init__(self, browser):
        self.browser = browser
        self.free = collections.defaultdict(list)

    def new_context(self, **options):
        """One that nobody uses now; all loads of the page's hundred modules but its first are the browser's own."""
        kind = json.dumps(options, sort_keys=True)
        if self.free[kind]:
            return self.free[kind].pop()
        context = self.browser.new_context(**options)
        context.kind = kind
        context.add_init_script(watch_violations)
        context.set_default_timeout(15_000)
        return context

    def take_back(self, context):
        context.unroute_all()
        context.set_offline(False)
        for page in context.pages:
            try:
                page.evaluate("() => localStorage.clear()")
            except Error:
                pass  # A page that shows nothing has nothing.
            page.close()
        context.clear_cookies()
        self.free[context.kind].append(context)
