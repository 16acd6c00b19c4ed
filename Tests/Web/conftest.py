"""Journeys through the page in headless Chromium, over a running daemon.

OPENGPTS_URL        the daemon to use; without it one is started from OPENGPTS_BIN (.build/debug/opengpts)
                    with a data directory of its own, on a free port, with the scripted model behind it
OPENGPTS_WEB        a folder to read the page from, instead of from the program
OPENGPTS_MODEL_URL  set together with OPENGPTS_URL when that daemon speaks to a scripted model
"""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import sync_playwright

from contexts import Contexts
from daemon import Daemon, root
from visitor import Visitor

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
    with Daemon(tmp_path_factory.mktemp("data"), model_url) as daemon:
        yield daemon.url


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        installed = "/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else None
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield Contexts(browser)
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


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def anyone(visit, request):
    """Somebody at the desk, and then somebody on a phone."""
    return visit(phone=request.param)


@pytest.fixture
def needs_model(model_url):
    if not model_url:
        pytest.skip("no scripted model: set OPENGPTS_MODEL_URL")
