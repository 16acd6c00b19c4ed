import Conversation
import Foundation

/// Reads the events of a streamed completion into pieces of a reply.
struct OpenAIStreamReader {
  /// The server has said that nothing follows.
  private(set) var isDone = false
  private var finishReason: String?
  private var model: String?
  private var usage: TokenUsage?

  /// - Parameter data: one event's data: a chunk, or `[DONE]`.
  /// - Throws: `.malformed`, or what an error object in the stream amounts to.
  mutating func read(_ data: String) throws(ModelError) -> [ModelEvent] {
    if data == "[DONE]" {
      isDone = true
      return []
    }
    guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(data.utf8)) else {
      throw .malformed("an event of the stream is no chunk of a completion: \(data.prefix(200))")
    }
    if let error = chunk.error { throw OpenAIFailure.error(inStream: error) }
    model = model ?? chunk.model
    if let counts = chunk.usage { usage = counts.tokenUsage }
    guard let choice = chunk.choices?.first else { return [] }
    finishReason = choice.finishReason ?? finishReason
    return choice.delta?.events ?? []
  }

  /// What is left to say when the stream has ended.
  /// - Throws: `.cut`, when it ended before the reply did.
  func end() throws(ModelError) -> [ModelEvent] {
    guard isDone || finishReason != nil else { throw .cut(cause: "the stream ended without a finish reason") }
    let finished = ModelEvent.finished(reason: finishReason ?? "stop", model: model)
    return (usage.map { [.usage($0)] } ?? []) + [finished]
  }
}

// MARK: Wire shapes

private struct Chunk: Decodable {
  var model: String?
  var choices: [Choice]?
  var usage: Counts?
  var error: JSON?

  struct Choice: Decodable {
    var delta: Delta?
    var finishReason: String?

    enum CodingKeys: String, CodingKey {
      case delta
      case finishReason = "finish_reason"
    }
  }

  struct Counts: Decodable {
    var promptTokens: Int?
    var completionTokens: Int?
    var totalTokens: Int?

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case totalTokens = "total_tokens"
    }

    var tokenUsage: TokenUsage {
      TokenUsage(
        inputTokens: promptTokens ?? 0, outputTokens: completionTokens ?? 0, totalTokens: totalTokens)
    }
  }
}

private struct Delta: Decodable {
  var content: String?
  var refusal: String?
  var toolCalls: [Call]?

  enum CodingKeys: String, CodingKey {
    case content, refusal
    case toolCalls = "tool_calls"
  }

  struct Call: Decodable {
    var index: Int?
    var id: String?
    var function: Function?
  }

  struct Function: Decodable {
    var name: String?
    var arguments: String?
  }

  var events: [ModelEvent] {
    let text = (content ?? "") + (refusal ?? "")
    let calls = (toolCalls ?? []).enumerated().map { place, call in
      ModelEvent.toolCall(
        ToolCallDelta(
          index: call.index ?? place, id: call.id, name: call.function?.name,
          arguments: call.function?.arguments ?? ""))
    }
    return (text.isEmpty ? [] : [.text(text)]) + calls
  }
}
