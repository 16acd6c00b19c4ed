import Conversation
import Foundation
import Transport

/// Reads the events of a streamed `GenerateContentResponse`. Nothing marks the end but a finish reason.
struct GeminiStreamReader: StreamReader {
  typealias Framing = ServerSentEventParser

  static let vendor = "google"

  let isDone = false
  private var finishReason: String?
  private var model: String?
  private var usage: TokenUsage?
  private var callCount = 0
  private var thought = ""

  mutating func read(_ frame: ServerSentEvent) throws(ModelError) -> [ModelEvent] {
    guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(frame.data.utf8)) else {
      throw .malformed("an event of the stream is no part of a response: \(frame.data.prefix(200))")
    }
    if let error = chunk.error {
      throw Refusals.gemini(inStream: error)
    }
    model = model ?? chunk.modelVersion
    if let counts = chunk.usageMetadata { usage = counts.tokenUsage }
    if chunk.promptFeedback?.blockReason != nil { finishReason = "content_filter" }
    guard let candidate = chunk.candidates?.first else { return [] }
    let events = (candidate.content?.parts ?? []).flatMap { read($0) }
    if let reason = candidate.finishReason { finishReason = Self.reason(reason, hasCalls: callCount > 0) }
    return events
  }

  /// Thoughts come in pieces and end with the first part of another kind; a signature stands on that part.
  private mutating func read(_ part: Part) -> [ModelEvent] {
    if part.thought == true {
      thought += part.text ?? ""
      return []
    }
    if let call = part.functionCall { return self.call(call, signature: part.thoughtSignature) }
    var events = thoughtSoFar(signature: nil)
    if let text = part.text, !text.isEmpty { events.append(.text(text)) }
    if let picture = part.inlineData, picture.mimeType.hasPrefix("image/") {
      events.append(.image(mediaType: picture.mimeType, data: picture.data))
    }
    if let signature = part.thoughtSignature {
      events.append(.thought(Thought(vendor: Self.vendor, signature: signature)))
    }
    return events
  }

  /// Calls come whole. Vertex gives them no ids, so all get one of ours.
  private mutating func call(_ call: Part.Call, signature: String?) -> [ModelEvent] {
    let id = call.id ?? "call_\(Message.newID().prefix(8))"
    var events: [ModelEvent] = []
    if signature != nil || !thought.isEmpty {
      events.append(
        .thought(Thought(vendor: Self.vendor, text: thought, signature: signature, callID: id)))
      thought = ""
    }
    events.append(
      .toolCall(
        ToolCallDelta(index: callCount, id: id, name: call.name, arguments: (call.args ?? [:]).text)))
    callCount += 1
    return events
  }

  private mutating func thoughtSoFar(signature: String?) -> [ModelEvent] {
    guard !thought.isEmpty else { return [] }
    defer { thought = "" }
    return [.thought(Thought(vendor: Self.vendor, text: thought, signature: signature))]
  }

  mutating func end() throws(ModelError) -> [ModelEvent] {
    guard let finishReason else { throw .cut(cause: "the stream ended without a finish reason") }
    return thoughtSoFar(signature: nil) + (usage.map { [.usage($0)] } ?? [])
      + [.finished(reason: finishReason, model: model)]
  }

  private static func reason(_ reason: String, hasCalls: Bool) -> String {
    switch reason {
    case "STOP": hasCalls ? "tool_calls" : "stop"
    case "MAX_TOKENS": "length"
    case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE":
      "content_filter"
    default: "stop"
    }
  }
}

// MARK: Wire shapes

private struct Chunk: Decodable {
  var candidates: [Candidate]?
  var promptFeedback: Feedback?
  var usageMetadata: Counts?
  var modelVersion: String?
  var error: JSON?

  struct Candidate: Decodable {
    var content: Content?
    var finishReason: String?
  }

  struct Content: Decodable {
    var parts: [Part]?
  }

  struct Feedback: Decodable {
    var blockReason: String?
  }
}

private struct Part: Decodable {
  var text: String?
  var thought: Bool?
  var thoughtSignature: String?
  var functionCall: Call?
  var inlineData: Picture?

  struct Call: Decodable {
    var id: String?
    var name: String
    var args: JSON?
  }

  struct Picture: Decodable {
    var mimeType: String
    var data: String
  }
}

private struct Counts: Decodable {
  var promptTokenCount: Int?
  var candidatesTokenCount: Int?
  var thoughtsTokenCount: Int?
  var cachedContentTokenCount: Int?
  var totalTokenCount: Int?

  /// Thoughts are billed as output, and counted apart from it.
  var tokenUsage: TokenUsage {
    let thoughts = min(max(thoughtsTokenCount ?? 0, 0), 1 << 40)
    let spoken = min(max(candidatesTokenCount ?? 0, 0), 1 << 40)
    return TokenUsage(
      inputTokens: promptTokenCount ?? 0, outputTokens: spoken + thoughts, totalTokens: totalTokenCount,
      cacheReadTokens: cachedContentTokenCount ?? 0, reasoningTokens: thoughts)
  }
}
