package import Conversation
package import Providers

/// An architecture: which node comes after which, and what a node has to do. All of it is pure; the
/// `Runner` carries the work out.
package protocol Graph: Sendable {
  /// Where a turn begins.
  var entry: Node { get }
  /// Steps one run may take.
  var stepLimit: Int { get }

  /// What follows once `node` has written into `state`; nil when the turn is done.
  func next(after node: Node, in state: ThreadState) -> Node?

  /// What `node` has to do.
  func work(of node: Node, in state: ThreadState) -> Work

  /// The calls the last message asks for and a person may be asked about.
  func calls(in state: ThreadState) -> [ToolCall]

  /// Why a person is to be asked before that call is made; nil when nobody is.
  func cause(for call: ToolCall, in state: ThreadState) -> Approval.Cause?

  /// What the call's tool says of itself that nobody has agreed to yet.
  func change(of call: ToolCall) -> ToolChange?

  /// The message that asked for the calls, asking for these instead.
  func message(_ message: Message, calling calls: [ToolCall]) -> Message
}

/// A node's work, as a value.
package enum Work: Sendable {
  /// Nothing to wait for: the change itself.
  case write(StateUpdate)
  case callModel(ModelCall)
  case callTools([ToolCall], reply: ToolReplyShape)
  /// Search the knowledge; the passages come as the result of that call.
  case search(ToolCall)
}

/// A question to the model, and what its reply changes.
package struct ModelCall: Sendable {
  package var request: ChatRequest
  /// Not shown to clients: the reply is a means, not a message.
  package var isHidden: Bool
  package var update: @Sendable (Message) -> StateUpdate

  package init(
    request: ChatRequest, isHidden: Bool = false,
    update: @escaping @Sendable (Message) -> StateUpdate = { StateUpdate(messages: [$0]) }
  ) {
    self.request = request
    self.isHidden = isHidden
    self.update = update
  }
}

/// How a tool's result stands in the conversation.
package enum ToolReplyShape: Sendable {
  /// A tool message that names the call it answers.
  case toolMessage
  /// A function message, for models that speak XML.
  case functionMessage
}

extension Graph {
  package func calls(in state: ThreadState) -> [ToolCall] { [] }
  package func cause(for call: ToolCall, in state: ThreadState) -> Approval.Cause? { nil }
  package func change(of call: ToolCall) -> ToolChange? { nil }
  package func message(_ message: Message, calling calls: [ToolCall]) -> Message { message }
  package var stepLimit: Int { Limits.steps }
}
