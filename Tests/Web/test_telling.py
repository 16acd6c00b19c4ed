"""What the daemon tells of itself: measurements that Prometheus reads, and logs, traces and replies without secrets."""

import http.server
import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from daemon import free_port, root, surroundings, wait_until_ready

pytestmark = pytest.mark.skipif("OPENGPTS_URL" in os.environ, reason="starts daemons of its own")
secrets = {
    "OPENAI_API_KEY": "planted-openai-7f3a", "ANTHROPIC_API_KEY": "planted-anthropic-7f3a",
    "TAVILY_API_KEY": "planted-tavily-7f3a", "LANGCHAIN_API_KEY": "planted-langsmith-7f3a",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20planted-otlp-7f3a",
    "OPENGPTS_BACKUP_PASSPHRASE": "planted-passphrase-7f3a",
}


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes what comes to LangSmith, and refuses what comes by OTLP."""
    bodies = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Collector.bodies.append((self.path, body.decode()))
        self.send_response(401 if "v1/traces" in self.path else 202)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def told(model_url, tmp_path_factory):
    """A daemon with secrets in all its settings, after a few runs: its address, its log, and what it reported."""
    data = tmp_path_factory.mktemp("told")
    collector = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    there = f"http://127.0.0.1:{collector.server_port}"
    environment = surroundings(model_url) | secrets | {
        "LANGCHAIN_TRACING_V2": "true", "LANGCHAIN_ENDPOINT": there, "OTEL_EXPORTER_OTLP_ENDPOINT": there,
        "OPENGPTS_LOG_LEVEL": "trace", "OPENGPTS_LOG_FORMAT": "json"}
    url = f"http://127.0.0.1:{free_port()}"
    program = os.environ.get("OPENGPTS_BIN", root / ".build/debug/opengpts")
    with open(data / "log", "wb") as log:
        daemon = subprocess.Popen(
            [program, "serve", "--listen", url.removeprefix("http://"), "--data", data / "data"], env=environment,
            stdout=log, stderr=subprocess.STDOUT)
    wait_until_ready(url, daemon, data / "log")
    replies = journey(url)
    replies.append(subprocess.run([program, "config", "show"], env=environment, capture_output=True, text=True).stdout)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and not {"/runs/batch", "/v1/traces"} <= {path for path, _ in Collector.bodies}:
        time.sleep(0.2)
    yield url, data / "log", replies
    daemon.terminate()
    daemon.wait(timeout=20)
    collector.shutdown()


def journey(url):
    """Answers, refusals and failures. Returns all that was replied."""
    replies = []

    def call(method, path, body=None):
        request = urllib.request.Request(
            url + path, method=method, data=body and json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Cookie": "opengpts_user_id=anna"})
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                replies.append(reply.read().decode())
        except urllib.error.HTTPError as error:
            replies.append(error.read().decode())
        return json.loads(replies[-1])

    tools = [{"type": "calculator", "name": "Calculator", "config": {}},
             {"type": "search_tavily", "name": "Search (Tavily)", "config": {}}]
    assistant = call("POST", "/assistants", {"name": "a", "public": False, "config": {"configurable": {
        "type": "agent", "type==agent/tools": tools}}})
    for text in ["[[say one]]", 'call:calculator {"expression": "2*3"}', "[[status=401]]", "[[cut]]", "[[garbage]]"]:
        thread = call("POST", "/threads", {"name": "t", "assistant_id": assistant["assistant_id"]})["thread_id"]
        call("POST", "/runs", {"thread_id": thread, "input": [{"type": "human", "content": text}]})
        deadline = time.monotonic() + 15
        while call("GET", f"/threads/{thread}/runs")[0]["status"] == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
    for run in call("GET", "/runs"):
        call("GET", f"/threads/{run['thread_id']}/runs/{run['run_id']}/trace")
        call("POST", "/runs/feedback", {"run_id": run["run_id"], "key": "user_score", "score": 1})
    for path in ["/export", "/models", "/readyz", "/providers"]:
        call("GET", path)
    call("POST", "/assistants", {"name": 5})
    return replies


def test_no_secret_is_told(told):
    url, log, replies = told
    with urllib.request.urlopen(f"{url}/metrics") as reply:
        replies.append(reply.read().decode())
    for place, text in [("log", log.read_text()), *(("reply", text) for text in replies), *Collector.bodies]:
        for secret in secrets.values():
            assert secret.split("%20")[-1] not in text, place


def test_what_a_request_did_is_found_by_its_id(told):
    url, log, _ = told
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    failed = [line for line in lines if line["message"] == "run failed"]
    assert {line["code"] for line in failed} >= {"model_unauthorized", "model_cut"}
    requests = {line["request"] for line in lines if line["message"].startswith("POST /runs ")}
    assert all(line["request"] in requests and line["run"] for line in failed)


def test_runs_and_opinions_are_reported_and_refusals_said_once(told):
    _, log, _ = told
    paths = [path for path, _ in Collector.bodies]
    assert "/runs/batch" in paths and "/feedback" in paths and "/v1/traces" in paths
    assert log.read_text().count("traces cannot be reported") == 1
    assert all("[[say one]]" not in body for _, body in Collector.bodies), "contents leave only where that is wanted"


def test_prometheus_reads_every_measurement(told):
    url, _, _ = told
    with urllib.request.urlopen(f"{url}/metrics") as reply:
        assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        families = {family.name: family for family in text_string_to_metric_families(reply.read().decode())}
    assert all(name.startswith("opengpts_") for name in families)
    assert all(family.documentation.endswith(".") for family in families.values())
    assert {family.type for family in families.values()} <= {"counter", "gauge", "histogram"}
    expected = {
        "http_requests": "counter", "http_request_seconds": "histogram", "runs_open": "gauge", "runs": "counter", "model_calls": "counter",
        "model_tokens": "counter", "model_call_seconds": "histogram", "model_first_piece_seconds": "histogram",
        "model_cost_dollars": "counter", "model_suspended": "gauge", "files_queued": "gauge", "index_vectors": "gauge",
        "indexes_building": "gauge", "sqlite_seconds": "histogram", "database_bytes": "gauge",
        "embedding_seconds": "histogram", "trace_spans_dropped": "counter", "trace_spans_exported": "counter",
        "trace_spans_export_dropped": "counter", "trace_spans_export_queued": "gauge"}
    for name, kind in expected.items():
        family = families[f"opengpts_{name}"]
        assert family.type == kind, name
    labels = {value for family in families.values() for sample in family.samples for value in sample.labels.values()}
    assert len(labels) < 200 and not any(len(label) == 36 and label.count("-") == 4 for label in labels)
