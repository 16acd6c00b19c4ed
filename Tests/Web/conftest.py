"""Journeys through the page in headless Chromium, over a running daemon.

OPENGPTS_URL        the daemon to use; without it one is started from OPENGPTS_BIN (.build/debug/opengpts)
                    with a data directory of its own, on a free port, with the scripted model behind it
OPENGPTS_MODEL_URL  set together with OPENGPTS_URL when that daemon speaks to a scripted model
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from visitor import Visitor

root = Path(__file__).resolve().parents[2]
start_patience_seconds = 30


@pytest.fixture(scope="session")
def model_url():
    if "OPENGPTS_URL" in os.environ:
        yield os.environ.get("OPENGPTS_MODEL_URL")
        return
    script = root / "Tests/Support/scripted_model.py"
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as model:
        yield f"http://127.0.0.1:{model.stdout.readline().split()[1]}/v1"
        model.terminate()


@pytest.fixture(scope="session")
def base_url(model_url, tmp_path_factory):
    if "OPENGPTS_URL" in os.environ:
        yield os.environ["OPENGPTS_URL"].rstrip("/")
        return
    program = Path(os.environ.get("OPENGPTS_BIN", root / ".build/debug/opengpts"))
    if not program.exists():
        pytest.exit(f"{program} is missing: build it, or set OPENGPTS_BIN or OPENGPTS_URL", returncode=2)
    data = tmp_path_factory.mktemp("data")
    url = f"http://127.0.0.1:{free_port()}"
    with open(data / "log", "wb") as log:
        daemon = subprocess.Popen(
            [program, "serve", "--listen", url.removeprefix("http://"), "--data", data],
            env=surroundings(model_url), stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(url, daemon, data / "log")
            yield url
        finally:
            daemon.terminate()
            daemon.wait(timeout=20)


def surroundings(model_url):
    """The environment without the settings and keys of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("OPENGPTS_") and not name.endswith(("_KEY", "_URL", "_BASE"))}
    return kept | {"OPENAI_API_KEY": "scripted", "OPENAI_BASE_URL": model_url}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(url, daemon, log):
    deadline = time.monotonic() + start_patience_seconds
    while time.monotonic() < deadline:
        if daemon.poll() is not None:
            pytest.exit(f"the daemon ended with {daemon.returncode}:\n{log.read_text()[-4000:]}", returncode=2)
        try:
            urllib.request.urlopen(f"{url}/ok", timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.exit(f"the daemon did not answer:\n{log.read_text()[-4000:]}", returncode=2)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        installed = "/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else None
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, base_url):
    """Opens the page as somebody new each time; what the page must never do is checked at the end."""
    visitors = []

    def arrive(**circumstances):
        visitor = Visitor(browser, base_url, **circumstances)
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def someone(visit):
    return visit()


@pytest.fixture
def needs_model(model_url):
    if not model_url:
        pytest.skip("no scripted model: set OPENGPTS_MODEL_URL")
