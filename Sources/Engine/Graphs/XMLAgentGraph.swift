package import Conversation
import Foundation
package import Providers

/// The assistant with tools for models that have no tool calls of their own: it asks for a tool in XML tags,
/// and finds the result in others.
package struct XMLAgentGraph: Graph {
  package let systemMessage: String
  package let tools: [ToolSpecification]
  package let permissions: ToolPermissions

  package var entry: Node { .agent }
  package var stepLimit: Int { Limits.agentSteps }

  package func next(after node: Node, in state: ThreadState) -> Node? {
    guard node == .agent else { return .agent }
    return Self.call(in: state) == nil ? nil : .action
  }

  package func work(of node: Node, in state: ThreadState) -> Work {
    guard node == .action, let call = Self.call(in: state) else {
      return .callModel(ModelCall(request: request(for: state)))
    }
    return .callTools([call], reply: .functionMessage)
  }

  package func calls(in state: ThreadState) -> [ToolCall] { Self.call(in: state).map { [$0] } ?? [] }

  package func change(of call: ToolCall) -> ToolChange? { permissions.change(of: call) }

  package func cause(for call: ToolCall, in state: ThreadState) -> Approval.Cause? {
    permissions.cause(for: call, in: state)
  }

  package func message(_ message: Message, calling calls: [ToolCall]) -> Message {
    guard let call = calls.first, let tag = message.text.range(of: "<tool>") else { return message }
    var message = message
    let input = call.arguments.string ?? call.arguments.text
    message.content = .string(
      "\(message.text[..<tag.lowerBound])<tool>\(call.name)</tool><tool_input>\(input)</tool_input>")
    return message
  }

  private func request(for state: ThreadState) -> ChatRequest {
    ChatRequest(
      system: systemMessage + "\n\n" + Self.instructions(for: tools),
      messages: Self.transcript(of: state.messages), stop: ["</tool_input>", "<observation>"])
  }
}

// MARK: What the model reads

extension XMLAgentGraph {
  static func instructions(for tools: [ToolSpecification]) -> String {
    """
    You can use these tools:

    \(tools.map(description).joined(separator: "\n"))

    To use one, write its name in <tool></tool> and its input in <tool_input></tool_input>, then stop. \
    The result comes back in <observation></observation>. For example, with a tool called search:

    <tool>search</tool><tool_input>height of the Zugspitze</tool_input>
    <observation>The Zugspitze is 2,962 m high.</observation>

    When you know the answer, write it without any tags.
    """
  }

  private static func description(of tool: ToolSpecification) -> String {
    let names = (tool.parameters["properties"]?.object?.keys.sorted() ?? []).joined(separator: ", ")
    return "\(tool.name)(\(names)): \(tool.description)"
  }

  /// What was said and found between two human messages becomes one assistant message, observations inlined.
  static func transcript(of messages: [Message]) -> [Message] {
    var transcript: [Message] = []
    var spoken = ""
    for message in messages {
      switch message.role {
      case .human, .system, .chat:
        if !spoken.isEmpty { transcript.append(.assistant(spoken)) }
        spoken = ""
        transcript.append(message)
      case .ai:
        spoken += closed(message.text)
      case .function, .tool:
        spoken += "<observation>\(message.text)</observation>"
      }
    }
    if !spoken.isEmpty { transcript.append(.assistant(spoken)) }
    return transcript
  }

  /// The stop text is not part of a reply, so an open input is closed here.
  private static func closed(_ text: String) -> String {
    text.contains("<tool_input>") && !text.contains("</tool_input>") ? text + "</tool_input>" : text
  }
}

// MARK: What the model writes

extension XMLAgentGraph {
  /// The call in the last message: a tool's name, and its input as a string or, if it is one, a JSON object.
  static func call(in state: ThreadState) -> ToolCall? {
    guard let last = state.messages.last, last.role == .ai,
      let name = content(of: "tool", in: last.text)
    else { return nil }
    let input = content(of: "tool_input", in: last.text) ?? ""
    return ToolCall(
      name: name, arguments: (try? JSON(parsing: input)).flatMap(\.objectItself) ?? .string(input),
      id: last.id)
  }

  private static func content(of tag: String, in text: String) -> String? {
    guard let open = text.range(of: "<\(tag)>") else { return nil }
    let rest = text[open.upperBound...]
    let end = rest.range(of: "</\(tag)>")?.lowerBound
    guard tag != "tool" || end != nil else { return nil }
    return rest[..<(end ?? rest.endIndex)].trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

extension JSON {
  fileprivate var objectItself: JSON? {
    object == nil ? nil : self
  }
}
