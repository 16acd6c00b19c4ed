"""Fuzzes a daemon of its own by its own description (schemathesis over /openapi.json).

    fuzz.py [CASES] [SEED]

Starts the daemon of OPENGPTS_BIN (.build/debug/opengpts) on a free port with a fresh data directory and the
scripted model behind it. Fails on any 5xx, any reply off its schema or of an undescribed status, any wrong
request that is accepted, any right one that is called wrong, and when the daemon ended or left a stack trace.
"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

root = Path(__file__).resolve().parents[2]
# A schema cannot say that a form's text must name something that is there, that a thread must still have its
# assistant (400), that one of three query parameters must be there, what makes text an OpenAPI document, nor how the
# fields of a model hang together. There is nothing to sign in with, so nothing to ignore.
settings = """
[generation]
with-security-parameters = false

[checks]
ignored_auth.enabled = false
object_level_authorization.enabled = false
negative_data_rejection.expected-statuses = [400, 403, 404, 405, 409, 413, 415, 422]
positive_data_acceptance.expected-statuses = ["2xx", 303, 400, 403, 404, 409]

[[operations]]
include-name = "GET /files/events"
enabled = false

[[operations]]
include-name = "POST /files"
checks.positive_data_acceptance.enabled = false
checks.negative_data_rejection.enabled = false

[[operations]]
include-name = ["POST /files/url", "GET /search", "POST /tools", "PUT /tools/{tool_id}",
  "PUT /models/{model_name}"]
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /ingest"
checks.positive_data_acceptance.enabled = false
checks.negative_data_rejection.enabled = false

# A thread is there, and 404 means the checkpoint that the body names.
[[operations]]
include-name = ["PUT /threads/{thread_id}/head", "POST /threads/{thread_id}/fork"]
checks.ensure_resource_availability.enabled = false

# They would bound what the fuzzer itself may ask.
[[operations]]
include-name = ["PUT /admin/budget", "PUT /admin/users/{user_id}/budget"]
enabled = false
"""
# Of the wanted cases; the phases without a number of their own bring the others.
part_by_operation = 0.6
hooks = Path(__file__).parent
start_patience_seconds = 30


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    program = Path(os.environ.get("OPENGPTS_BIN", root / ".build/debug/opengpts"))
    with tempfile.TemporaryDirectory() as folder, scripted_model() as model:
        folder = Path(folder)
        log = folder / "log"
        url = f"http://127.0.0.1:{free_port()}"
        with open(log, "wb") as output:
            daemon = subprocess.Popen(
                [program, "serve", "--listen", url.removeprefix("http://"), "--data", folder / "data"],
                env=surroundings(model), stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(url, daemon, log)
            failed = fuzz(url, cases, seed, folder)
            ended = daemon.poll()
        finally:
            daemon.terminate()
            daemon.wait(timeout=20)
        if failed or ended is not None:
            print(log.read_text(errors="replace")[-4000:])
        if ended is not None:
            print(f"the daemon ended with {ended}")
    sys.exit(1 if failed or ended is not None else 0)


def fuzz(url, cases, seed, folder):
    operations = sum(len(path) for path in ask(f"{url}/openapi.json")["paths"].values())
    examples = max(1, int(cases * part_by_operation / operations))
    (folder / "schemathesis.toml").write_text(settings)
    return subprocess.run(
        [Path(sys.executable).parent / "schemathesis", "--config-file", folder / "schemathesis.toml", "run",
         f"{url}/openapi.json", "--max-examples", str(examples),
         "--seed", str(seed), "--generation-database", "none", "--continue-on-failure",
         "--suppress-health-check", "all", "--header", "Cookie: opengpts_user_id=fuzz",
         "--request-timeout", "60"] + sys.argv[3:], cwd=folder,
        env=os.environ | {"FUZZ_URL": url, "SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(hooks)}
    ).returncode != 0


def scripted_model():
    process = subprocess.Popen(
        [sys.executable, root / "Tests/Support/scripted_model.py"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    return Model(process)


class Model:
    """The scripted model's process, ended with the block."""

    def __init__(self, process):
        self.process = process

    def __enter__(self):
        return f"http://127.0.0.1:{self.process.stdout.readline().split()[1]}/v1"

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def surroundings(model):
    """The environment without the settings and keys of the person who runs this."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("OPENGPTS_") and not name.endswith(("_KEY", "_URL", "_BASE"))}
    return kept | {"OPENAI_API_KEY": "scripted", "OPENAI_BASE_URL": model}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(url):
    with urllib.request.urlopen(url, timeout=10) as reply:
        return json.load(reply)


def wait_until_ready(url, daemon, log):
    deadline = time.monotonic() + start_patience_seconds
    while time.monotonic() < deadline:
        if daemon.poll() is not None:
            break
        try:
            ask(f"{url}/ok")
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"the daemon does not answer:\n{log.read_text(errors='replace')[-4000:]}")


if __name__ == "__main__":
    main()
