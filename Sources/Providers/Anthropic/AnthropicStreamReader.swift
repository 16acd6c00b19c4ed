import Conversation
import Foundation
import Transport

/// Reads the events of a streamed message.
/// Source: platform.claude.com/docs/en/build-with-claude/streaming, November 2026.
struct AnthropicStreamReader: StreamReader {
  typealias Framing = ServerSentEventParser

  static let vendor = "anthropic"

  private(set) var isDone = false
  private var model: String?
  private var stopReason: String?
  private var counts = Counts()
  private var thoughts: [Int: Thought] = [:]
  /// Which call of the message a block is.
  private var calls: [Int: Int] = [:]

  mutating func read(_ frame: ServerSentEvent) throws(ModelError) -> [ModelEvent] {
    guard let event = try? JSONDecoder().decode(Event.self, from: Data(frame.data.utf8)) else {
      throw .malformed("an event of the stream is none of the Messages API: \(frame.data.prefix(200))")
    }
    switch event.type {
    case "message_start":
      model = event.message?.model
      counts.take(event.message?.usage)
      // What was read is paid for even if the reply is cut.
      return [.usage(counts.usage)]
    case "content_block_start": return try start(event)
    case "content_block_delta": return try grow(event)
    case "content_block_stop":
      return event.index.flatMap { thoughts.removeValue(forKey: $0) }.map { [.thought($0)] } ?? []
    case "message_delta":
      stopReason = event.delta?.stopReason ?? stopReason
      counts.take(event.usage)
    case "message_stop": isDone = true
    case "error": throw Refusals.anthropic(inStream: event.error ?? nil)
    default: break  // `ping`, and what the API says may come later.
    }
    return []
  }

  private mutating func start(_ event: Event) throws(ModelError) -> [ModelEvent] {
    guard let index = event.index, let block = event.contentBlock else {
      throw .malformed("a block begins without a number or a kind")
    }
    switch block.type {
    case "tool_use":
      calls[index] = calls.count
      return [.toolCall(ToolCallDelta(index: calls.count - 1, id: block.id, name: block.name))]
    case "thinking":
      thoughts[index] = Thought(vendor: Self.vendor, text: block.thinking ?? "", signature: block.signature)
    case "redacted_thinking":
      thoughts[index] = Thought(vendor: Self.vendor, redacted: block.data)
    default: break
    }
    return block.text.flatMap { $0.isEmpty ? nil : [.text($0)] } ?? []
  }

  private mutating func grow(_ event: Event) throws(ModelError) -> [ModelEvent] {
    guard let index = event.index, let delta = event.delta else {
      throw .malformed("a piece comes without the number of its block")
    }
    switch delta.type {
    case "text_delta": return [.text(delta.text ?? "")]
    case "input_json_delta":
      guard let call = calls[index] else { throw .malformed("arguments come for a call that never began") }
      return [.toolCall(ToolCallDelta(index: call, arguments: delta.partialJSON ?? ""))]
    case "thinking_delta": thoughts[index]?.text += delta.thinking ?? ""
    case "signature_delta":
      let before = thoughts[index]?.signature ?? ""
      thoughts[index]?.signature = before + (delta.signature ?? "")
    default: break
    }
    return []
  }

  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard let stopReason, isDone else { throw .cut(cause: "the stream ended without message_stop") }
    return [.usage(counts.usage), .finished(reason: Self.reason(stopReason), model: model)]
  }

  private static func reason(_ reason: String) -> String {
    switch reason {
    case "tool_use": "tool_calls"
    case "max_tokens", "model_context_window_exceeded": "length"
    case "refusal": "content_filter"
    default: "stop"  // end_turn, stop_sequence, pause_turn
    }
  }
}

// MARK: Wire shapes

private struct Event: Decodable {
  var type: String
  var index: Int?
  var message: Opening?
  var contentBlock: Block?
  var delta: Delta?
  var usage: WireUsage?
  var error: JSON?

  enum CodingKeys: String, CodingKey {
    case type, index, message, delta, usage, error
    case contentBlock = "content_block"
  }

  struct Opening: Decodable {
    var model: String?
    var usage: WireUsage?
  }

  struct Block: Decodable {
    var type: String
    var id: String?
    var name: String?
    var text: String?
    var thinking: String?
    var signature: String?
    var data: String?
  }

  struct Delta: Decodable {
    var type: String?
    var text: String?
    var thinking: String?
    var signature: String?
    var partialJSON: String?
    var stopReason: String?

    enum CodingKeys: String, CodingKey {
      case type, text, thinking, signature
      case partialJSON = "partial_json"
      case stopReason = "stop_reason"
    }
  }
}

private struct WireUsage: Decodable {
  var inputTokens: Int?
  var outputTokens: Int?
  var cacheRead: Int?
  var cacheCreation: Int?

  enum CodingKeys: String, CodingKey {
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case cacheRead = "cache_read_input_tokens"
    case cacheCreation = "cache_creation_input_tokens"
  }
}

/// Each event repeats the counts so far; cached input is counted apart from the rest.
private struct Counts {
  private var input = 0
  private var output = 0
  private var cacheRead = 0
  private var cacheCreation = 0

  mutating func take(_ wire: WireUsage?) {
    input = wire?.inputTokens ?? input
    output = wire?.outputTokens ?? output
    cacheRead = wire?.cacheRead ?? cacheRead
    cacheCreation = wire?.cacheCreation ?? cacheCreation
  }

  var usage: TokenUsage {
    let parts = [input, cacheRead, cacheCreation].map { min(max($0, 0), 1 << 40) }
    return TokenUsage(
      inputTokens: parts.reduce(0, +), outputTokens: output, cacheReadTokens: parts[1],
      cacheWriteTokens: parts[2])
  }
}
