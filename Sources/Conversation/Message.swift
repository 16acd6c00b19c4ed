/// One message of a conversation, in the shape LangChain gave it on the wire.
package struct Message: Sendable, Hashable {
  /// Who speaks. The raw value is the wire's `type`.
  package enum Role: String, Codable, Sendable, CaseIterable {
    case human, ai, system, tool, function, chat
  }

  package var id: String
  package var role: Role
  /// Text, or an array of parts (`{"type": "text", …}`), or for tools any JSON.
  package var content: JSON
  package var name: String?
  package var additionalKwargs: [String: JSON] = [:]
  package var responseMetadata: [String: JSON] = [:]
  package var example = false
  /// `ai` only: the calls it asks for, in order.
  package var toolCalls: [ToolCall] = []
  /// `ai` only: calls whose arguments were not JSON: `{name, args, id, error}`.
  package var invalidToolCalls: [JSON] = []
  package var usage: TokenUsage?
  /// `tool` only: which call this answers.
  package var toolCallID: String?
  /// `tool` only: what the tool returned beside its text, e.g. the passages it found.
  package var artifact: JSON?
  package var status: ToolStatus = .success

  package enum ToolStatus: String, Codable, Sendable {
    case success, error
  }

  package init(id: String = Message.newID(), role: Role, content: JSON, name: String? = nil) {
    self.id = id
    self.role = role
    self.content = content
    self.name = name
  }

  package static func newID() -> String {
    Identifier<Message>.random().description
  }
}

extension Message {
  package static func human(_ text: String, id: String = newID()) -> Message {
    Message(id: id, role: .human, content: .string(text))
  }

  package static func assistant(
    _ text: String, toolCalls: [ToolCall] = [], id: String = newID()
  ) -> Message {
    var message = Message(id: id, role: .ai, content: .string(text))
    message.toolCalls = toolCalls
    return message
  }

  /// The answer to `call`, to be seen by the model and the person.
  package static func toolResult(
    _ content: JSON, of call: ToolCall, artifact: JSON? = nil, status: ToolStatus = .success
  ) -> Message {
    var message = Message(role: .tool, content: content, name: call.name)
    message.toolCallID = call.id
    message.artifact = artifact
    message.status = status
    return message
  }

  /// The readable text: the content itself, or its text parts joined; any other JSON as its text.
  package var text: String {
    switch content {
    case .string(let text): text
    case .array(let parts) where parts.contains { $0["type"]?.string == "text" || $0.string != nil }:
      parts.compactMap { $0.string ?? $0["text"]?.string }.joined()
    case .null: ""
    case .bool, .integer, .number, .array, .object: content.text
    }
  }
}

// MARK: Coding

extension Message: Codable {
  package enum CodingKeys: String, CodingKey {
    case id, type, role, content, name, example, artifact, status
    case additionalKwargs = "additional_kwargs"
    case responseMetadata = "response_metadata"
    case toolCalls = "tool_calls"
    case invalidToolCalls = "invalid_tool_calls"
    case usage = "usage_metadata"
    case toolCallID = "tool_call_id"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    role = try Self.decodeRole(container)
    content = try container.decodeIfPresent(JSON.self, forKey: .content) ?? ""
    id = try container.decodeIfPresent(String.self, forKey: .id) ?? Self.newID()
    name = try container.decodeIfPresent(String.self, forKey: .name)
    additionalKwargs = try container.decodeIfPresent([String: JSON].self, forKey: .additionalKwargs) ?? [:]
    responseMetadata = try container.decodeIfPresent([String: JSON].self, forKey: .responseMetadata) ?? [:]
    example = try container.decodeIfPresent(Bool.self, forKey: .example) ?? false
    toolCalls = try container.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? []
    invalidToolCalls = try container.decodeIfPresent([JSON].self, forKey: .invalidToolCalls) ?? []
    usage = try container.decodeIfPresent(TokenUsage.self, forKey: .usage)
    toolCallID = try container.decodeIfPresent(String.self, forKey: .toolCallID)
    artifact = try container.decodeIfPresent(JSON.self, forKey: .artifact)
    status = try container.decodeIfPresent(ToolStatus.self, forKey: .status) ?? .success
    try checkContent(at: decoder.codingPath)
  }

  /// `type` in either spelling (`ai`, `AIMessageChunk`), or OpenAI's `role` when there is no type.
  private static func decodeRole(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Role {
    if let type = try container.decodeIfPresent(String.self, forKey: .type) {
      if let role = rolesByType[type] { return role }
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: container,
        debugDescription:
          "'\(type.prefix(40))' is no message type; known are ai, human, system, tool, function, chat")
    }
    let role = try container.decode(String.self, forKey: .role)
    if let role = rolesByRole[role] { return role }
    throw DecodingError.dataCorruptedError(
      forKey: .role, in: container,
      debugDescription: "'\(role.prefix(40))' is no role; known are user, assistant, system, tool, function")
  }

  private static let rolesByType: [String: Role] = [
    "human": .human, "HumanMessageChunk": .human, "ai": .ai, "AIMessageChunk": .ai,
    "system": .system, "SystemMessageChunk": .system, "tool": .tool, "ToolMessageChunk": .tool,
    "function": .function, "FunctionMessageChunk": .function, "chat": .chat, "ChatMessageChunk": .chat,
  ]

  private static let rolesByRole: [String: Role] = [
    "user": .human, "human": .human, "assistant": .ai, "ai": .ai, "system": .system, "developer": .system,
    "tool": .tool, "function": .function, "chat": .chat,
  ]

  /// People and models speak text or parts; only a tool's result may be any JSON.
  private func checkContent(at path: [any CodingKey]) throws {
    switch (role, content) {
    case (.tool, _), (_, .string), (_, .array), (_, .null): return
    case (_, .bool), (_, .integer), (_, .number), (_, .object):
      throw DecodingError.typeMismatch(
        String.self,
        .init(
          codingPath: path + [CodingKeys.content], debugDescription: "content must be text or a list of parts"
        ))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(role, forKey: .type)
    try container.encode(content, forKey: .content)
    try container.encode(name, forKey: .name)
    try container.encode(additionalKwargs, forKey: .additionalKwargs)
    try container.encode(responseMetadata, forKey: .responseMetadata)
    switch role {
    case .human:
      try container.encode(example, forKey: .example)
    case .ai:
      try container.encode(example, forKey: .example)
      try container.encode(toolCalls, forKey: .toolCalls)
      try container.encode(invalidToolCalls, forKey: .invalidToolCalls)
      try container.encode(usage, forKey: .usage)
    case .tool:
      try container.encode(toolCallID, forKey: .toolCallID)
      try container.encode(artifact, forKey: .artifact)
      try container.encode(status, forKey: .status)
    case .system, .function:
      break
    case .chat:
      try container.encode(name ?? "user", forKey: .role)
    }
  }
}
