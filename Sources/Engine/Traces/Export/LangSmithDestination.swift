import Conversation
import Crypto
import Foundation
import Metering
import Transport

/// LangSmith: runs by `POST /runs/batch`, opinions by `POST /feedback`
/// (<https://docs.langchain.com/langsmith/trace-with-api>, November 2026).
package struct LangSmithDestination: TraceDestination {
  package let name = "langsmith"
  package static let standardURL = "https://api.smith.langchain.com"
  private let url: String
  private let key: String
  private let project: String

  package init(url: String = standardURL, key: String, project: String) {
    self.url = String(url.reversed().drop { $0 == "/" }.reversed())
    self.key = key
    self.project = project
  }

  package func requests(carrying parcels: [TraceParcel]) throws -> [TraceDelivery] {
    var runs: [JSON] = []
    var traced: [TraceParcel] = []
    var opinions: [TraceDelivery] = []
    for parcel in parcels {
      switch parcel {
      case .spans(let spans, let run):
        runs += self.runs(of: spans, run)
        traced.append(parcel)
      case .feedback(let feedback):
        opinions.append(
          TraceDelivery(request(for: feedback), of: [parcel], takesAway: feedback.isEmpty))
      }
    }
    guard !runs.isEmpty else { return opinions }
    let batch = request("POST", "/runs/batch", ["post": .array(runs), "patch": []])
    return [TraceDelivery(batch, of: traced)] + opinions
  }

  private func request(_ method: String, _ path: String, _ body: JSON? = nil) -> HTTPRequest {
    HTTPRequest(
      method, url: url + path,
      headers: [HTTPHeader("x-api-key", key)]
        + (body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]),
      body: body.map { Array($0.text.utf8) })
  }

  // MARK: Opinions

  /// One for each run and key: its id goes by these, so that a later one takes its place.
  private func request(for feedback: Feedback) -> HTTPRequest {
    let id = Self.id(of: "\(feedback.runID) \(feedback.key)")
    if feedback.isEmpty { return request("DELETE", "/feedback/\(id)") }
    let run: JSON = .string(feedback.runID.description)
    return request(
      "POST", "/feedback",
      [
        "id": .string(id), "run_id": run, "trace_id": run, "key": .string(feedback.key),
        "score": feedback.score,
        "value": feedback.value, "comment": feedback.comment.map(JSON.string) ?? .null,
      ])
  }

  // MARK: Runs

  /// LangSmith wants the way from the root in each.
  private func runs(of spans: [Span], _ run: Identifier<Run>) -> [JSON] {
    let known = Dictionary(spans.map { ($0.id, $0) }) { first, _ in first }
    return spans.map { span in
      var way = [span]
      while let parent = way[0].parentID.flatMap({ known[$0] }), way.count < spans.count {
        way.insert(parent, at: 0)
      }
      return json(of: span, way: way, run)
    }
  }

  private func json(of span: Span, way: [Span], _ run: Identifier<Run>) -> JSON {
    let ids = way.map { Self.id(of: $0, in: run) }
    var json: [String: JSON] = [
      "id": .string(ids[ids.count - 1]), "trace_id": .string(ids[0]),
      "dotted_order": .string(zip(way, ids).map { Self.moment($0.startedAt) + $1 }.joined(separator: ".")),
      "name": .string(span.exportedName), "run_type": .string(Self.type(of: span.kind)),
      "start_time": .string(span.startedAt.description), "end_time": .string(span.endedAt.description),
      "inputs": Self.inputs(of: span), "outputs": Self.outputs(of: span), "session_name": .string(project),
      "extra": ["metadata": Self.metadata(of: span, run)],
    ]
    if ids.count > 1 { json["parent_run_id"] = .string(ids[ids.count - 2]) }
    json["error"] = span.failure.map { .string($0.message ?? $0.type) }
    json["events"] = .array(
      span.events.map { event in
        [
          "name": .string(event.name), "time": .string(event.at.description),
          "kwargs": .object(event.attributes),
        ]
      })
    return .object(json)
  }

  private static func type(of kind: Span.Kind) -> String {
    switch kind {
    case .model: "llm"
    case .tool: "tool"
    case .search: "retriever"
    case .embedding: "embedding"
    case .run, .step, .vectors, .words, .fusion, .proof, .checkpoint: "chain"
    }
  }

  private static func inputs(of span: Span) -> JSON {
    content(
      of: span,
      [
        "gen_ai.input.messages": "messages", "gen_ai.tool.call.arguments": "arguments",
        "gen_ai.retrieval.query.text": "query",
      ])
  }

  private static func outputs(of span: Span) -> JSON {
    content(of: span, ["gen_ai.output.messages": "messages", "gen_ai.tool.call.result": "output"])
  }

  /// What was said, where that is noted: as JSON, unless it was cut.
  private static func content(of span: Span, _ names: [String: String]) -> JSON {
    let members = names.compactMap { attribute, name in
      span.attributes[attribute]?.string.map { (name, (try? JSON(parsing: $0)) ?? .string($0)) }
    }
    return .object(Dictionary(members) { first, _ in first })
  }

  private static func metadata(of span: Span, _ run: Identifier<Run>) -> JSON {
    var metadata = span.attributes.filter { name, _ in
      ![
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.call.arguments",
        "gen_ai.tool.call.result",
        "gen_ai.retrieval.query.text",
      ].contains(name)
    }
    metadata["run_id"] = .string(run.description)
    metadata["ls_provider"] = span.attributes["gen_ai.provider.name"]
    metadata["ls_model_name"] = span.attributes["gen_ai.request.model"]
    if let input = span.attributes["gen_ai.usage.input_tokens"]?.integer,
      let output = span.attributes["gen_ai.usage.output_tokens"]?.integer
    {
      metadata["usage_metadata"] = [
        "input_tokens": .integer(input), "output_tokens": .integer(output),
        "total_tokens": .integer(input + output),
      ]
    }
    return .object(metadata)
  }

  /// `20261125T004709123456Z`
  private static func moment(_ time: Timestamp) -> String {
    time.description.filter { $0 != "-" && $0 != ":" && $0 != "." }
  }

  // MARK: Ids

  /// The run's own for its root; for others the first half of that and the span's, as a UUID of version 8.
  private static func id(of span: Span, in run: Identifier<Run>) -> String {
    guard span.id != Trace.rootID(of: run) else { return run.description }
    return uuid(Array(run.description.filter { $0 != "-" }.prefix(16) + span.id.description))
  }

  private static func id(of text: String) -> String {
    let digest = SHA256.hash(data: Data(text.utf8)).prefix(16)
    return uuid(Array(digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()))
  }

  private static func uuid(_ hex: [Character]) -> String {
    var hex = hex
    (hex[12], hex[16]) = ("8", "8")
    let parts = [hex[..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20...]]
    return parts.map { String($0) }.joined(separator: "-")
  }
}
