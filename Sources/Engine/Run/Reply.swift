import Conversation
import Providers

/// A model's reply as it comes in.
struct Reply: Sendable {
  /// `finish_reason` of a reply that a failure, or a person, cut.
  static let cutReason = "interrupted"
  static let cancelledReason = "cancelled"

  let id: String
  private var partial: PartialMessage
  private var citations: [Citation] = []
  private var usage: TokenUsage?
  private var metadata: [String: JSON] = [:]

  init(id: String) {
    self.id = id
    partial = PartialMessage(id: id)
  }

  /// Takes a piece in; returns what watchers see of it.
  mutating func take(_ event: ModelEvent) -> MessageDelta? {
    switch event {
    case .text(let text):
      return append(MessageDelta(id: id, text: text))
    case .toolCall(let piece):
      return append(MessageDelta(id: id, toolCalls: [piece]))
    case .citations(let found):
      citations += found
    case .usage(let tokens):
      usage = tokens
    case .finished(let reason, let model):
      metadata["finish_reason"] = .string(reason)
      if let model { metadata["model_name"] = .string(model) }
    }
    return nil
  }

  private mutating func append(_ delta: MessageDelta) -> MessageDelta {
    partial.append(delta)
    return delta
  }

  var finished: Message {
    decorated(partial.finished)
  }

  /// What is worth keeping when the reply was cut: its text; nil when there is none yet.
  func cut(by error: ModelError) -> Message? {
    var message = decorated(partial.textOnly)
    guard !message.text.isEmpty else { return nil }
    message.responseMetadata["finish_reason"] =
      .string(error.isCancelled ? Self.cancelledReason : Self.cutReason)
    return message
  }

  private func decorated(_ plain: Message) -> Message {
    var message = plain
    message.responseMetadata = metadata
    message.usage = usage
    if !citations.isEmpty, let list = try? JSON(encoding: citations) {
      message.additionalKwargs["citations"] = list
    }
    return message
  }
}

extension ModelError {
  var isCancelled: Bool {
    if case .cancelled = self { true } else { false }
  }
}
