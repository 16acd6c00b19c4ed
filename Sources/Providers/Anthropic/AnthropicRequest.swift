import Conversation

/// The body of a call of the Messages API.
struct AnthropicRequest: Encodable {
  let model: String
  let maxTokens: Int
  let system: [JSON]?
  let messages: [JSON]
  let tools: [JSON]?
  let stopSequences: [String]?
  let temperature: Double?
  let thinking: JSON?
  let outputConfig: JSON?
  let stream = true

  enum CodingKeys: String, CodingKey {
    case model, system, messages, tools, temperature, thinking, stream
    case maxTokens = "max_tokens"
    case stopSequences = "stop_sequences"
    case outputConfig = "output_config"
  }

  /// The API demands a bound; models from 2025 on write at least this much.
  private static let maxTokensDefault = 16_000
  private static let thoughtTokens = ["low": 2_048, "medium": 8_192, "high": 12_000]

  init(_ request: ChatRequest, _ parameters: ModelParameters) throws(ModelError) {
    let family = ClaudeFamily(parameters.model)
    model = parameters.model
    maxTokens = parameters.maxOutputTokens ?? (family.isOld ? 2_000 : Self.maxTokensDefault)
    system = request.system.flatMap {
      $0.isEmpty ? nil : [Self.marked(["type": "text", "text": .string($0)])]
    }
    messages = try Self.messages(request.messages)
    tools = Self.tools(request, areMarked: system == nil)
    stopSequences = request.stop.isEmpty ? nil : request.stop
    (thinking, outputConfig) = Self.thinking(parameters, family: family, maxTokens: maxTokens)
    // Models from Opus 4.7 on refuse any temperature, and thinking refuses it too.
    temperature = family.isOld ? 0 : nil
  }

  /// Nobody pays for thoughts they did not ask for: Claude thinks when an effort is set (newest models always do).
  /// Models from 4.6 on decide themselves how long they think; earlier ones are told how many tokens.
  private static func thinking(
    _ parameters: ModelParameters, family: ClaudeFamily, maxTokens: Int
  ) -> (thinking: JSON?, outputConfig: JSON?) {
    guard let effort = parameters.effort, effort != "none", !family.isOld else { return (nil, nil) }
    guard family.takesBudget else { return (["type": "adaptive"], ["effort": .string(effort)]) }
    let wanted = thoughtTokens[effort] ?? 8_192
    let budget = max(1_024, min(wanted, maxTokens / 2))
    return (["type": "enabled", "budget_tokens": .integer(budget)], nil)
  }

  /// What stands before a mark is read from Anthropic's cache the next time: the tools and instructions, and
  /// the conversation up to its last message. Shorter beginnings are not cached, which costs nothing.
  private static func marked(_ block: JSON) -> JSON {
    guard var members = block.object else { return block }
    members["cache_control"] = ["type": "ephemeral"]
    return .object(members)
  }

  private static func tools(_ request: ChatRequest, areMarked: Bool) -> [JSON]? {
    guard !request.tools.isEmpty else { return nil }
    var tools = request.tools.map { tool -> JSON in
      [
        "name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.parameters,
      ]
    }
    if areMarked { tools[tools.count - 1] = marked(tools[tools.count - 1]) }
    return tools
  }

  // MARK: Messages

  private static func messages(_ messages: [Message]) throws(ModelError) -> [JSON] {
    var turns: [(role: JSON, blocks: [JSON])] = []
    for turn in SpokenTurn.turns(of: messages) {
      var blocks: [JSON] = []
      for message in turn.messages { blocks += try self.blocks(of: message) }
      turns.append((turn.side == .model ? "assistant" : "user", blocks))
    }
    // A thought may not carry a mark, but the last word is never one's own thought.
    if let last = turns.last, let block = last.blocks.last {
      turns[turns.count - 1].blocks[last.blocks.count - 1] = marked(block)
    }
    return turns.map { ["role": $0.role, "content": .array($0.blocks)] }
  }

  private static func blocks(of message: Message) throws(ModelError) -> [JSON] {
    switch message.role {
    case .tool: return [result(message)]
    case .ai:
      return message.spoken(by: AnthropicStreamReader.vendor).map(\.inWords).compactMap(block)
        + message.toolCalls.map(call)
    case .human, .system, .function, .chat:
      var blocks: [JSON] = []
      for part in message.parts { blocks.append(block(part)) }
      return blocks
    }
  }

  private static func block(_ piece: SpokenPiece) -> JSON? {
    switch piece {
    case .part(let part): block(part)
    case .thought(let thought):
      if let redacted = thought.redacted {
        ["type": "redacted_thinking", "data": .string(redacted)]
      } else {
        thought.signature.map {
          ["type": "thinking", "thinking": .string(thought.text), "signature": .string($0)]
        }
      }
    }
  }

  private static func block(_ part: MessagePart) -> JSON {
    switch part {
    case .text(let text): ["type": "text", "text": .string(text)]
    case .image(let type, let data):
      [
        "type": "image",
        "source": ["type": "base64", "media_type": .string(type), "data": .string(data)],
      ]
    case .imageAddress(let url): ["type": "image", "source": ["type": "url", "url": .string(url)]]
    }
  }

  private static func call(_ call: ToolCall) -> JSON {
    [
      "type": "tool_use", "id": .string(call.id.plainID), "name": .string(call.name),
      "input": call.arguments.object == nil ? [:] : call.arguments,
    ]
  }

  private static func result(_ message: Message) -> JSON {
    var block: [String: JSON] = [
      "type": "tool_result", "tool_use_id": .string((message.toolCallID ?? "").plainID),
      "content": .string(message.text),
    ]
    if let picture = message.resultPicture {
      let words = message.text.isEmpty ? [] : [Self.block(.text(message.text))]
      block["content"] = .array(
        words + [Self.block(.image(mediaType: picture.mediaType, data: picture.data))])
    }
    if message.status == .error { block["is_error"] = true }
    return .object(block)
  }
}

extension String {
  /// Ids of other vendors' calls, in the letters that Anthropic and Amazon take.
  var plainID: String {
    let plain = map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" }
    return plain.isEmpty ? "call" : String(plain.prefix(64))
  }
}

/// What is peculiar to generations of Claude, by their names.
/// Source: platform.claude.com/docs/en/build-with-claude/adaptive-thinking, November 2026.
struct ClaudeFamily {
  /// Up to 3.5: no thinking, and temperature as one likes.
  let isOld: Bool
  /// 3.7 to 4.5: thinks as many tokens as it is told.
  let takesBudget: Bool

  init(_ model: String) {
    func has(_ parts: String...) -> Bool { parts.contains { model.contains($0) } }
    isOld = has(
      "claude-2", "claude-v2", "claude-instant", "claude-3-haiku", "claude-3-opus", "claude-3-5",
      "claude-3-sonnet")
    takesBudget = has("claude-3-7", "-4-5", "-4-1", "-4-0", "sonnet-4-2025", "opus-4-2025")
  }
}
