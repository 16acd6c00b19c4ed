package import Conversation

/// How many tokens a text takes, roughly and rather too many: a quarter for each ASCII byte and one for every
/// other character, as tokenizers of 2026 come to on European and Asian texts (measured ones lie up to a
/// fifth below). Good enough to leave room; vendors count exactly.
package enum TokenEstimate {
  /// For a message's role and frame.
  static let perMessage = 6
  /// A picture of a page's size with the vendors that count by area.
  static let perImage = 1_600

  package static func tokens(in text: String) -> Int {
    var ascii = 0
    var others = 0
    for scalar in text.unicodeScalars { if scalar.isASCII { ascii += 1 } else { others += 1 } }
    return (ascii + 3) / 4 + others
  }

  package static func tokens(in message: Message) -> Int {
    let said = message.parts.reduce(0) { sum, part in
      switch part {
      case .text(let text): sum + tokens(in: text)
      case .image, .imageAddress: sum + perImage
      }
    }
    let shown = message.resultPicture == nil ? 0 : perImage
    return perMessage + said + shown
      + message.toolCalls.reduce(0) { $0 + tokens(in: $1.name + $1.arguments.text) }
  }

  package static func tokens(in request: ChatRequest) -> Int {
    let tools = request.tools.reduce(0) {
      $0 + tokens(in: $1.name + $1.description) + tokens(in: $1.parameters.text)
    }
    return tokens(in: request.system ?? "") + tools + request.messages.reduce(0) { $0 + tokens(in: $1) }
  }
}

extension ChatRequest {
  /// The most that is kept free for the answer, when nobody has said how long it may be.
  private static let answerTokens = 8_192

  /// The request cut to what the model reads, if that is known: the oldest turns go first, whole, and then the
  /// oldest calls of the turn that goes on, each with its results. What was asked last always stays.
  func fitting(_ definition: ModelDefinition) -> ChatRequest {
    guard let window = definition.contextTokens else { return self }
    let answer = min(definition.maxOutputTokens ?? Self.answerTokens, window / 2)
    var excess = TokenEstimate.tokens(in: self) - (window - answer)
    guard excess > 0 else { return self }
    var kept = self
    let exchanges = Self.exchanges(of: messages)
    var dropped = Set<Int>()
    for exchange in exchanges where excess > 0 && exchange.mayGo {
      dropped.formUnion(exchange.places)
      excess -= exchange.places.reduce(0) { $0 + TokenEstimate.tokens(in: messages[$1]) }
    }
    kept.messages = messages.indices.filter { !dropped.contains($0) }.map { messages[$0] }
    return kept
  }

  /// Messages that stay or go together.
  private struct Exchange {
    var places: Range<Int>
    var mayGo: Bool
  }

  /// First the turns before the last question, each as one; then, of the turn that goes on, each reply with the
  /// results of its calls, but the last of them.
  private static func exchanges(of messages: [Message]) -> [Exchange] {
    let questions = messages.indices.filter { messages[$0].role == .human }
    let last = questions.last ?? messages.startIndex
    var bounds = questions.filter { $0 <= last }
    if bounds.first != messages.startIndex { bounds.insert(messages.startIndex, at: 0) }
    let turns = zip(bounds, bounds.dropFirst()).map { Exchange(places: $0..<$1, mayGo: true) }
    let replies = messages.indices.filter { $0 > last && messages[$0].role == .ai }
    let steps = zip(replies, replies.dropFirst()).map { Exchange(places: $0..<$1, mayGo: true) }
    return turns + steps
  }
}
