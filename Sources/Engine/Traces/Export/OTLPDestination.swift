import Conversation
import Metering
package import Transport

/// An OpenTelemetry collector, spoken to by OTLP over HTTP in JSON (<https://opentelemetry.io/docs/specs/otlp/>, 1.9).
package struct OTLPDestination: TraceDestination {
  package let name = "otlp"
  private let url: String
  private let headers: [HTTPHeader]
  private let service: String
  private let version: String

  /// - Parameters:
  ///   - url: the collector's base, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it, or with `/v1/traces`.
  ///   - headers: what it wants besides, such as a key.
  package init(url: String, headers: [HTTPHeader], service: String, version: String) {
    let base = String(url.reversed().drop { $0 == "/" }.reversed())
    self.url = base.hasSuffix("/v1/traces") ? base : base + "/v1/traces"
    self.headers = headers
    self.service = service
    self.version = version
  }

  package func requests(carrying parcels: [TraceParcel]) throws -> [TraceDelivery] {
    let spans = parcels.flatMap { parcel -> [JSON] in
      guard case .spans(let spans, let run) = parcel else { return [] }
      return spans.map { Self.span($0, of: run) }
    }
    guard !spans.isEmpty else { return [] }
    let resource: JSON = [
      "attributes": Self.attributes(["service.name": .string(service), "service.version": .string(version)])
    ]
    let scope: JSON = ["name": "opengpts", "version": .string(version)]
    let body: JSON = [
      "resourceSpans": [
        ["resource": resource, "scopeSpans": [["scope": scope, "spans": .array(spans)]]]
      ]
    ]
    let request = HTTPRequest(
      "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")] + headers,
      body: Array(body.text.utf8))
    return [TraceDelivery(request, of: parcels)]
  }

  package func refused(in reply: [UInt8]) -> Int {
    let rejected = (try? JSON(parsing: reply))?["partialSuccess"]?["rejectedSpans"]
    return max(0, rejected?.integer ?? rejected?.string.flatMap { Int($0) } ?? 0)
  }

  // MARK: Spans

  private static func span(_ span: Span, of run: Identifier<Run>) -> JSON {
    var attributes = span.attributes
    attributes["error.type"] = span.failure.map { .string($0.type) }
    var json: [String: JSON] = [
      "traceId": .string(run.description.filter { $0 != "-" }), "spanId": .string(span.id.description),
      "name": .string(span.exportedName), "kind": .integer(span.isCall ? 3 : 1),
      "startTimeUnixNano": nanoseconds(span.startedAt),
      "endTimeUnixNano": nanoseconds(span.endedAt), "attributes": Self.attributes(attributes),
    ]
    json["parentSpanId"] = span.parentID.map { .string($0.description) }
    json["events"] = .array(
      span.events.map { event in
        [
          "name": .string(event.name), "timeUnixNano": nanoseconds(event.at),
          "attributes": Self.attributes(event.attributes),
        ]
      })
    json["status"] = span.failure.map { ["code": 2, "message": .string($0.message ?? $0.type)] }
    return .object(json)
  }

  /// 64-bit numbers are texts in Protobuf's JSON.
  private static func nanoseconds(_ time: Timestamp) -> JSON { .string("\(time.microseconds)000") }

  private static func attributes(_ attributes: [String: JSON]) -> JSON {
    .array(
      attributes.sorted { $0.key < $1.key }.map { ["key": .string($0.key), "value": value($0.value)] })
  }

  private static func value(_ json: JSON) -> JSON {
    switch json {
    case .null: [:]
    case .bool(let value): ["boolValue": .bool(value)]
    case .integer(let value): ["intValue": .string(String(value))]
    case .number(let value): ["doubleValue": .number(value)]
    case .string(let value): ["stringValue": .string(value)]
    case .array(let values): ["arrayValue": ["values": .array(values.map(value))]]
    case .object(let members): ["kvlistValue": ["values": attributes(members)]]
    }
  }
}

extension Span {
  /// By the conventions a span of a model is named by the vendor's name of it, and any by few words.
  var exportedName: String {
    guard kind == .model, let model = attributes["gen_ai.request.model"]?.string else { return name }
    return "chat \(model)"
  }

  /// Whether it is spent on somebody else's answer.
  var isCall: Bool { kind == .model }

  var endedAt: Timestamp { Timestamp(microseconds: startedAt.microseconds + Int64(microseconds ?? 0)) }
}
