#!/usr/bin/env python3
"""A language model for tests: an OpenAI-compatible server on loopback that does what the last question says.

Directives in the text of the last human message (all others of the conversation are ignored):

    [[say TEXT]]        answer with TEXT, one word a token (without it: "You said: " and the question); a middle
                        dot is left out, for words that the question must not hold as the answer does
    [[echo]] TEXT       answer with all that follows, in pieces that heed no word's end
    [[slow]]            answer with 400 sentences, twenty a second
    [[then TEXT]]       answer with TEXT once the model has spoken in this turn
    [[tokens=N]]        answer with N numbered words
    [[delay=MS]]        wait so long before each token
    [[hang]]            say one word, then nothing more until the client leaves
    [[cut]]             break the connection in the middle of the answer
    [[quit]]            end the stream cleanly in the middle, without a finish reason
    [[garbage]]         send an event that is no JSON
    [[status=N]]        refuse with that HTTP status
    [[status=N wait=S]] and ask for so many seconds of patience
    [[once status=N wait=S]] refuse so the first time, then answer
    call:NAME {JSON}    call that tool (a line each; only as long as the turn has no results yet)

After tool results the answer is "Found: " and the results, unless another directive tells otherwise.

    GET /stats          {"open": calls under way, "total": calls so far, "last": the last request's body,
                         "searches": searches in the wiki so far}
    GET /w/api.php      a wiki with one page, about bears; it takes its time (1.5 s) to search

Usage: scripted_model.py [PORT]; prints "port N" once it listens.
"""
import http.server
import json
import re
import sys
import threading
import time


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    refused = set()
    stats = {"open": 0, "total": 0, "last": None, "searches": 0}

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/w/api.php"):
            return self.wiki()
        with self.lock:
            body = json.dumps(self.stats).encode()
        self.reply(200, body)

    def wiki(self):
        if "srsearch" in self.path:
            with self.lock:
                self.stats["searches"] += 1
            time.sleep(1.5)
            found = {"query": {"search": [{"pageid": 1}]}}
        else:
            found = {"query": {"pages": [{"title": "Bear", "extract": "Bears eat honey and salmon."}]}}
        self.reply(200, json.dumps(found).encode())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        with self.lock:
            self.stats["open"] += 1
            self.stats["total"] += 1
            self.stats["last"] = body
        try:
            self.complete(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.lock:
                self.stats["open"] -= 1

    def reply(self, status, body, headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def complete(self, body):
        messages = body["messages"]
        place = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=0)
        question = text_of(messages[place])
        results = [text_of(m) for m in messages[place + 1:] if m["role"] == "tool"]
        then = re.search(r"\[\[then (.*?)\]\]", question, re.S)
        if then and place + 1 < len(messages):
            question = f"[[say {then[1]}]]"
        if self.refuses(question):
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.stream(body, question, results)

    def refuses(self, question):
        refusal = re.search(r"\[\[(once )?status=(\d+)(?: wait=(\d+))?\]\]", question)
        with self.lock:
            if not refusal or (refusal[1] and question in self.refused):
                return False
            self.refused.add(question)
        error = {"error": {"message": "scripted refusal", "type": "scripted"}}
        self.reply(int(refusal[2]), json.dumps(error).encode(), {"Retry-After": refusal[3]} if refusal[3] else {})
        return True

    def stream(self, body, question, results):
        calls = re.findall(r"^call:(\S+) (\{.*\})\s*$", question, re.M)
        if calls and not results and body.get("tools"):
            for index, (name, arguments) in enumerate(calls):
                self.delta(tool_calls=[{"index": index, "id": f"call_{index}", "type": "function",
                                        "function": {"name": name, "arguments": ""}}])
                for piece in (arguments[:5], arguments[5:]):
                    self.delta(tool_calls=[{"index": index, "function": {"arguments": piece}}])
            return self.conclude("tool_calls")
        delay = re.search(r"\[\[delay=(\d+)\]\]", question)
        pause = int(delay[1]) / 1000 if delay else 0.05 if "[[slow]]" in question else 0
        for number, token in enumerate(answer(question, results)):
            time.sleep(pause)
            self.delta(content=token)
            if number == 0 and "[[hang]]" in question:
                self.wait_for_departure()
            if number == 1 and "[[cut]]" in question:
                self.close_connection = True
                return
            if number == 1 and "[[quit]]" in question:
                return self.chunk(b"")
            if number == 1 and "[[garbage]]" in question:
                self.event("{this is no JSON")
        self.conclude("stop")

    def wait_for_departure(self):
        while True:
            time.sleep(0.05)
            self.chunk(b": waiting\n\n")

    def delta(self, **delta):
        self.event(json.dumps({"model": "scripted", "choices": [{"index": 0, "delta": delta}]}))

    def conclude(self, reason):
        self.event(json.dumps({"model": "scripted",
                               "choices": [{"index": 0, "delta": {}, "finish_reason": reason}],
                               "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}))
        self.event("[DONE]")
        self.chunk(b"")

    def event(self, data):
        self.chunk(f"data: {data}\n\n".encode())

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


def text_of(message):
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(
        str(part.get("text") or "") for part in content or [] if isinstance(part, dict))


def answer(question, results):
    said = re.search(r"\[\[say (.*?)\]\]", question, re.S)
    counted = re.search(r"\[\[tokens=(\d+)\]\]", question)
    if "[[echo]]" in question:
        text = question.split("[[echo]]", 1)[1].strip()
        return [text[start:start + 7] for start in range(0, len(text), 7)]
    if "[[slow]]" in question:
        return [f"Sentence {number} of a slow answer. " for number in range(1, 401)]
    if said:
        text = said[1].replace("·", "")
    elif counted:
        return [f"word{number} " for number in range(int(counted[1]))]
    elif results:
        text = "Found: " + " | ".join(results)
    else:
        text = "You said: " + question
    return re.findall(r"\S+\s*|\s+", text)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        """Clients leave in the middle of things; that is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Model)
    print(f"port {server.server_address[1]}", flush=True)
    server.serve_forever()
