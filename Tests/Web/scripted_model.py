"""A language model that does what it is told: an OpenAI-compatible chat completions server on loopback.

The last thing the person said decides:
  [[echo]] TEXT        answers with TEXT, in small pieces
  [[slow]]             answers with 400 short sentences, twenty a second
  [[tool NAME]] TEXT   calls the tool NAME with {"query": TEXT}; once it has a result, it says what it was
  anything else        answers "You said: ..."
"""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ScriptedModel:
    def __init__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            if request.get("stream"):
                self._stream(request["messages"])
            else:
                self._reply(request["messages"])
        except (BrokenPipeError, ConnectionResetError):
            pass  # the page stopped the answer, so the daemon hung up: as it should

    def _stream(self, messages):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        finish = "stop"
        for delta, pause in deltas(messages):
            if "tool_calls" in delta:
                finish = "tool_calls"
            self._event({"index": 0, "delta": delta, "finish_reason": None})
            time.sleep(pause)
        self._event({"index": 0, "delta": {}, "finish_reason": finish})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice):
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "scripted", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _reply(self, messages):
        text = "".join(delta.get("content") or "" for delta, _ in deltas(messages))
        body = json.dumps({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "scripted",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def deltas(messages):
    """What is streamed, as (delta, pause in seconds) pairs."""
    asked = text_of(next((m for m in reversed(messages) if m["role"] == "user"), {}))
    last = messages[-1]
    if last["role"] == "tool":
        yield from pieces(f"The tool said: {text_of(last)[:200]}")
    elif "[[slow]]" in asked:
        yield from ((piece, 0.05) for piece in sentences(400))
    elif "[[echo]]" in asked:
        yield from pieces(asked.split("[[echo]]", 1)[1].strip())
    elif call := re.search(r"\[\[tool ([\w-]+)\]\]\s*(.*)", asked, re.S):
        arguments = json.dumps({"query": call[2] or "anything"})
        yield {"tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                               "function": {"name": call[1], "arguments": ""}}]}, 0.01
        for start in range(0, len(arguments), 8):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": arguments[start:start + 8]}}]}, 0.01
    else:
        yield from pieces(f"You said: {asked}")


def sentences(count):
    return ({"content": f"Sentence {number} of a slow answer. "} for number in range(1, count + 1))


def pieces(text, size=7):
    for start in range(0, len(text), size):
        yield {"content": text[start:start + size]}, 0.004


def text_of(message):
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)
