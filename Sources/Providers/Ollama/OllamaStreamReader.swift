import Conversation
import Foundation
import Transport

/// Reads the lines of a streamed chat.
struct OllamaStreamReader: StreamReader {
  typealias Framing = LineSplitter

  static let vendor = "ollama"

  private(set) var isDone = false
  private var ending: [ModelEvent] = []
  private var callCount = 0
  private var thought = ""

  mutating func read(_ frame: [UInt8]) throws(ModelError) -> [ModelEvent] {
    guard let line = try? JSONDecoder().decode(Line.self, from: Data(frame)) else {
      throw .malformed(
        "a line of the stream is no chat: \(String(decoding: frame.prefix(200), as: UTF8.self))")
    }
    if let error = line.error { throw .cut(cause: "the server reported: \(error.prefix(400))") }
    var events = pieces(of: line.message)
    guard line.done == true else { return events }
    isDone = true
    events += thoughtSoFar()
    ending = [
      .usage(TokenUsage(inputTokens: line.promptEvalCount ?? 0, outputTokens: line.evalCount ?? 0)),
      .finished(reason: reason(line.doneReason), model: line.model),
    ]
    return events
  }

  private mutating func pieces(of message: Line.Message?) -> [ModelEvent] {
    guard let message else { return [] }
    thought += message.thinking ?? ""
    var events: [ModelEvent] = []
    if let text = message.content, !text.isEmpty { events = thoughtSoFar() + [.text(text)] }
    // Calls come whole and without ids.
    for call in message.toolCalls ?? [] {
      events += thoughtSoFar()
      events.append(
        .toolCall(
          ToolCallDelta(
            index: callCount, id: "call_\(Message.newID().prefix(8))", name: call.function.name,
            arguments: (call.function.arguments ?? [:]).text)))
      callCount += 1
    }
    return events
  }

  private mutating func thoughtSoFar() -> [ModelEvent] {
    guard !thought.isEmpty else { return [] }
    defer { thought = "" }
    return [.thought(Thought(vendor: Self.vendor, text: thought))]
  }

  /// The reason is `stop` after calls too.
  private func reason(_ reason: String?) -> String {
    switch reason {
    case "length": "length"
    default: callCount > 0 ? "tool_calls" : "stop"
    }
  }

  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard isDone else { throw .cut(cause: "the stream ended before the last line") }
    return ending
  }
}

private struct Line: Decodable {
  var model: String?
  var message: Message?
  var done: Bool?
  var doneReason: String?
  var promptEvalCount: Int?
  var evalCount: Int?
  var error: String?

  enum CodingKeys: String, CodingKey {
    case model, message, done, error
    case doneReason = "done_reason"
    case promptEvalCount = "prompt_eval_count"
    case evalCount = "eval_count"
  }

  struct Message: Decodable {
    var content: String?
    var thinking: String?
    var toolCalls: [Call]?

    enum CodingKeys: String, CodingKey {
      case content, thinking
      case toolCalls = "tool_calls"
    }
  }

  struct Call: Decodable {
    var function: Function

    struct Function: Decodable {
      var name: String
      var arguments: JSON?
    }
  }
}
