import Conversation

/// The body of a chat completion.
struct OpenAIRequest: Encodable {
  let model: String
  let messages: [JSON]
  let tools: [JSON]?
  let stop: [String]?
  let temperature: Double?
  let maxTokens: Int?
  let maxCompletionTokens: Int?
  let reasoningEffort: String?
  let stream = true
  let streamOptions: JSON = ["include_usage": true]

  enum CodingKeys: String, CodingKey {
    case model, messages, tools, stop, temperature, stream
    case streamOptions = "stream_options"
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
    case reasoningEffort = "reasoning_effort"
  }

  init(_ request: ChatRequest, _ parameters: ModelParameters, dialect: OpenAIDialect) {
    let family = GPTFamily(parameters.model)
    let reasons = family.reasons && dialect.knowsReasoning
    model = parameters.model
    let system = request.system.map { [["role": "system", "content": .string($0)] as JSON] } ?? []
    messages = system + request.messages.compactMap { Self.message($0, dialect: dialect) }
    tools = request.tools.isEmpty ? nil : request.tools.map(Self.tool)
    // Reasoning models refuse stop texts, any temperature but their own, and the older name of the bound.
    stop = request.stop.isEmpty || reasons ? nil : request.stop
    temperature = family.reasons ? nil : 0
    maxTokens = reasons ? nil : parameters.maxOutputTokens
    maxCompletionTokens = reasons ? parameters.maxOutputTokens : nil
    reasoningEffort = Self.effort(parameters, family: family, callsTools: tools != nil, dialect: dialect)
  }

  /// From GPT 5.4 on, Chat Completions takes functions only from a model that does not reason ("To use function
  /// tools, use /v1/responses or set reasoning_effort to 'none'"; community.openai.com, July 2026). The models
  /// that cannot be kept from it (6.2 and later) are asked as they are.
  private static func effort(
    _ parameters: ModelParameters, family: GPTFamily, callsTools: Bool, dialect: OpenAIDialect
  ) -> String? {
    if dialect.knowsReasoning, callsTools, family.callsToolsWithoutReasoningOnly { return "none" }
    return parameters.effort
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
  private static func message(_ message: Message, dialect: OpenAIDialect) -> JSON? {
    switch message.role {
    case .human, .chat, .function: ["role": "user", "content": content(of: message)]
    case .system: ["role": "system", "content": content(of: message)]
    case .ai: reply(message, dialect: dialect)
    case .tool:
      [
        "role": "tool", "tool_call_id": .string(message.toolCallID ?? ""), "content": .string(message.text),
      ]
    }
  }

  private static func reply(_ message: Message, dialect: OpenAIDialect) -> JSON? {
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
    var reply: [String: JSON] = [
      "role": "assistant", "content": text.isEmpty ? nil : .string(text), "tool_calls": .array(calls),
    ]
    let thoughts = message.thoughts.filter { $0.vendor == OpenAIStreamReader.vendor }.map(\.text)
    if dialect.returnsThoughts, !thoughts.isEmpty { reply["reasoning_content"] = .string(thoughts.joined()) }
    return .object(reply)
  }

  private static func content(of message: Message) -> JSON {
    guard case .array = message.content else { return .string(message.text) }
    return .array(
      message.parts.map { part in
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .imageAddress(let url): ["type": "image_url", "image_url": ["url": .string(url)]]
        case .image(let type, let data):
          ["type": "image_url", "image_url": ["url": .string("data:\(type);base64,\(data)")]]
        }
      })
  }
}

/// What is peculiar to generations of OpenAI's models, by their names.
/// Source: developers.openai.com/api/docs/guides/reasoning, November 2026.
struct GPTFamily {
  let reasons: Bool
  let callsToolsWithoutReasoningOnly: Bool
  /// OpenAI itself serves it better through the Responses API.
  let wantsResponses: Bool

  init(_ model: String) {
    let name = model.split(separator: "/").last.map(String.init) ?? model
    let version =
      name.hasPrefix("gpt-") ? Double(name.dropFirst(4).prefix { "0123456789.".contains($0) }) : nil
    let isOSeries = ["o1", "o3", "o4"].contains { name.hasPrefix($0) }
    reasons = isOSeries || (version.map { $0 >= 5 } ?? false) && !name.contains("chat")
    wantsResponses = version.map { $0 >= 5 } ?? false && !name.contains("chat")
    callsToolsWithoutReasoningOnly = version.map { $0 >= 5.4 && $0 < 6.2 } ?? false
  }
}
