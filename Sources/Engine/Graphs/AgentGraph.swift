package import Conversation
package import Providers

/// The assistant with tools: the model speaks; if it calls tools they are carried out and it speaks again.
package struct AgentGraph: Graph {
  package let systemMessage: String
  package let tools: [ToolSpecification]
  /// Which calls a person is asked about first.
  package let permissions: ToolPermissions

  package var entry: Node { .agent }
  package var stepLimit: Int { Limits.agentSteps }

  package func next(after node: Node, in state: ThreadState) -> Node? {
    guard node == .agent else { return .agent }
    return state.pendingToolCalls.isEmpty ? nil : .action
  }

  package func work(of node: Node, in state: ThreadState) -> Work {
    guard node == .action else {
      let request = ChatRequest(system: systemMessage, messages: state.messagesForModel, tools: tools)
      let passages = state.passagesOfTurn
      return .callModel(ModelCall(request: request) { StateUpdate(messages: [$0.citing(passages)]) })
    }
    return .callTools(state.pendingToolCalls, reply: .toolMessage)
  }

  package func calls(in state: ThreadState) -> [ToolCall] { state.pendingToolCalls }

  package func change(of call: ToolCall) -> ToolChange? { permissions.change(of: call) }

  package func cause(for call: ToolCall, in state: ThreadState) -> Approval.Cause? {
    permissions.cause(for: call, in: state)
  }

  package func message(_ message: Message, calling calls: [ToolCall]) -> Message {
    var message = message
    message.toolCalls = calls
    return message.withConsistentCalls
  }
}

extension ThreadState {
  /// The calls of the last message, if it is an assistant's; an edited message's own calls count, nothing else.
  package var pendingToolCalls: [ToolCall] {
    guard let last = messages.last, last.role == .ai else { return [] }
    return last.toolCalls
  }

  /// The conversation with every tool call answered, as vendors demand: a call that was passed over (a
  /// person spoke instead of confirming it, or the process died in it) gets an answer that says so.
  package var messagesForModel: [Message] {
    messages.indices.flatMap { place in
      [messages[place]]
        + unansweredCalls(at: place).map {
          .toolResult("This call was not carried out.", of: $0, status: .error)
        }
    }
  }

  /// The calls of a message that the results right after it do not answer. Ids are unique in a message only.
  private func unansweredCalls(at place: Int) -> [ToolCall] {
    let calls = messages[place].toolCalls
    guard !calls.isEmpty else { return [] }
    let answered = Set(messages[(place + 1)...].prefix { $0.role == .tool }.compactMap(\.toolCallID))
    return calls.filter { !answered.contains($0.id) }
  }
}
