import Conversation

/// The body of `ConverseStream`.
struct BedrockRequest: Encodable {
  let messages: [JSON]
  let system: [JSON]?
  let inferenceConfig: JSON
  let toolConfig: JSON?
  let additionalModelRequestFields: JSON?

  init(_ request: ChatRequest, _ parameters: ModelParameters) throws(ModelError) {
    var messages: [JSON] = []
    for turn in SpokenTurn.turns(of: request.messages) {
      var blocks: [JSON] = []
      for message in turn.messages { blocks += try Self.blocks(of: message) }
      messages.append([
        "role": turn.side == .model ? "assistant" : "user", "content": .array(blocks),
      ])
    }
    self.messages = messages
    system = request.system.flatMap { $0.isEmpty ? nil : [["text": .string($0)]] }
    inferenceConfig = Self.configuration(request, parameters)
    toolConfig = Self.tools(request)
    additionalModelRequestFields = Self.thinking(parameters)
  }

  private static func configuration(_ request: ChatRequest, _ parameters: ModelParameters) -> JSON {
    let family = ClaudeFamily(parameters.model)
    var values: [String: JSON] = [:]
    if let most = parameters.maxOutputTokens { values["maxTokens"] = .integer(most) }
    // Newer Claude models refuse any temperature, and thinking does.
    if !parameters.model.contains("claude") || family.isOld { values["temperature"] = 0 }
    if !request.stop.isEmpty { values["stopSequences"] = .array(request.stop.map(JSON.string)) }
    return .object(values)
  }

  /// Only Claude's thinking can be asked for here; it takes the shape of Anthropic's own API.
  private static func thinking(_ parameters: ModelParameters) -> JSON? {
    let family = ClaudeFamily(parameters.model)
    guard let effort = parameters.effort, effort != "none", parameters.model.contains("claude"),
      !family.isOld
    else { return nil }
    guard family.takesBudget else {
      return ["thinking": ["type": "adaptive"], "output_config": ["effort": .string(effort)]]
    }
    let budget = min(
      ["low": 2_048, "high": 12_000][effort] ?? 8_192, (parameters.maxOutputTokens ?? 16_000) / 2)
    return ["thinking": ["type": "enabled", "budget_tokens": .integer(budget)]]
  }

  /// A conversation that holds calls is refused without a list of tools, even if the model may use none now.
  private static func tools(_ request: ChatRequest) -> JSON? {
    let known = Set(request.tools.map(\.name))
    let called = Set(request.messages.flatMap(\.toolCalls).map(\.name)).subtracting(known).sorted()
    let past = called.map {
      ToolSpecification(name: $0, description: "Not available now.", parameters: ["type": "object"])
    }
    let tools = (request.tools + past).map { tool -> JSON in
      [
        "toolSpec": [
          "name": .string(tool.name), "description": .string(tool.description),
          "inputSchema": ["json": tool.parameters],
        ]
      ]
    }
    return tools.isEmpty ? nil : ["tools": .array(tools)]
  }

  // MARK: Blocks

  private static func blocks(of message: Message) throws(ModelError) -> [JSON] {
    switch message.role {
    case .tool: return [try result(message)]
    case .ai:
      var blocks: [JSON] = []
      for piece in message.spoken(by: BedrockStreamReader.vendor).map(\.inWords) {
        switch piece {
        case .part(let part): blocks.append(try block(part))
        case .thought(let thought): if let block = block(thought) { blocks.append(block) }
        }
      }
      return blocks + message.toolCalls.map(call)
    case .human, .system, .function, .chat:
      var blocks: [JSON] = []
      for part in message.parts { blocks.append(try block(part)) }
      return blocks
    }
  }

  private static func block(_ part: MessagePart) throws(ModelError) -> JSON {
    switch part {
    case .text(let text): return ["text": .string(text)]
    case .image(let type, let data):
      let format = type.split(separator: "/").last.map(String.init) ?? "png"
      return [
        "image": [
          "format": .string(format == "jpg" ? "jpeg" : format), "source": ["bytes": .string(data)],
        ]
      ]
    case .imageAddress: throw .imageByAddress
    }
  }

  private static func block(_ thought: Thought) -> JSON? {
    if let redacted = thought.redacted { return ["reasoningContent": ["redactedContent": .string(redacted)]] }
    return thought.signature.map { signature in
      [
        "reasoningContent": [
          "reasoningText": ["text": .string(thought.text), "signature": .string(signature)]
        ]
      ]
    }
  }

  private static func call(_ call: ToolCall) -> JSON {
    [
      "toolUse": [
        "toolUseId": .string(call.id.plainID), "name": .string(call.name),
        "input": call.arguments.object == nil ? [:] : call.arguments,
      ]
    ]
  }

  private static func result(_ message: Message) throws(ModelError) -> JSON {
    var content: [JSON] = [["text": .string(message.text.isEmpty ? "(nothing)" : message.text)]]
    if let picture = message.resultPicture {
      content.append(try block(.image(mediaType: picture.mediaType, data: picture.data)))
    }
    return [
      "toolResult": [
        "toolUseId": .string((message.toolCallID ?? "").plainID), "content": .array(content),
        "status": message.status == .error ? "error" : "success",
      ]
    ]
  }
}
