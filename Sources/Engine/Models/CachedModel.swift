import Conversation
import Crypto
import Foundation
import Logging
import Providers
import Store

/// A model that answers the same question as it did before, from the store, without being asked.
///
/// The same is what the model would read, to the letter: its definition, the instructions, what was said and
/// found, the tools and the stop texts; not who asks, nor the ids of messages. Only whole answers are kept.
struct CachedModel: ChatModel {
  let model: any ChatModel
  let definition: ModelDefinition
  let store: Store
  let logger: Logger

  func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
    let key = Self.key(of: request, to: definition)
    if let key, let kept = await kept(key) {
      await receive(.answered(by: definition.name, isCached: true))
      for event in kept.events { await receive(event) }
      return
    }
    var answer = KeptAnswer()
    try await model.reply(to: request) { event in
      answer.take(event)
      await receive(event)
    }
    if let key { await keep(answer, under: key) }
  }

  /// A cache that cannot be read or written is as good as none.
  private func kept(_ key: String) async -> KeptAnswer? {
    do {
      return try await store.modelResponse(key)?.decoded(as: KeptAnswer.self)
    } catch {
      logger.warning("a kept answer cannot be read", metadata: ["cause": "\(error)"])
      return nil
    }
  }

  private func keep(_ answer: KeptAnswer, under key: String) async {
    guard answer.isWhole else { return }
    do {
      try await store.keepModelResponse(try JSON(encoding: answer), under: key)
    } catch {
      logger.warning("an answer cannot be kept", metadata: ["cause": "\(error)"])
    }
  }

  /// SHA-256 in hex.
  static func key(of request: ChatRequest, to definition: ModelDefinition) -> String? {
    guard let model = try? JSON(encoding: definition) else { return nil }
    let messages = request.messages.map { message -> JSON in
      [
        "role": .string(message.role.rawValue), "content": message.content,
        "name": .string(message.name ?? ""),
        "calls": .array(message.toolCalls.map { [.string($0.name), $0.arguments, .string($0.id)] }),
        "answers": .string(message.toolCallID ?? ""),
        "thoughts": message.additionalKwargs[Message.thoughtsKey] ?? nil,
      ]
    }
    let tools = request.tools.map { tool -> JSON in
      [.string(tool.name), .string(tool.description), tool.parameters]
    }
    let question: JSON = [
      model, .string(request.system ?? ""), .array(messages), .array(tools),
      .array(request.stop.map(JSON.string)),
    ]
    return SHA256.hash(data: Data(question.text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined()
  }
}

/// A whole answer as it is kept: what it said, called and thought. What it cost is not, as it costs nothing now.
struct KeptAnswer: Codable {
  private var text = ""
  private var calls: [ToolCallDelta] = []
  private var thoughts: [Thought] = []
  private var reason: String?
  private var model: String?
  /// A picture, or another model's answer, is not kept.
  private var isForeign = false

  var isWhole: Bool { reason != nil && reason != "length" && !isForeign }

  mutating func take(_ event: ModelEvent) {
    switch event {
    case .text(let piece): text += piece
    case .toolCall(let piece): calls.append(piece)
    case .thought(let thought): thoughts.append(thought)
    case .finished(let reason, let model): (self.reason, self.model) = (reason, model)
    case .image, .citations, .answered: isForeign = true
    case .usage: break
    }
  }

  var events: [ModelEvent] {
    let said =
      thoughts.map(ModelEvent.thought) + (text.isEmpty ? [] : [.text(text)]) + calls.map(ModelEvent.toolCall)
    return said + [
      .usage(TokenUsage(inputTokens: 0, outputTokens: 0)), .finished(reason: reason ?? "stop", model: model),
    ]
  }
}
