import Conversation
import Foundation
import Transport

/// Reads the events of a Converse stream.
struct BedrockStreamReader: StreamReader {
  typealias Framing = AWSEventStream

  static let vendor = "bedrock"

  /// The figures come after the stop, and are the last.
  private(set) var isDone = false
  private var stopReason: String?
  private var usage: TokenUsage?
  private var thoughts: [Int: Thought] = [:]
  /// Which call of the message a block is.
  private var calls: [Int: Int] = [:]

  mutating func read(_ frame: AWSEvent) throws(ModelError) -> [ModelEvent] {
    guard frame.headers[":message-type"] == "event" else { throw Self.failure(frame) }
    guard let event = try? JSONDecoder().decode(Event.self, from: Data(frame.payload)) else {
      let start = String(decoding: frame.payload.prefix(200), as: UTF8.self)
      throw .malformed("an event of the stream is none of Converse: \(start)")
    }
    switch frame.headers[":event-type"] {
    case "contentBlockStart": return start(event)
    case "contentBlockDelta": return try grow(event)
    case "contentBlockStop":
      return event.contentBlockIndex.flatMap { thoughts.removeValue(forKey: $0) }.map { [.thought($0)] } ?? []
    case "messageStop": stopReason = event.stopReason ?? "end_turn"
    case "metadata":
      usage = event.usage?.tokenUsage
      isDone = true
    default: break  // `messageStart`, and what may come later.
    }
    return []
  }

  private static func failure(_ frame: AWSEvent) -> ModelError {
    let exception = frame.headers[":exception-type"] ?? frame.headers[":error-code"] ?? "an error"
    let message =
      (try? JSON(parsing: frame.payload))?["message"]?.string ?? frame.headers[":error-message"] ?? ""
    return Refusals.bedrock(exception: exception, message: message)
  }

  private mutating func start(_ event: Event) -> [ModelEvent] {
    guard let index = event.contentBlockIndex, let use = event.start?.toolUse else { return [] }
    calls[index] = calls.count
    return [.toolCall(ToolCallDelta(index: calls.count - 1, id: use.toolUseId, name: use.name))]
  }

  private mutating func grow(_ event: Event) throws(ModelError) -> [ModelEvent] {
    guard let index = event.contentBlockIndex, let delta = event.delta else {
      throw .malformed("a piece comes without the number of its block")
    }
    if let text = delta.text { return [.text(text)] }
    if let piece = delta.toolUse {
      guard let call = calls[index] else { throw .malformed("arguments come for a call that never began") }
      return [.toolCall(ToolCallDelta(index: call, arguments: piece.input ?? ""))]
    }
    if let piece = delta.reasoningContent {
      var thought = thoughts[index] ?? Thought(vendor: Self.vendor)
      thought.text += piece.text ?? ""
      if let signature = piece.signature { thought.signature = (thought.signature ?? "") + signature }
      if let redacted = piece.redactedContent { thought.redacted = (thought.redacted ?? "") + redacted }
      thoughts[index] = thought
    }
    return []
  }

  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard let stopReason else { throw .cut(cause: "the stream ended without messageStop") }
    return (usage.map { [.usage($0)] } ?? []) + [.finished(reason: Self.reason(stopReason), model: nil)]
  }

  private static func reason(_ reason: String) -> String {
    switch reason {
    case "tool_use": "tool_calls"
    case "max_tokens", "model_context_window_exceeded": "length"
    case "guardrail_intervened", "content_filtered", "refusal": "content_filter"
    default: "stop"  // end_turn, stop_sequence
    }
  }
}

// MARK: Wire shapes

private struct Event: Decodable {
  var contentBlockIndex: Int?
  var start: Start?
  var delta: Delta?
  var stopReason: String?
  var usage: Counts?

  struct Start: Decodable {
    var toolUse: Use?
  }

  struct Use: Decodable {
    var toolUseId: String?
    var name: String?
  }

  struct Delta: Decodable {
    var text: String?
    var toolUse: Piece?
    var reasoningContent: Reasoning?
  }

  struct Piece: Decodable {
    var input: String?
  }

  struct Reasoning: Decodable {
    var text: String?
    var signature: String?
    var redactedContent: String?
  }
}

private struct Counts: Decodable {
  var inputTokens: Int?
  var outputTokens: Int?
  var totalTokens: Int?
  var cacheReadInputTokens: Int?
  var cacheWriteInputTokens: Int?

  /// Cached input is counted apart from the rest.
  var tokenUsage: TokenUsage {
    let parts = [inputTokens, cacheReadInputTokens, cacheWriteInputTokens].map {
      min(max($0 ?? 0, 0), 1 << 40)
    }
    return TokenUsage(
      inputTokens: parts.reduce(0, +), outputTokens: outputTokens ?? 0, totalTokens: totalTokens,
      cacheReadTokens: parts[1], cacheWriteTokens: parts[2])
  }
}
