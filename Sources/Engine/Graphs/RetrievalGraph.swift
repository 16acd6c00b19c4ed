package import Conversation
import Providers

/// The RAG bot: it makes one search query of the conversation, finds passages, and answers from them alone.
package struct RetrievalGraph: Graph {
  package let systemMessage: String

  package var entry: Node { .invokeRetrieval }

  package func next(after node: Node, in state: ThreadState) -> Node? {
    switch node {
    case .start, .agent, .action, .chatbot: .invokeRetrieval
    case .invokeRetrieval: .retrieve
    case .retrieve: .response
    case .response: nil
    }
  }

  package func work(of node: Node, in state: ThreadState) -> Work {
    switch node {
    case .retrieve: .search(state.pendingToolCalls.first ?? Self.call(query: state.lastQuestion))
    case .response: .callModel(answer(in: state))
    case .start, .agent, .action, .chatbot, .invokeRetrieval: query(in: state)
    }
  }

  // MARK: Nodes

  /// The first question is its own query; a later one may lean on what was said before.
  private func query(in state: ThreadState) -> Work {
    guard state.messages.contains(where: { $0.role == .ai }) else {
      return .write(Self.update(asking: state.lastQuestion))
    }
    let request = ChatRequest(
      system: Self.queryInstructions, messages: [.human(Self.transcript(of: state))], purpose: .searchQuery)
    let questions = state.messages.filter { $0.role == .human }.map(\.text)
    return .callModel(
      ModelCall(request: request, isHidden: true) { reply in
        Self.update(asking: FollowUp.query(writtenAs: reply.text) ?? FollowUp.query(questions))
      })
  }

  private func answer(in state: ThreadState) -> ModelCall {
    let passages = state.passagesOfTurn
    let request = ChatRequest(
      system: systemMessage + "\n\n" + Self.answerInstructions(passages: passages),
      messages: state.messages.filter { $0.role == .human || ($0.role == .ai && $0.toolCalls.isEmpty) },
      passages: passages)
    return ModelCall(request: request) { StateUpdate(messages: [$0.citing(passages)], messageCount: 1) }
  }

  private static func update(asking query: String) -> StateUpdate {
    StateUpdate(messages: [.assistant("", toolCalls: [call(query: query)])])
  }

  /// The name of its search, as it stands in messages.
  static let functionName = "retrieval"

  static func call(query: String) -> ToolCall {
    let id = Message.newID().filter { $0 != "-" }
    return ToolCall(name: functionName, arguments: ["query": .string(query)], id: id)
  }
}

// MARK: Prompts

extension RetrievalGraph {
  static let queryInstructions = """
    You turn the end of a conversation into one query for a search engine. Write the query that finds what the \
    last message asks for, with everything it takes for granted from the messages before it spelled out. \
    Write nothing but the query.
    """

  static func transcript(of state: ThreadState) -> String {
    state.messages.filter { $0.toolCalls.isEmpty }.compactMap { message -> String? in
      switch message.role {
      case .human: "Human: \(message.text)"
      case .ai: "AI: \(message.text)"
      case .system, .tool, .function, .chat: nil
      }
    }.joined(separator: "\n")
  }

  static func answerInstructions(passages: [Passage]) -> String {
    guard !passages.isEmpty else {
      return
        "Nothing was found in the uploaded files for this question. Say so, and do not answer from memory."
    }
    let numbered = passages.enumerated().map { "[\($0 + 1)] \($1.sourceLine)\n\($1.text)" }
    return """
      Answer from the passages below and from nothing else. If they do not hold the answer, say so. \
      Put the number of the passage, like [1], after what you took from it.

      \(numbered.joined(separator: "\n\n"))
      """
  }
}
