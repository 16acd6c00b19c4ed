"""A daemon for journeys: on a free port, with a data directory of its own and a scripted model behind it."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

root = Path(__file__).resolve().parents[2]
program = Path(os.environ.get("OPENGPTS_BIN", root / ".build/debug/opengpts"))
start_patience_seconds = 30


class Daemon:
    """Runs as long as the `with` block; `stop` and `start` in it end it and bring it back at the same address."""

    def __init__(self, data, model_url, settings={}, arguments=()):
        self.data, self.model_url, self.arguments = Path(data), model_url, arguments
        # Not as flags: every user can read the arguments of a process, so secrets are refused there.
        self.variables = {f"OPENGPTS_{name.upper()}": value for name, value in settings.items()}
        self.address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.address}"
        self.process = None

    def __enter__(self):
        if not program.exists():
            pytest.exit(f"{program} is missing: build it, or set OPENGPTS_BIN or OPENGPTS_URL", returncode=2)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGTERM)

    def start(self):
        page = ["--web", os.environ["OPENGPTS_WEB"]] if "OPENGPTS_WEB" in os.environ else []
        with open(self.data / "log", "ab") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--listen", self.address, "--data", self.data, *page, *self.arguments],
                env=surroundings(self.model_url) | self.variables, stdout=log, stderr=subprocess.STDOUT)
        wait_until_ready(self.url, self.process, self.data / "log")

    def stop(self, signal_number):
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        self.process.wait(timeout=20)


def surroundings(model_url):
    """The environment without the settings and keys of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("OPENGPTS_") and not name.endswith(("_KEY", "_URL", "_BASE"))}
    return kept | ({"OPENAI_API_KEY": "scripted", "OPENAI_BASE_URL": model_url} if model_url else {})


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_listening(port):
    deadline = time.monotonic() + start_patience_seconds
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)


def wait_until_ready(url, daemon, log):
    deadline = time.monotonic() + start_patience_seconds
    while time.monotonic() < deadline:
        if daemon.poll() is not None:
            pytest.exit(f"the daemon ended with {daemon.returncode}:\n{log.read_text()[-4000:]}", returncode=2)
        try:
            urllib.request.urlopen(f"{url}/ok", timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.exit(f"the daemon did not answer:\n{log.read_text()[-4000:]}", returncode=2)
