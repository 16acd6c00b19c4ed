"""A person at the page: what they do, in their words, and what must hold whenever they leave."""

import json
import re
import time
import uuid
from urllib.parse import urlparse

from playwright.sync_api import expect

class Visitor:
    def __init__(self, contexts, base_url, *, scheme="light", phone=False, reduced_motion=False, name=None,
                 locale="en-US"):
        self.contexts, self.base_url = contexts, base_url
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 820}
        self.context = contexts.new_context(
            color_scheme=scheme, viewport=size, has_touch=phone, is_mobile=phone, base_url=base_url,
            locale=locale,
            reduced_motion="reduce" if reduced_motion else "no-preference")
        self.context.add_cookies([
            {"name": "opengpts_user_id", "value": name or f"visitor-{uuid.uuid4()}", "url": base_url}])
        self.strangers = []
        self.failures = []
        self.under_way = set()
        self.page = self.context.new_page()
        self.page.on("request", self._note_request)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.under_way.discard(request))
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on("dialog", self._note_dialog)
        self.page.on("popup", lambda page: self.strangers.append(f"a new page: {page.url}"))

    def _note_request(self, request):
        if not re.search("/(events|stream)([?]|$)", request.url):
            self.under_way.add(request)
        if urlparse(request.url).netloc != urlparse(self.base_url).netloc:
            self.strangers.append(request.url)

    def _note_dialog(self, dialog):
        self.failures.append(f"a dialog said {dialog.message}")
        dialog.dismiss()

    def leave(self):
        try:
            violations = self.page.evaluate("() => window.violations")
            assert violations == [], "the content security policy had to stop something"
            assert self.strangers == [], "a request left for somewhere else"
            assert self.failures == [], "a script failed or ran that should not"
        finally:
            self.contexts.take_back(self.context)

    # Where they go.

    def go(self, path):
        self.page.goto(f"/#{path}")
        self.page.wait_for_selector("main > *")
        return self.page

    def settle(self):
        """Waits until everything that was asked for is there and drawn, and nothing moves."""
        drawn = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(" \
                "document.getAnimations().every(({ playState, effect }) => " \
                "playState !== 'running' || effect.getComputedTiming().iterations === Infinity)))))"
        self.wait_for(lambda: self.page.evaluate(drawn) and not self.under_way)

    @staticmethod
    def screens(assistant):
        """The address of every screen that needs no chat."""
        return ["/", "/assistants", "/assistants/new", f"/assistant/{assistant['assistant_id']}",
                f"/assistant/{assistant['assistant_id']}/edit", "/knowledge", f"/knowledge/assistant/{assistant['assistant_id']}",
                "/settings/appearance", "/settings/language",
                "/settings/shortcuts", "/settings/tools", "/settings/models", "/settings/usage", "/settings/data",
                "/search", "/status", "/nowhere"]

    @property
    def path(self):
        return urlparse(self.page.url).fragment

    # What is there before they come.

    def call(self, method, path, body=None):
        response = self.context.request.fetch(
            path, method=method, data=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json"})
        assert response.ok, f"{method} {path}: {response.status} {response.text()}"
        return response.json()

    def has_assistant(self, name="Helper", type="chatbot", **settings):
        configurable = {"type": type} | {f"type=={type}/{key}": value for key, value in settings.items()}
        return self.call("POST", "/assistants",
                         {"name": name, "config": {"configurable": configurable}, "public": False})

    @property
    def built_in_model(self):
        """The name under which the server offers the model that needs no key."""
        schema = self.call("GET", "/runs/config_schema")
        name = re.search(r'"(Built-in[^"]*)"', json.dumps(schema))
        assert name, "the schema offers no built-in model"
        return name[1]

    def has_file(self, name, text, **owner):
        response = self.context.request.post("/ingest", multipart={
            "files": {"name": name, "mimeType": "text/plain", "buffer": text.encode()},
            "config": json.dumps({"configurable": owner}),
        })
        assert response.ok, response.text()

    # What they do.

    def start_with(self, assistant):
        self.go(f"/assistant/{assistant['assistant_id']}")
        expect(self.composer).to_be_visible()

    @property
    def composer(self):
        return self.page.get_by_role("textbox", name="Message")

    def open_rail(self):
        """Where the rail is a drawer it is pulled out."""
        button = self.page.get_by_role("button", name="Open navigation")
        if button.is_visible() and button.get_attribute("aria-expanded") != "true":
            button.click()

    def say(self, text):
        self.composer.fill(text)
        self.page.get_by_role("button", name="Send").click()

    def ask(self, text):
        """Says it and waits for the whole answer."""
        before = self.answers.count()
        self.say(text)
        self.page.wait_for_function("count => document.querySelectorAll('.answer').length > count", arg=before)
        self.wait_until_quiet()

    def wait_until_quiet(self):
        expect(self.page.get_by_role("button", name="Send")).to_be_visible(timeout=30_000)

    @property
    def answers(self):
        return self.page.locator(".answer")

    @property
    def last_answer(self):
        return self.page.locator(".answer .markdown").last

    def wait_for(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("it did not come to be")
