package import Conversation

/// A language model, or what stands in for one.
package protocol ChatModel: Sendable {
  /// Asks for one reply and hands over its pieces as they arrive.
  ///
  /// Returns once the reply is complete; cancelling the task ends the call within a second. `receive` is
  /// called from the caller's own task, one piece after the other: taking long in it slows the model down.
  /// - Throws: what happened, as what the caller can do about it. Pieces may have arrived before.
  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError)
}

/// What a model is asked.
package struct ChatRequest: Sendable {
  package var system: String?
  /// The conversation so far, oldest first: human, ai, tool and function messages.
  package var messages: [Message]
  package var tools: [ToolSpecification]
  /// Texts at which the reply ends, themselves left out.
  package var stop: [String]
  package var purpose: Purpose
  /// What was found for this turn. A model that reads has it in `system` as well.
  package var passages: [Passage]

  /// What the reply is for. Models that read follow `system`; the extractive one goes by this.
  package enum Purpose: Sendable, Equatable {
    case answer
    /// One search query for the last message, in the light of the ones before it.
    case searchQuery
  }

  package init(
    system: String? = nil, messages: [Message], tools: [ToolSpecification] = [], stop: [String] = [],
    purpose: Purpose = .answer, passages: [Passage] = []
  ) {
    self.system = system
    self.messages = messages
    self.tools = tools
    self.stop = stop
    self.purpose = purpose
    self.passages = passages
  }
}

/// A tool as a model is told of it.
package struct ToolSpecification: Sendable, Equatable {
  package var name: String
  package var description: String
  /// JSON Schema of its arguments: an object.
  package var parameters: JSON

  package init(name: String, description: String, parameters: JSON) {
    self.name = name
    self.description = description
    self.parameters = parameters
  }
}

/// A piece of a reply.
package enum ModelEvent: Sendable {
  case text(String)
  case toolCall(ToolCallDelta)
  /// What it thought, whole, at its place among the other pieces; `after` is not set.
  case thought(Thought)
  /// A picture it made; the data is base64.
  case image(mediaType: String, data: String)
  /// Where the quotations in the text come from.
  case citations([Citation])
  /// What the call took so far; a later one counts in place of an earlier one.
  case usage(TokenUsage)
  /// Which entry of the catalogue answers, where it is not the one that was asked, or asks nobody at all.
  case answered(by: String, isCached: Bool)
  /// Why it ended, in OpenAI's words (`stop`, `length`, `tool_calls`, `content_filter`), and which model it was.
  case finished(reason: String, model: String?)
}

/// What went wrong with a model call. A case is what one can do; texts are safe to show, causes are for the log.
package enum ModelError: Error, Sendable {
  /// A setting is missing or wrong; the text names it.
  case misconfigured(String)
  /// No connection, even after retries.
  case unreachable(cause: String)
  /// Nothing came for too long.
  case timedOut(cause: String)
  /// The vendor does not know the key.
  case unauthorized
  case rateLimited(retryAfterSeconds: Double?)
  /// The vendor's fault; may work later.
  case unavailable(status: Int)
  /// The server has failed again and again, so it is left alone for so long.
  case suspended(retryAfterSeconds: Double)
  /// The request itself; the vendor's words, cut to a readable length.
  case rejected(status: Int, message: String)
  /// The conversation is longer than the model reads.
  case contextTooLong
  /// The reply was cut in the middle.
  case cut(cause: String)
  /// What came was not the protocol.
  case malformed(String)
  /// The reply passed a size limit.
  case tooLarge
  case cancelled
}
