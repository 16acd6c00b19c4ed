#!/usr/bin/env python3
"""The wire formats of Anthropic, Gemini, Ollama and Bedrock, on one loopback port, for tests and trying by hand.

What is answered follows the last thing the person said, as in scripted_model.py, in brief:

    [[say TEXT]]       answer with TEXT (without it: "You said: " and the question)
    [[think TEXT]]     think TEXT first
    [[status=N]]       refuse with that HTTP status, in the vendor's shape
    [[cut]] [[stall]]  break the connection, or stop, in the middle
    [[drip]] [[flood]] send a byte a second, or a gigabyte without an end of line
    [[garbage]]        send what is no event
    call:NAME {JSON}   call that tool, as long as no result has come in this turn

    POST /v1/messages                                  Anthropic
    POST /v1beta/models/M:streamGenerateContent        Gemini
    POST /api/chat, GET /api/tags, POST /api/show, POST /api/pull    Ollama
    POST /model/M/converse-stream                      Bedrock
    GET  /seen                                         the last request of each: path, headers, body

Usage: scripted_vendors.py [PORT]; prints "port N" once it listens.
"""
import http.server
import json
import re
import struct
import sys
import time
import zlib

seen = {}
pulled = {"llama3.2:3b": ["completion", "tools"], "gemma3:4b": ["completion", "vision"],
          "nomic-embed-text:latest": ["embedding"]}


