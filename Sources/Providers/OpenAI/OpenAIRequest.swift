import Conversation

/// The body of a chat completion.
struct OpenAIRequest: Encodable {
  let model: String
  let messages: [JSON]
  let tools: [JSON]?
  let stop: [String]?
  let temperature: Double?
  let stream = true
  let streamOptions: JSON = ["include_usage": true]

  enum CodingKeys: String, CodingKey {
    case model, messages, tools, stop, temperature, stream
    case streamOptions = "stream_options"
  }

  init(_ request: ChatRequest, model: String) {
    self.model = model
    let system = request.system.map { [["role": "system", "content": .string($0)] as JSON] } ?? []
    messages = system + request.messages.compactMap(Self.message)
    tools = request.tools.isEmpty ? nil : request.tools.map(Self.tool)
    stop = request.stop.isEmpty ? nil : request.stop
    temperature = Self.takesTemperature(model) ? 0 : nil
  }

  /// The reasoning models refuse any temperature but their own.
  private static func takesTemperature(_ model: String) -> Bool {
    !["o1", "o3", "o4", "gpt-5"].contains { model.hasPrefix($0) }
  }

  private static func tool(_ tool: ToolSpecification) -> JSON {
    [
      "type": "function",
      "function": [
        "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
      ],
    ]
  }

  // MARK: Messages

  /// Nil for a reply that came to nothing, which the API refuses.
  private static func message(_ message: Message) -> JSON? {
    switch message.role {
    case .human, .chat, .function: ["role": "user", "content": content(of: message)]
    case .system: ["role": "system", "content": content(of: message)]
    case .ai: reply(message)
    case .tool:
      [
        "role": "tool", "tool_call_id": .string(message.toolCallID ?? ""), "content": .string(message.text),
      ]
    }
  }

  private static func reply(_ message: Message) -> JSON? {
    let text = message.text
    guard !message.toolCalls.isEmpty else {
      return text.isEmpty ? nil : ["role": "assistant", "content": .string(text)]
    }
    let calls = message.toolCalls.map { call -> JSON in
      [
        "id": .string(call.id), "type": "function",
        "function": ["name": .string(call.name), "arguments": .string(call.arguments.text)],
      ]
    }
    return ["role": "assistant", "content": text.isEmpty ? nil : .string(text), "tool_calls": .array(calls)]
  }

  /// Parts pass as they are, so that images reach the models that see.
  private static func content(of message: Message) -> JSON {
    if case .array = message.content { message.content } else { .string(message.text) }
  }
}
