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
  private var thoughts: [Thought] = []
  private var pictures: [JSON] = []
  private var textScalars = 0
  /// Which entry of the catalogue answered, if not the one that was asked.
  private(set) var answeredBy: String?
  /// Whether nobody was asked.
  private(set) var isCached = false
  private let asked = ContinuousClock.now
  /// From the question to the first piece of what is said, called or thought.
  private(set) var firstPieceSeconds: Double?

  init(id: String) {
    self.id = id
    partial = PartialMessage(id: id)
  }

  var finishReason: String? { metadata["finish_reason"]?.string }
  /// What the vendor calls the model that answered.
  var modelName: String? { metadata["model_name"]?.string }

  /// Takes a piece in; returns what watchers see of it.
  mutating func take(_ event: ModelEvent) -> MessageDelta? {
    if firstPieceSeconds == nil, event.isPiece {
      firstPieceSeconds = (ContinuousClock.now - asked) / .seconds(1)
    }
    switch event {
    case .text(let text):
      textScalars += text.unicodeScalars.count
      return append(MessageDelta(id: id, text: text))
    case .toolCall(let piece):
      return append(MessageDelta(id: id, toolCalls: [piece]))
    case .citations(let found):
      citations += found
    case .thought(var thought):
      thought.after = textScalars
      thoughts.append(thought)
    case .image(let type, let data):
      pictures.append(["type": "image_url", "image_url": ["url": .string("data:\(type);base64,\(data)")]])
    case .usage(let tokens):
      usage = tokens
    case .answered(let name, let isCached):
      (answeredBy, self.isCached) = (name, isCached)
      metadata[isCached ? "cached" : "answered_by"] = isCached ? true : .string(name)
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

  /// What the call took, reckoned from the texts when the vendor has not said; nil when nothing came at all.
  func use(asked request: ChatRequest) -> (usage: TokenUsage, isEstimated: Bool)? {
    if isCached { return (TokenUsage(inputTokens: 0, outputTokens: 0), false) }
    if let usage, usage.outputTokens > 0 || partial.isEmpty { return (usage, false) }
    guard usage != nil || !partial.isEmpty else { return nil }
    let input = usage?.inputTokens ?? TokenEstimate.tokens(in: request)
    let output = TokenEstimate.tokens(in: partial.finished)
    return (TokenUsage(inputTokens: input, outputTokens: output), true)
  }

  private func decorated(_ plain: Message) -> Message {
    var message = plain
    message.responseMetadata = metadata
    message.usage = usage
    message.thoughts = thoughts
    if !pictures.isEmpty {
      let text = plain.text
      message.content = .array((text.isEmpty ? [] : [["type": "text", "text": .string(text)]]) + pictures)
    }
    if !citations.isEmpty, let list = try? JSON(encoding: citations) {
      message.additionalKwargs["citations"] = list
    }
    return message
  }
}

extension ModelEvent {
  /// Whether it is a part of the answer itself.
  fileprivate var isPiece: Bool {
    switch self {
    case .text, .toolCall, .thought, .image: true
    case .citations, .usage, .answered, .finished: false
    }
  }
}

extension ModelError {
  var isCancelled: Bool {
    if case .cancelled = self { true } else { false }
  }
}
