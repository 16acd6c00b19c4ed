import Conversation
import Metering

/// What was done for a run.
extension OpenAPISchemas {
  static let traceSchemas: [String: JSON] = [
    "Trace": closed(["run": reference("Run"), "spans": list(of: "Span")]),
    "Span": closed(
      [
        "span_id": spanID, "kind": choice(Span.Kind.self), "name": text, "started_at": moment,
        "attributes": object, "events": list(of: "SpanEvent"),
      ],
      optional: [
        "parent_id": spanID, "duration_microseconds": integer(0),
        "error": closed(["type": text], optional: ["message": text]),
      ]),
    "SpanEvent": closed(["name": text, "at": moment, "attributes": object]),
  ]

  private static let spanID: JSON = ["type": "string", "pattern": "^[0-9a-f]{16}$"]
}
