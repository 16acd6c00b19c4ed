/// A model's wish to call a tool, as it stands in an assistant message.
package struct ToolCall: Sendable, Hashable {
  package var name: String
  /// The arguments as the model gave them; an object unless the model broke its own format.
  package var arguments: JSON
  /// The model's id of the call, which the result refers to; unique within its message only.
  package var id: String

  package init(name: String, arguments: JSON, id: String) {
    self.name = name
    self.arguments = arguments
    self.id = id
  }
}

extension ToolCall: Codable {
  package enum CodingKeys: String, CodingKey {
    case name, id, type
    case arguments = "args"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    arguments = try container.decodeIfPresent(JSON.self, forKey: .arguments) ?? [:]
    id = try container.decodeIfPresent(String.self, forKey: .id) ?? ""
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(arguments, forKey: .arguments)
    try container.encode(id, forKey: .id)
    try container.encode("tool_call", forKey: .type)
  }
}

extension ToolCall {
  /// The call as OpenAI's clients know it, which LangChain keeps in `additional_kwargs` beside its own shape.
  package func openAIShape(index: Int) -> JSON {
    Self.openAIShape(index: index, id: id, name: name, arguments: arguments.text)
  }

  package static func openAIShape(index: Int, id: String, name: String, arguments: String) -> JSON {
    [
      "index": .integer(index), "id": .string(id), "type": "function",
      "function": ["name": .string(name), "arguments": .string(arguments)],
    ]
  }
}
