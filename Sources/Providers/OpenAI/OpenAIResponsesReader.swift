import Conversation
import Foundation
import Transport

/// Reads the events of a streamed response.
/// Source: developers.openai.com/api/docs/api-reference/responses-streaming, November 2026.
struct OpenAIResponsesReader: StreamReader {
  typealias Framing = ServerSentEventParser

  static let vendor = "openai-responses"

  private(set) var isDone = false
  private var ending: [ModelEvent] = []
  /// Which call of the message an item of the response is.
  private var calls: [Int: Int] = [:]

  mutating func read(_ frame: ServerSentEvent) throws(ModelError) -> [ModelEvent] {
    guard let event = try? JSONDecoder().decode(Event.self, from: Data(frame.data.utf8)) else {
      throw .malformed("an event of the stream is none of a response: \(frame.data.prefix(200))")
    }
    switch event.type {
    case "response.output_text.delta", "response.refusal.delta": return [.text(event.delta ?? "")]
    case "response.output_item.added": return begin(event)
    case "response.function_call_arguments.delta":
      guard let call = event.outputIndex.flatMap({ calls[$0] }) else {
        throw .malformed("arguments come for a call that never began")
      }
      return [.toolCall(ToolCallDelta(index: call, arguments: event.delta ?? ""))]
    case "response.output_item.done": return thought(event.item)
    case "response.completed", "response.incomplete": finish(event.response)
    case "response.failed": throw Self.failure(event.response?.error ?? nil)
    case "error": throw Self.failure(event.error ?? ["message": .string(event.message ?? "no reason given")])
    default: break  // Parts, items and whole texts once more, and what may come later.
    }
    return []
  }

  private mutating func begin(_ event: Event) -> [ModelEvent] {
    guard let item = event.item, item.type == "function_call", let place = event.outputIndex else {
      return []
    }
    calls[place] = calls.count
    return [
      .toolCall(
        ToolCallDelta(
          index: calls.count - 1, id: item.callID, name: item.name, arguments: item.arguments ?? ""))
    ]
  }

  /// The id stands where others have their signature: both prove whose the thought is.
  fileprivate func thought(_ item: Event.Item?) -> [ModelEvent] {
    guard let item, item.type == "reasoning" else { return [] }
    let text = (item.summary ?? []).compactMap(\.text).joined(separator: "\n")
    return [
      .thought(
        Thought(vendor: Self.vendor, text: text, signature: item.id, redacted: item.encryptedContent))
    ]
  }

  private mutating func finish(_ response: Event.Response?) {
    isDone = true
    let usage = response?.usage.map { [ModelEvent.usage($0.tokenUsage)] } ?? []
    let reason: String =
      switch response?.incompleteDetails?.reason {
      case nil: calls.isEmpty ? "stop" : "tool_calls"
      case "content_filter": "content_filter"
      default: "length"
      }
    ending = usage + [.finished(reason: reason, model: response?.model)]
  }

  private static func failure(_ error: JSON) -> ModelError {
    switch error["code"]?.string {
    case "rate_limit_exceeded":
      .rateLimited(retryAfterSeconds: RetryHint.seconds(inWords: error["message"]?.string))
    case "server_error": .unavailable(status: 500)
    case "context_length_exceeded": .contextTooLong
    default: Refusals.openAI(inStream: error)
    }
  }

  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard isDone else { throw .cut(cause: "the stream ended without response.completed") }
    return ending
  }
}

private struct Event: Decodable {
  var type: String
  var delta: String?
  var outputIndex: Int?
  var item: Item?
  var response: Response?
  var error: JSON?
  var message: String?

  enum CodingKeys: String, CodingKey {
    case type, delta, item, response, error, message
    case outputIndex = "output_index"
  }

  struct Item: Decodable {
    var type: String
    var id: String?
    var callID: String?
    var name: String?
    var arguments: String?
    var summary: [Summary]?
    var encryptedContent: String?

    enum CodingKeys: String, CodingKey {
      case type, id, name, arguments, summary
      case callID = "call_id"
      case encryptedContent = "encrypted_content"
    }
  }

  struct Summary: Decodable {
    var text: String?
  }

  struct Response: Decodable {
    var model: String?
    var usage: Counts?
    var error: JSON?
    var incompleteDetails: Details?

    enum CodingKeys: String, CodingKey {
      case model, usage, error
      case incompleteDetails = "incomplete_details"
    }
  }

  struct Details: Decodable {
    var reason: String?
  }
}

private struct Counts: Decodable {
  var inputTokens: Int?
  var outputTokens: Int?
  var totalTokens: Int?
  var inputDetails: InputDetails?
  var outputDetails: OutputDetails?

  enum CodingKeys: String, CodingKey {
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case inputDetails = "input_tokens_details"
    case outputDetails = "output_tokens_details"
  }

  struct InputDetails: Decodable {
    var cachedTokens: Int?

    enum CodingKeys: String, CodingKey {
      case cachedTokens = "cached_tokens"
    }
  }

  struct OutputDetails: Decodable {
    var reasoningTokens: Int?

    enum CodingKeys: String, CodingKey {
      case reasoningTokens = "reasoning_tokens"
    }
  }

  var tokenUsage: TokenUsage {
    TokenUsage(
      inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, totalTokens: totalTokens,
      cacheReadTokens: inputDetails?.cachedTokens ?? 0, reasoningTokens: outputDetails?.reasoningTokens ?? 0)
  }
}
