#!/usr/bin/env python3
"""Measures the page with the browser's own tracing: how soon a chat of 1,000 messages is painted, how long its main
thread is at one task while one types in that chat and an answer of 2,000 tokens streams, and how much the page weighs.

Beside each time stands what the main thread worked of it: on a busy machine the rest is waiting for a processor.

Usage: bench_page.py [RUNS], over OPENGPTS_BIN (.build/release/opengpts, else the debug build); medians of RUNS (5).
With OPENGPTS_WEB the page is read from that folder instead of from the program (its weight is then uncompressed).
"""

import collections
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
from daemon import free_port, surroundings, wait_until_ready  # noqa: E402

messages = 1000
tokens = 2000
typing_seconds = 8
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
        page = ["--web", os.environ["OPENGPTS_WEB"]] if "OPENGPTS_WEB" in os.environ else []
        self.daemon = subprocess.Popen([self.program, "serve", "--listen", address, "--data", self.data, *page],
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
    paints = [first_paint(browser, url, user) for _ in range(runs)]
    frames = [frame for _ in range(max(1, runs // 2)) for frame in frames_of_typing(browser, url, user, thread)]
    weight = weight_of_page(browser, url) / 1000
    over = [budget("first paint", statistics.median(wall for wall, _ in paints), "ms",
                   f"{statistics.median(work for _, work in paints):.0f} worked; of a chat with {messages:,} messages, "
                   f"median of {runs}, from the click on its link"),
            budget("longest frame", max(wall for wall, _ in frames), "ms",
                   f"{max(work for _, work in frames):.0f} worked; while one types and {tokens:,} tokens stream, "
                   f"the worst of {len(frames):,}; the 99.9th percentile is {quantile(frames, 0.999):.1f}"),
            budget("weight", weight, "KB", "compressed, all that a first visit loads")]
    sys.exit(any(over))


def budget(name, value, unit, what):
    print(f"{name:14} {value:7.1f} {unit}  (budget {budgets[name]})  {what}")
    return value > budgets[name]


def quantile(frames, share):
    return sorted(wall for wall, _ in frames)[int(len(frames) * share)]


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
        "devtools.timeline", "blink.user_timing", "disabled-by-default-devtools.timeline"]}, "transferMode": "ReportEvents"})
    work()
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    return events


def first_paint(browser, url, user):
    """Milliseconds from the click on a chat in the rail to the first paint that shows its last message, and those of work."""
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
        page.wait_for_function("() => window.benchDone")

    events = traced(page, work)
    context.close()
    click, shown = (next(event["ts"] for event in events if event["name"] == f"bench-{mark}") for mark in ("click", "shown"))
    paint = min((event["ts"] + event.get("dur", 0) for event in events if event["name"] == "Paint" and event["ts"] >= shown),
                default=shown)
    worked = sum(event.get("tdur", 0) for event in tasks(events) if click <= event["ts"] <= paint)
    return (paint - click) / 1000, worked / 1000


def frames_of_typing(browser, url, user, thread):
    """How long each task of the main thread took, and worked, between the first and the last letter that is typed."""
    context, page = visitor(browser, url, user)
    page.goto(f"/#/thread/{thread}")
    page.wait_for_function("count => document.querySelectorAll('.message').length >= count", arg=messages)
    # By selectors, not by roles: those are looked up in the page, a thousand messages each time.
    field = page.locator(".composer-field")
    field.fill(f"[[tokens={tokens}]] [[delay=5]]")
    page.locator(".send-button").click()
    page.wait_for_function("() => document.querySelector('.answer.growing .markdown > *')")

    field.focus()

    def work():
        """By the keyboard alone: what looks things up in the page works in it too."""
        end = time.monotonic() + typing_seconds
        while time.monotonic() < end:
            page.keyboard.type("typing while it streams ", delay=30)

    events = traced(page, work)
    page.locator(".send-button:not(.stop)").wait_for(timeout=60_000)
    context.close()
    return [(event.get("dur", 0) / 1000, event.get("tdur", 0) / 1000) for event in tasks(events)]


def tasks(events):
    """The tasks of the page's main thread: the one that paints most."""
    painters = collections.Counter(event["tid"] for event in events if event["name"] == "Paint")
    main_thread = painters.most_common(1)[0][0] if painters else None
    return [event for event in events if event["name"] == "RunTask" and event["tid"] == main_thread]


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
