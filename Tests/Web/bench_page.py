#!/usr/bin/env python3
"""Measures the page with the browser's own tracing: how soon a chat of 1,000 messages is painted, how long the
longest frame is while one types and an answer of 2,000 tokens streams, and how much the page weighs.

Usage: bench_page.py [RUNS], over OPENGPTS_BIN (.build/release/opengpts, else the debug build); medians of RUNS (5).
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

from playwright.sync_api import sync_playwright

root = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Tests/Web"))
from conftest import free_port, surroundings, wait_until_ready  # noqa: E402

messages = 1000
tokens = 2000
budgets = {"first paint": 300, "longest frame": 50, "weight": 400}


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    release = root / ".build/release/opengpts"
    program = os.environ.get("OPENGPTS_BIN", release if release.exists() else root / ".build/debug/opengpts")
    with tempfile.TemporaryDirectory() as data, serving(program, Path(data)) as url, sync_playwright() as playwright:
        installed = "/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else None
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-dev-shm-usage"])
        report(browser, url, runs)
        browser.close()


class serving:
    """The daemon with a scripted model behind it."""

    def __init__(self, program, data):
        self.program, self.data = program, data

    def __enter__(self):
        self.model = subprocess.Popen(
            [sys.executable, root / "Tests/Support/scripted_model.py"], stdout=subprocess.PIPE, text=True)
        model_url = f"http://127.0.0.1:{self.model.stdout.readline().split()[1]}/v1"
        address = f"127.0.0.1:{free_port()}"
        log = open(self.data / "log", "wb")
        self.daemon = subprocess.Popen([self.program, "serve", "--listen", address, "--data", self.data],
                                       env=surroundings(model_url), stdout=log, stderr=subprocess.STDOUT)
        wait_until_ready(f"http://{address}", self.daemon, self.data / "log")
        return f"http://{address}"

    def __exit__(self, *_):
        for process in (self.daemon, self.model):
            process.terminate()
            process.wait(timeout=20)


def report(browser, url, runs):
    user = f"bench-{uuid.uuid4()}"
    thread = long_thread(url, user)
    paints = [first_paint(browser, url, user, thread) for _ in range(runs)]
    frames = [longest_frame(browser, url, user, thread) for _ in range(max(1, runs // 2))]
    weight = weight_of_page(browser, url)
    lines = {
        "first paint": (statistics.median(paints), "ms", f"of a chat with {messages:,} messages, median of {runs}, from the click on its link"),
        "longest frame": (max(frames), "ms", f"while one types and {tokens:,} tokens stream, the worst of {len(frames)}"),
        "weight": (weight / 1000, "KB", "compressed, all that a first visit loads"),
    }
    for name, (value, unit, what) in lines.items():
        print(f"{name:14} {value:7.1f} {unit}  (budget {budgets[name]})  {what}")
    sys.exit(any(value > budgets[name] for name, (value, _, _) in lines.items()))


# What is there

def ask(url, user, method, path, body=None):
    request = urllib.request.Request(url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json", "Cookie": f"opengpts_user_id={user}"})
    return json.loads(urllib.request.urlopen(request).read())


def long_thread(url, user):
    assistant = ask(url, user, "POST", "/assistants", {
        "name": "Bench", "public": False, "config": {"configurable": {"type": "chatbot"}}})
    thread = ask(url, user, "POST", "/threads", {"name": "Long", "assistant_id": assistant["assistant_id"]})["thread_id"]
    paragraph = "Some **bold** words, a `name`, and a [link](https://example.com) in an ordinary sentence. " * 3
    answer = f"{paragraph}\n\n1. one\n2. two\n\n```python\nprint('hello')\n```\n\n{paragraph}"
    values = [{"type": "human" if place % 2 == 0 else "ai", "id": f"m{place}",
               "content": f"Question {place}" if place % 2 == 0 else answer} for place in range(messages)]
    ask(url, user, "POST", f"/threads/{thread}/state", {"values": values})
    return thread


# What is measured

def visitor(browser, url, user):
    context = browser.new_context(viewport={"width": 1280, "height": 820}, base_url=url)
    context.add_cookies([{"name": "opengpts_user_id", "value": user, "url": url}])
    return context, context.new_page()


def traced(page, work):
    """The events of Chromium's tracing while something is done."""
    session = page.context.new_cdp_session(page)
    events = []
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    done = []
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    session.send("Tracing.start", {"traceConfig": {"includedCategories": [
        "devtools.timeline", "blink.user_timing", "loading", "disabled-by-default-devtools.timeline.frame"]}, "transferMode": "ReportEvents"})
    work()
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    return events


def first_paint(browser, url, user, thread):
    """From the click on a chat in the rail to the first paint that shows its last message."""
    context, page = visitor(browser, url, user)
    page.goto("/#/assistants")
    link = page.locator(".chat-row a").first
    link.wait_for()
    page.wait_for_timeout(500)

    def work():
        page.evaluate("""() => { performance.mark('bench-click');
          new MutationObserver((_, observer) => {
            if (!document.querySelector('.conversation .message')) return;
            observer.disconnect();
            requestAnimationFrame(() => { performance.mark('bench-shown'); setTimeout(() => window.benchDone = true, 100) });
          }).observe(document.body, { childList: true, subtree: true });
          document.querySelector('.chat-row a').click(); }""")
        page.wait_for_function("window.benchDone")

    events = traced(page, work)
    click = next(event["ts"] for event in events if event["name"] == "bench-click")
    shown = next(event["ts"] for event in events if event["name"] == "bench-shown")
    paints = [event["ts"] + event.get("dur", 0) for event in events if event["name"] == "Paint" and event["ts"] >= shown]
    context.close()
    return (min(paints, default=shown) - click) / 1000


def longest_frame(browser, url, user, thread):
    """The longest task of the page's main thread between the first and the last letter that is typed."""
    context, page = visitor(browser, url, user)
    assistant = ask(url, user, "GET", "/assistants")[0]["assistant_id"]
    page.goto(f"/#/assistant/{assistant}")
    page.get_by_role("textbox", name="Message").fill(f"[[tokens={tokens}]] [[delay=4]]")
    page.get_by_role("button", name="Send").click()
    page.wait_for_function("document.querySelectorAll('.answer .markdown > *').length > 0")
    field = page.get_by_role("textbox", name="Message")

    def work():
        end = time.monotonic() + 6
        while time.monotonic() < end and page.get_by_role("button", name="Stop").count():
            field.press_sequentially("typing while it streams ", delay=30)

    events = traced(page, work)
    main_thread = max((event["tid"] for event in events if event["name"] == "Paint"), default=None,
                      key=lambda tid: sum(event["tid"] == tid for event in events))
    tasks = [event.get("dur", 0) for event in events
             if event["name"] == "RunTask" and event["tid"] == main_thread]
    context.close()
    return max(tasks, default=0) / 1000


def weight_of_page(browser, url):
    context, page = visitor(browser, url, "bench-weight")
    sizes = []
    page.on("response", lambda reply: sizes.append(reply) if reply.request.resource_type in ("document", "script", "stylesheet", "image", "other") else None)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    total = 0
    for reply in sizes:
        length = reply.header_value("content-length")
        total += int(length) if length else len(gzip.compress(reply.body()))
    context.close()
    return total


main()
