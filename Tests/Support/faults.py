#!/usr/bin/env python3
"""What fifty faulty calls at once do to everybody else: `make bench-faults`.

Eight people have short turns with a sound model, again and again, first alone and then while fifty calls to a
server that fails (cut, stall, one byte a second, a gigabyte without an end of line, no event, status 500) are kept
under way, alone and beset in turn, three times. Reported are the turns' times and the daemon's memory; it fails
when the 99th percentile more than doubles or memory grows by more than 32 MB.

Usage: faults.py PROGRAM [SECONDS]
"""
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

here = Path(__file__).parent
faults = ["cut", "stall", "drip", "flood", "garbage", "status=500"]
people, faulty = 8, 50


class Daemon:
    def __init__(self, program):
        self.data = tempfile.mkdtemp()
        self.vendors, vendors_port = script("scripted_vendors.py")
        self.model, model_port = script("scripted_model.py")
        Path(self.data, "faults.toml").write_text("".join(
            f'[[model]]\nname = "{name}"\nprovider = "{provider}"\nbase_url = "{url}"\nmodel = "m"\n'
            for name, provider, url in [
                ("sound", "compatible", f"http://127.0.0.1:{model_port}/v1"),
                ("anthropic", "anthropic", f"http://127.0.0.1:{vendors_port}"),
                ("ollama", "ollama", f"http://127.0.0.1:{vendors_port}"),
                ("gemini", "google", f"http://127.0.0.1:{vendors_port}/v1beta")]))
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", "--data", self.data, "--config", f"{self.data}/faults.toml",
             "--set", "limits.model_idle_seconds=3", "--set", "limits.model_total_seconds=8",
             "--set", "ollama.look=false"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"PATH": os.environ["PATH"], "HOME": self.data})
        self.port = next(int(line.split("http://127.0.0.1:")[1].split()[0]) for line in self.process.stdout
                         if "http://127.0.0.1:" in line)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def call(self, method, path, body=None, read=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return json.loads(data) if read else data

    def assistant(self, model):
        return self.call("POST", "/assistants", {"name": model, "config": {
            "configurable": {"type": "chatbot", "type==chatbot/llm_type": model}}})["assistant_id"]

    def turn(self, assistant, text):
        thread = self.call("POST", "/threads", {"name": "t", "assistant_id": assistant})["thread_id"]
        began = time.monotonic()
        data = self.call("POST", "/runs/stream", {"thread_id": thread, "input": [{"type": "human", "content": text}]},
                         read=False)
        return time.monotonic() - began, b"event: error" in data

    def memory(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096 / 2**20

    def end(self):
        for process in (self.process, self.vendors, self.model):
            process.terminate()


def script(name):
    process = subprocess.Popen([sys.executable, here / name], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().split()[1]


def sound_turns(daemon, assistant, seconds):
    times, end = [], time.monotonic() + seconds

    def person():
        while time.monotonic() < end:
            times.append(daemon.turn(assistant, "[[tokens=20]]")[0])

    run_all([person] * people)
    return times


def beset(daemon, assistants, work):
    """Keeps fifty faulty calls under way while the work is done."""
    done, failed = threading.Event(), [0, 0]

    def call(number):
        while not done.is_set():
            fault = faults[number % len(faults)]
            _, has_failed = daemon.turn(assistants[number % len(assistants)], f"one two three four [[{fault}]]")
            failed[has_failed] += 1
            done.wait(0.5)  # Who has failed at once does not come back at once.

    callers = [threading.Thread(target=call, args=[number]) for number in range(faulty)]
    for caller in callers:
        caller.start()
    time.sleep(0.5)
    result = work()
    done.set()
    for caller in callers:
        caller.join()
    return result, failed


def run_all(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8
    daemon = Daemon(sys.argv[1])
    try:
        sound = daemon.assistant("sound")
        failing = [daemon.assistant(name) for name in ("anthropic", "ollama", "gemini")]
        sound_turns(daemon, sound, 2)
        beset(daemon, failing, lambda: time.sleep(2))
        before, most, rounds = daemon.memory(), 0, []
        for _ in range(3):
            alone = sound_turns(daemon, sound, seconds)
            (crowded, failed) = beset(daemon, failing, lambda: sound_turns(daemon, sound, seconds))
            most = max(most, daemon.memory())
            rounds.append((percentile(alone, 0.99), percentile(crowded, 0.99)))
            print(f"alone {len(alone)} turns, median {statistics.median(alone) * 1000:.0f} ms, p99 {rounds[-1][0]:.0f} ms;"
                  f" beset {len(crowded)}, median {statistics.median(crowded) * 1000:.0f} ms, p99 {rounds[-1][1]:.0f} ms;"
                  f" {failed[1]} faulty calls failed, {failed[0]} did not", flush=True)
        ratio = statistics.median(crowded / alone for alone, crowded in rounds)
        print(f"p99 beset / alone: {ratio:.2f} (median of three); memory {before:.0f} MB, at most {most:.0f} MB")
        sys.exit(0 if ratio <= 2 and most - before <= 32 else 1)
    finally:
        daemon.end()


main()
