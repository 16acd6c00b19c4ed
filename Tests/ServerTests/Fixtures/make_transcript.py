"""Turns raw recordings of the original server into transcript.json, which ReplayTests reads.

    python3 make_transcript.py FOLDER > transcript.json

FOLDER holds files of exchanges: a line `### name`, the request's bytes, the reply's bytes. Of replies only the
shape is kept: which members there are and of what type, ids (to follow them from one exchange to the next), error
texts, and of event streams the order of the events and the shape of each new message as it was in the end. Of
conversations only the last message is kept, so that one difference does not make all that follows differ.
"""
import base64, hashlib, hmac, json, pathlib, re, sys
from email.utils import parsedate_to_datetime

# What the server chose, and is to be followed.
CHOSEN = re.compile(r"^(run-)?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$|^call_fake")
# Documents of their own, compared by tests of their own.
OPAQUE = ("/runs/config_schema", "/runs/input_schema", "/runs/output_schema", "/openapi.json", "/docs")
# Sample documents that are not ours to keep, and what follows from them.
FOREIGN = re.compile(rb"sample\.|two files at once|<\d+ bytes of ")


# Members whose value matters: kept after a `=`.
EXACT = ("type", "status", "next", "ok", "msg_count", "finish_reason")


def shape(value, key=None):
    if key in EXACT and not isinstance(value, (dict, list)):
        return "=" + json.dumps(value)
    if isinstance(value, dict):
        return {key: shape(member, key) for key, member in value.items()}
    if isinstance(value, list) and key in ("values", "messages") and value:
        return {"@last": shape(value[-1])}
    if isinstance(value, list):
        return [shape(member, key) for member in value]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "id:" + value if CHOSEN.match(value) else "string"


def stream(text):
    names, before, messages = [], None, {}
    for block in text.split("\r\n\r\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line and line[0] != ":")
        if "event" not in lines:
            continue
        if not names or names[-1] != lines["event"]:
            names.append(lines["event"])
        if lines["event"] == "data":
            shown = json.loads(lines["data"])
            before = before if before is not None else [message["id"] for message in shown]
            messages.update({m["id"]: shape(m) for m in shown if m["id"] not in before})
    return {"names": names, "messages": list(messages.values())}


def reply(path, status, fields, body):
    if path in OPAQUE or fields.get("content-type", "").startswith("text/plain"):
        return {}
    if fields.get("content-type", "").startswith("text/event-stream"):
        return {"stream": stream(body.decode())}
    if not body.strip():
        return {}
    value = json.loads(body)
    if status == 422:
        return {"problems": [[problem["type"], problem["loc"][:2]] for problem in value["detail"]]}
    if status >= 400:
        return {"detail": value["detail"]}
    if path.endswith("/history") and value:
        return {"shape": {"@first": shape(value[0])}}
    return {"shape": shape(value)}


def head(text):
    first, *lines = text.decode().split("\r\n")
    return first, {k.lower(): v for k, v in (line.split(": ", 1) for line in lines if ": " in line)}


def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def authorization(field, recorded):
    """A token is kept as what it says and by which key, so that it can be made anew when it has expired."""
    scheme, _, token = field.partition(" ")
    pieces = token.split(".")
    if len(pieces) != 3:
        return {"scheme": scheme, "text": token}
    claims = json.loads(part(pieces[1]))
    if "exp" in claims:
        claims["exp"] -= int(recorded)
    signed = f"{pieces[0]}.{pieces[1]}".encode()
    key = "right" if part(pieces[2]) == hmac.digest(b"key", signed, hashlib.sha256) else "wrong"
    return {"scheme": scheme, "header": json.loads(part(pieces[0])), "claims": claims,
            "key": key if pieces[2] else None}


def exchange(name, data):
    request, answer = re.split(rb"\n(?=HTTP/1\.1 \d)", data, maxsplit=1)
    request = request[re.search(rb"^[A-Z]+ /", request, re.M).start():]
    request_head, _, body = request.partition(b"\r\n\r\n")
    line, fields = head(request_head)
    method, path, _ = line.split(" ")
    body = body[: int(fields.get("content-length", 0))]
    answer_head, _, answer_body = answer.partition(b"\r\n\r\n")
    status_line, answer_fields = head(answer_head)
    status = int(status_line.split(" ")[1])
    entry = {"name": name, "method": method, "path": path, "status": status}
    if "cookie" in fields:
        entry["user"] = fields["cookie"].split("=")[1].split("-")[0]
    if "authorization" in fields:
        recorded = parsedate_to_datetime(answer_fields["date"]).timestamp()
        entry["authorization"] = authorization(fields["authorization"], recorded)
    if "content-length" in fields:
        entry["type"] = fields.get("content-type", "")
        plain = re.sub(rb'("description": )"(?:[^"\\\\]|\\\\.)*"', rb'\1""', body)
        entry["body"] = base64.b64encode(body).decode() if "multipart" in entry["type"] else plain.decode()
    entry.update(reply(path, status, answer_fields, answer_body))
    return entry


def main(folder):
    exchanges, seen = [], {}
    for file in sorted(pathlib.Path(folder).glob("*.http")):
        for section in re.split(rb"^### ", file.read_bytes(), flags=re.M)[1:]:
            title, _, data = section.partition(b"\n")
            if title.startswith((b"(LLM side)", b"NOTE")) or FOREIGN.search(section):
                continue
            name = f"{file.stem}/{title.decode()}"
            seen[name] = seen.get(name, 0) + 1
            exchanges.append(exchange(name if seen[name] == 1 else f"{name} #{seen[name]}", data))
    lines = [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in exchanges]
    print("[\n" + ",\n".join(lines) + "\n]")


main(sys.argv[1])
