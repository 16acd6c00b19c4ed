#!/usr/bin/env python3
"""What fifty faulty calls at once do to everybody else: `make bench-faults`.

Eight people have a short turn with a sound model four times a second each, whatever the last one took: first alone,
then while fifty callers, in a process of their own, are kept in calls to servers that fail (cut, stall, a byte a
second, a gigabyte without an end of line, no event, status 500); alone and beset in turn. Each caller has a model,
and so a circuit breaker, of its own, and is answered every fifth time: otherwise the breaker would soon keep its
calls from the server, and there would be no faults to see.

A turn is timed from when it was to begin. Reported are the turns' times, the daemon's processor time and memory, and
what one faulty call costs of it in sound turns, which holds on a busy machine too; it fails when the 99th percentile
more than doubles (median of the rounds) or memory grows by more than 32 MB. The times want a quiet machine:
everything here shares it.

Usage: faults.py PROGRAM [SECONDS [ROUNDS]]
"""
import http.client
import json
import multiprocessing
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
vendors = [("anthropic", "", "m"), ("ollama", "", "llama3.2:3b"), ("google", "/v1beta", "m")]
people, turns_per_second, faulty = 8, 4, 50


class Daemon:
    def __init__(self, program):
        self.data = tempfile.mkdtemp()
        self.helpers = []
        model, wires = self.script("scripted_model.py"), self.script("scripted_vendors.py")
        models = [("sound", "compatible", f"{model}/v1", "m")]
        for number in range(faulty):
            vendor, path, name = vendors[number % len(vendors)]
            models.append((f"faulty {number}", vendor, f"{wires}{path}/{number}", name))
        Path(self.data, "faults.toml").write_text("".join(
            f'[[model]]\nname = "{name}"\nprovider = "{provider}"\nbase_url = "{url}"\nmodel = "{model}"\n'
            for name, provider, url, model in models))
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", "--data", self.data, "--config", f"{self.data}/faults.toml",
             "--set", "limits.model_idle_seconds=3", "--set", "limits.model_total_seconds=8",
             "--set", "ollama.look=false", "--set", "log.level=info"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"PATH": os.environ["PATH"], "HOME": self.data})
        self.port = next(int(line.split("http://127.0.0.1:")[1].split()[0]) for line in self.process.stdout
                         if "http://127.0.0.1:" in line)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def script(self, name):
        process = subprocess.Popen([sys.executable, here / name], stdout=subprocess.PIPE, text=True)
        self.helpers.append(process)
        return f"http://127.0.0.1:{process.stdout.readline().split()[1]}"

    def memory(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096 / 2**20

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        for process in (self.process, *self.helpers):
            process.terminate()


class Client:
    """One connection to the daemon, as a page keeps one."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(self, method, path, body):
        self.connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        return self.connection.getresponse().read()

    def assistant(self, model):
        return json.loads(self.call("POST", "/assistants", {"name": model, "config": {
            "configurable": {"type": "chatbot", "type==chatbot/llm_type": model}}}))["assistant_id"]

    def turn(self, assistant, text):
        """Whether it failed."""
        thread = json.loads(self.call("POST", "/threads", {"name": "t", "assistant_id": assistant}))["thread_id"]
        data = self.call("POST", "/runs/stream", {
            "thread_id": thread, "input": [{"type": "human", "content": text}], "stream_mode": "deltas"})
        return b"event: error" in data


def sound_turns(port, assistant, seconds):
    """The times of everybody's turns, in seconds."""
    times, began = [], time.monotonic()

    def person(number):
        client = Client(port)
        due = began + number / people / turns_per_second
        while due < began + seconds:
            time.sleep(max(0, due - time.monotonic()))
            assert not client.turn(assistant, "[[tokens=20]]")
            times.append(time.monotonic() - due)
            due += 1 / turns_per_second

    run_all([lambda number=number: person(number) for number in range(people)])
    return times


def keep_failing(port, assistants, is_over, failed):
    """Fifty callers, until it is over; counts what failed and what did not."""
    def caller(number):
        client = Client(port)
        for turn in range(number, 1_000_000):
            if is_over.is_set():
                return
            fault = "" if turn % 5 == 0 else f" [[{faults[(number + turn) % len(faults)]}]]"
            has_failed = client.turn(assistants[number], f"one two three four five six{fault}")
            with failed.get_lock():
                failed[has_failed] += 1
            is_over.wait(0.5)  # Who has failed at once does not come back at once.

    run_all([lambda number=number: caller(number) for number in range(faulty)])


def run_all(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Phase:
    """Turns for some seconds, and what the daemon took for all it did meanwhile."""

    def __init__(self, daemon, assistant, seconds):
        before = daemon.processor_seconds()
        self.times = sorted(sound_turns(daemon.port, assistant, seconds))
        self.processor_seconds = daemon.processor_seconds() - before
        self.p99 = self.times[min(len(self.times) - 1, int(len(self.times) * 0.99))] * 1000

    def __str__(self):
        return (f"{len(self.times)} turns, median {statistics.median(self.times) * 1000:.0f} ms, p99 {self.p99:.0f} ms, "
                f"processor {self.processor_seconds:.2f} s")


def beset(daemon, assistants, work):
    """What the work gives, and how many calls were answered, and failed, meanwhile."""
    is_over, failed = multiprocessing.Event(), multiprocessing.Array("i", 2)
    callers = multiprocessing.Process(target=keep_failing, args=(daemon.port, assistants, is_over, failed))
    callers.start()
    time.sleep(1)
    before = list(failed)
    result = work()
    ended = [now - then for now, then in zip(failed, before)]
    is_over.set()
    callers.join()
    return result, ended


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    daemon = Daemon(sys.argv[1])
    try:
        client = Client(daemon.port)
        sound = client.assistant("sound")
        failing = [client.assistant(f"faulty {number}") for number in range(faulty)]
        Phase(daemon, sound, 2)
        beset(daemon, failing, lambda: time.sleep(5))
        before, most, ratios, costs = daemon.memory(), 0, [], []
        for _ in range(rounds):
            alone = Phase(daemon, sound, seconds)
            crowded, failed = beset(daemon, failing, lambda: Phase(daemon, sound, seconds))
            most = max(most, daemon.memory())
            ratios.append(crowded.p99 / alone.p99)
            turn = alone.processor_seconds / len(alone.times)
            costs.append((crowded.processor_seconds / turn - len(crowded.times)) / sum(failed))
            print(f"alone {alone}\nbeset {crowded}; {failed[1]} faulty calls failed, {failed[0]} were answered", flush=True)
        ratio = statistics.median(ratios)
        print(f"p99 beset / alone: {ratio:.2f} (median of {rounds}); a faulty call costs the processor as much as "
              f"{statistics.median(costs):.2f} sound turns; memory {before:.0f} MB, at most {most:.0f} MB")
        sys.exit(0 if ratio <= 2 and most - before <= 32 else 1)
    finally:
        daemon.end()


main()