class Vendor(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/api/tags":
            return self.whole(200, {"models": [{"name": name, "model": name} for name in pulled]})
        self.whole(200 if self.path == "/seen" else 404, seen)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        path = re.sub(r"^/\d+(?=/)", "", self.path.split("?")[0])  # A number before it tells servers apart.
        if path == "/api/show":
            if body["model"] not in pulled:
                return self.whole(404, {"error": "model not found"})
            return self.whole(200, {"capabilities": pulled[body["model"]],
                                    "model_info": {"llama.context_length": 131072}})
        seen[path] = {"headers": dict(self.headers), "body": body}
        try:
            if path == "/api/pull":
                self.pull(body["model"])
            elif path == "/v1/messages":
                self.anthropic(body)
            elif path == "/api/chat":
                self.ollama(body)
            elif path.endswith(":streamGenerateContent"):
                self.gemini(body)
            elif path.endswith("/converse-stream"):
                self.bedrock(body)
            else:
                self.whole(404, {"error": "nothing here"})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # Replies

    def whole(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, media_type, pieces, plan):
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, piece in enumerate(pieces):
            if number == 3 and plan.fault:
                return self.fail(plan.fault, piece)
            self.chunk(piece)
        self.chunk(b"")

    def chunk(self, piece):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.flush()

    def fail(self, fault, piece):
        self.close_connection = True
        if fault == "garbage":
            self.chunk(b"data: {this is none\n\n")
        elif fault == "flood":
            for _ in range(1024):
                self.chunk(b"x" * (1 << 20))
        while fault == "drip":
            for byte in piece:
                time.sleep(1)
                self.chunk(bytes([byte]))
        while fault == "stall":
            time.sleep(0.2)
            if not self.is_watched():
                return

    def is_watched(self):
        """Whether the client is still there."""
        self.connection.settimeout(0.01)
        try:
            return self.connection.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False

    # Vendors

    def anthropic(self, body):
        last = body["messages"][-1]["content"]
        blocks = last if isinstance(last, list) else [{"type": "text", "text": last}]
        plan = Plan("".join(block.get("text", "") for block in blocks),
                    [block["content"] for block in blocks if block["type"] == "tool_result"], body.get("tools"))
        if plan.status:
            return self.whole(plan.status, {"type": "error", "error": {"type": "scripted", "message": "refused"}})
        events = [{"type": "message_start", "message": {"model": body["model"], "usage": {
            "input_tokens": 12, "cache_read_input_tokens": 100, "output_tokens": 1}}}]
        place = 0
        if plan.thought:
            events += block(place, {"type": "thinking", "thinking": "", "signature": ""},
                            [{"type": "thinking_delta", "thinking": plan.thought},
                             {"type": "signature_delta", "signature": "signed"}])
            place += 1
        for name, arguments in plan.calls:
            events += block(place, {"type": "tool_use", "id": f"toolu_{place}", "name": name, "input": {}},
                            [{"type": "input_json_delta", "partial_json": piece}
                             for piece in (arguments[:4], arguments[4:])])
            place += 1
        if not plan.calls:
            events += block(place, {"type": "text", "text": ""},
                            [{"type": "text_delta", "text": word} for word in plan.words])
        events += [{"type": "message_delta", "delta": {"stop_reason": "tool_use" if plan.calls else "end_turn"},
                    "usage": {"output_tokens": 34}}, {"type": "message_stop"}]
        self.stream("text/event-stream",
                    [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events], plan)

    def gemini(self, body):
        parts = body["contents"][-1]["parts"]
        plan = Plan("".join(part.get("text", "") for part in parts),
                    [json.dumps(part["functionResponse"]["response"]) for part in parts if "functionResponse" in part],
                    body.get("tools"))
        if plan.status:
            return self.whole(plan.status, {"error": {"code": plan.status, "message": "refused"}})
        chunks = [[{"text": plan.thought, "thought": True}]] if plan.thought else []
        if plan.calls:
            chunks.append([{"functionCall": {"name": name, "args": json.loads(arguments)},
                            **({"thoughtSignature": "signed"} if place == 0 else {})}
                           for place, (name, arguments) in enumerate(plan.calls)])
        else:
            chunks += [[{"text": word}] for word in plan.words]
        events = [{"candidates": [{"content": {"role": "model", "parts": parts}}], "modelVersion": "gemini-scripted"}
                  for parts in chunks]
        events[-1]["candidates"][0]["finishReason"] = "STOP"
        events[-1]["usageMetadata"] = {"promptTokenCount": 56, "candidatesTokenCount": 78, "totalTokenCount": 134}
        self.stream("text/event-stream", [f"data: {json.dumps(event)}\n\n".encode() for event in events], plan)

    def ollama(self, body):
        message, results = turn_of(body["messages"])
        plan = Plan(message.get("content", ""), results, body.get("tools"))
        if body["model"] not in pulled:
            return self.whole(404, {"error": "model not found"})
        if plan.status:
            return self.whole(plan.status, {"error": "refused"})
        pieces = [{"thinking": plan.thought}] if plan.thought else []
        if plan.calls:
            pieces.append({"tool_calls": [{"function": {"name": name, "arguments": json.loads(arguments)}}
                                          for name, arguments in plan.calls]})
        else:
            pieces += [{"content": word} for word in plan.words]
        lines = [{"model": body["model"], "message": {"role": "assistant", "content": "", **piece}, "done": False}
                 for piece in pieces]
        lines.append({"model": body["model"], "message": {"role": "assistant", "content": ""}, "done": True,
                      "done_reason": "stop", "prompt_eval_count": 9, "eval_count": 4})
        self.stream("application/x-ndjson", [f"{json.dumps(line)}\n".encode() for line in lines], plan)

    def pull(self, model):
        lines = [{"status": "pulling manifest"}]
        lines += [{"status": "pulling", "total": 10, "completed": done} for done in range(0, 11, 2)]
        pulled[model] = ["completion", "tools"]
        lines.append({"status": "success"})
        self.stream("application/x-ndjson", slowly(lines), Plan("", [], None))

    def bedrock(self, body):
        blocks = body["messages"][-1]["content"]
        plan = Plan("".join(block.get("text", "") for block in blocks),
                    [block["toolResult"]["content"][0]["text"] for block in blocks if "toolResult" in block],
                    body.get("toolConfig"))
        if plan.status:
            return self.whole(plan.status, {"message": "refused"})
        events = [("messageStart", {"role": "assistant"})]
        for place, (name, arguments) in enumerate(plan.calls):
            events += [("contentBlockStart", {"contentBlockIndex": place, "start": {
                            "toolUse": {"toolUseId": f"tooluse_{place}", "name": name}}}),
                       ("contentBlockDelta", {"contentBlockIndex": place, "delta": {"toolUse": {"input": arguments}}}),
                       ("contentBlockStop", {"contentBlockIndex": place})]
        if not plan.calls:
            events += [("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}}) for word in plan.words]
        events += [("messageStop", {"stopReason": "tool_use" if plan.calls else "end_turn"}),
                   ("metadata", {"usage": {"inputTokens": 21, "outputTokens": 43, "totalTokens": 64}})]
        self.stream("application/vnd.amazon.eventstream", [frame(*event) for event in events], plan)


class Plan:
    """What the last question asks for."""

    def __init__(self, question, results, tools):
        directive = lambda name: (re.search(rf"\[\[{name} (.*?)\]\]", question, re.S) or [None, ""])[1]
        refusal = re.search(r"\[\[status=(\d+)\]\]", question)
        self.status = int(refusal[1]) if refusal else None
        self.thought = directive("think")
        fault = re.search(r"\[\[(cut|stall|drip|flood|garbage)\]\]", question)
        self.fault = fault[1] if fault else None
        calls = re.findall(r"^call:(\S+) (\{.*\})\s*$", question, re.M)
        self.calls = calls if tools and not results else []
        text = "Found: " + " | ".join(results) if results else directive("say") or "You said: " + question
        self.words = re.findall(r"\S+\s*|\s+", text)


def turn_of(messages):
    """The last question, and the results since."""
    place = max(place for place, message in enumerate(messages) if message["role"] == "user")
    return messages[place], [message["content"] for message in messages[place:] if message["role"] == "tool"]


def block(index, start, deltas):
    return [{"type": "content_block_start", "index": index, "content_block": start},
            *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": index}]


def slowly(lines):
    for line in lines:
        time.sleep(0.3)
        yield f"{json.dumps(line)}\n".encode()


def frame(event, payload):
    """One message of Amazon's binary event stream."""
    headers = b"".join(struct.pack("!B", len(name)) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
                       for name, value in [(":message-type", "event"), (":event-type", event)])
    data = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(data), len(headers))
    start = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + data
    return start + struct.pack("!I", zlib.crc32(start))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Clients leave in the middle of things; that is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Vendor)
    print(f"port {server.server_address[1]}", flush=True)
    server.serve_forever()
