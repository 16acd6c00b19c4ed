import Conversation
import Foundation
import Transport

/// Reads the events of a streamed completion into pieces of a reply.
struct OpenAIStreamReader: StreamReader {
  typealias Framing = ServerSentEventParser

  static let vendor = "openai"

  /// The server has said that nothing follows.
  private(set) var isDone = false
  private var finishReason: String?
  private var model: String?
  private var usage: TokenUsage?
  private var thought = ""

  /// - Parameter frame: an event whose data is a chunk, or `[DONE]`.
  mutating func read(_ frame: ServerSentEvent) throws(ModelError) -> [ModelEvent] {
    if frame.data == "[DONE]" {
      isDone = true
      return []
    }
    guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(frame.data.utf8)) else {
      throw .malformed("an event of the stream is no chunk of a completion: \(frame.data.prefix(200))")
    }
    if let error = chunk.error { throw Refusals.openAI(inStream: error) }
    model = model ?? chunk.model
    if let counts = chunk.usage { usage = counts.tokenUsage }
    guard let choice = chunk.choices?.first else { return [] }
    finishReason = choice.finishReason ?? finishReason
    thought += choice.delta?.reasoningContent ?? choice.delta?.reasoning ?? ""
    let events = choice.delta?.events ?? []
    return events.isEmpty ? [] : thoughtSoFar() + events
  }

  /// What is left to say when the stream has ended.
  /// - Throws: `.cut`, when it ended before the reply did.
  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard isDone || finishReason != nil else { throw .cut(cause: "the stream ended without a finish reason") }
    let finished = ModelEvent.finished(reason: finishReason ?? "stop", model: model)
    return thoughtSoFar() + (usage.map { [.usage($0)] } ?? []) + [finished]
  }

  /// A thought is whole when the model begins to speak.
  private mutating func thoughtSoFar() -> [ModelEvent] {
    guard !thought.isEmpty else { return [] }
    defer { thought = "" }
    return [.thought(Thought(vendor: Self.vendor, text: thought))]
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
}

private struct Counts: Decodable {
  var promptTokens: Int?
  var completionTokens: Int?
  var totalTokens: Int?
  var promptDetails: PromptDetails?
  var completionDetails: CompletionDetails?
  /// DeepSeek's own.
  var cacheHitTokens: Int?

  enum CodingKeys: String, CodingKey {
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
    case totalTokens = "total_tokens"
    case promptDetails = "prompt_tokens_details"
    case completionDetails = "completion_tokens_details"
    case cacheHitTokens = "prompt_cache_hit_tokens"
  }

  struct PromptDetails: Decodable {
    var cachedTokens: Int?
    var cacheWriteTokens: Int?

    enum CodingKeys: String, CodingKey {
      case cachedTokens = "cached_tokens"
      case cacheWriteTokens = "cache_write_tokens"
    }
  }

  struct CompletionDetails: Decodable {
    var reasoningTokens: Int?

    enum CodingKeys: String, CodingKey {
      case reasoningTokens = "reasoning_tokens"
    }
  }

  var tokenUsage: TokenUsage {
    TokenUsage(
      inputTokens: promptTokens ?? 0, outputTokens: completionTokens ?? 0, totalTokens: totalTokens,
      cacheReadTokens: promptDetails?.cachedTokens ?? cacheHitTokens ?? 0,
      cacheWriteTokens: promptDetails?.cacheWriteTokens ?? 0,
      reasoningTokens: completionDetails?.reasoningTokens ?? 0)
  }
}

private struct Delta: Decodable {
  var content: String?
  var refusal: String?
  var toolCalls: [Call]?
  /// DeepSeek, vLLM and llama.cpp call it the one, OpenRouter and Groq the other.
  var reasoningContent: String?
  var reasoning: String?
  /// OpenRouter's way to send pictures.
  var images: [Picture]?

  enum CodingKeys: String, CodingKey {
    case content, refusal, reasoning, images
    case toolCalls = "tool_calls"
    case reasoningContent = "reasoning_content"
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

  struct Picture: Decodable {
    var address: Address?

    enum CodingKeys: String, CodingKey {
      case address = "image_url"
    }

    struct Address: Decodable {
      var url: String
    }
  }

  var events: [ModelEvent] {
    let text = (content ?? "") + (refusal ?? "")
    let calls = (toolCalls ?? []).enumerated().map { place, call in
      ModelEvent.toolCall(
        ToolCallDelta(
          index: call.index ?? place, id: call.id, name: call.function?.name,
          arguments: call.function?.arguments ?? ""))
    }
    let pictures = (images ?? []).compactMap(\.address?.url).compactMap { url -> ModelEvent? in
      guard case .image(let type, let data) = MessagePart.picture(at: url) else { return nil }
      return .image(mediaType: type, data: data)
    }
    return (text.isEmpty ? [] : [.text(text)]) + calls + pictures
  }
}
