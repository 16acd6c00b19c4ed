import Conversation

/// The body of `streamGenerateContent`.
struct GeminiRequest: Encodable {
  let systemInstruction: JSON?
  let contents: [JSON]
  let tools: [JSON]?
  let generationConfig: JSON?

  init(_ request: ChatRequest, _ parameters: ModelParameters) throws(ModelError) {
    systemInstruction = request.system.flatMap { $0.isEmpty ? nil : ["parts": [["text": .string($0)]]] }
    contents = try Self.contents(request.messages, family: GeminiFamily(parameters.model))
    tools =
      request.tools.isEmpty ? nil : [["functionDeclarations": .array(request.tools.map(Self.declaration))]]
    generationConfig = Self.configuration(request, parameters)
  }

  private static func declaration(_ tool: ToolSpecification) -> JSON {
    [
      "name": .string(tool.name), "description": .string(tool.description),
      // Plain JSON Schema; `parameters` takes only Google's own dialect of it.
      "parametersJsonSchema": tool.parameters,
    ]
  }

  private static func configuration(_ request: ChatRequest, _ parameters: ModelParameters) -> JSON? {
    let family = GeminiFamily(parameters.model)
    var values: [String: JSON] = [:]
    // From Gemini 3 on Google asks to leave it at its default, lest the model go in circles.
    if family.generation < 3 { values["temperature"] = 0 }
    if let most = parameters.maxOutputTokens { values["maxOutputTokens"] = .integer(most) }
    if !request.stop.isEmpty { values["stopSequences"] = .array(request.stop.map(JSON.string)) }
    if family.makesImages { values["responseModalities"] = ["TEXT", "IMAGE"] }
    if let thinking = thinking(parameters, family: family) { values["thinkingConfig"] = thinking }
    return values.isEmpty ? nil : .object(values)
  }

  /// A level from Gemini 3 on, tokens before (ai.google.dev/gemini-api/docs/thinking, November 2026).
  private static func thinking(_ parameters: ModelParameters, family: GeminiFamily) -> JSON? {
    guard parameters.thinking, !family.makesImages else { return nil }
    var values: [String: JSON] = ["includeThoughts": true]
    if let effort = parameters.effort {
      if family.generation >= 3 {
        values["thinkingLevel"] = .string(effort == "none" ? "minimal" : effort)
      } else {
        values["thinkingBudget"] = .integer(["none": 0, "low": 1_024, "high": 16_384][effort] ?? 8_192)
      }
    }
    return .object(values)
  }

  // MARK: Contents

  private static func contents(
    _ messages: [Message], family: GeminiFamily
  ) throws(ModelError) -> [JSON] {
    var contents: [JSON] = []
    for turn in SpokenTurn.turns(of: messages) {
      var parts: [JSON] = []
      for message in turn.messages { parts += try self.parts(of: message, family: family) }
      contents.append(["role": turn.side == .model ? "model" : "user", "parts": .array(parts)])
    }
    return contents
  }

  private static func parts(of message: Message, family: GeminiFamily) throws(ModelError) -> [JSON] {
    switch message.role {
    case .tool: return [try result(message, family: family)]
    case .ai: return try spoken(message) + calls(of: message, family: family)
    case .human, .system, .function, .chat:
      var parts: [JSON] = []
      for part in message.parts { parts.append(try self.part(part)) }
      return parts
    }
  }

  private static func part(_ part: MessagePart) throws(ModelError) -> JSON {
    switch part {
    case .text(let text): return ["text": .string(text)]
    case .image(let type, let data):
      return ["inlineData": ["mimeType": .string(type), "data": .string(data)]]
    case .imageAddress: throw .imageByAddress
    }
  }

  /// A signature goes back on a part like the one it came on: the text before it.
  private static func spoken(_ message: Message) throws(ModelError) -> [JSON] {
    var parts: [JSON] = []
    for piece in message.spoken(by: GeminiStreamReader.vendor) {
      switch piece {
      case .part(let part): parts.append(try self.part(part))
      case .thought(let thought):
        guard let signature = thought.signature else { continue }
        var members = parts.popLast()?.object ?? ["text": ""]
        members["thoughtSignature"] = .string(signature)
        parts.append(.object(members))
      }
    }
    return parts
  }

  /// Gemini 3 and later refuse a first call without the signature it came with; calls that another model
  /// made carry the word that Google gives out for them (ai.google.dev/gemini-api/docs/thought-signatures,
  /// November 2026).
  private static func calls(of message: Message, family: GeminiFamily) -> [JSON] {
    let signatures = Dictionary(
      message.thoughts.filter { $0.vendor == GeminiStreamReader.vendor }
        .compactMap { thought in thought.callID.map { ($0, thought.signature) } }
    ) { first, _ in first }
    return message.toolCalls.enumerated().map { place, call in
      var part: [String: JSON] = [
        "functionCall": [
          "name": .string(call.name), "args": call.arguments.object == nil ? [:] : call.arguments,
        ]
      ]
      if let signature = signatures[call.id] ?? nil {
        part["thoughtSignature"] = .string(signature)
      } else if place == 0, family.generation >= 3 {
        part["thoughtSignature"] = "skip_thought_signature_validator"
      }
      return .object(part)
    }
  }

  /// From Gemini 3 on a picture is part of the response; before, models were not shown any there.
  private static func result(_ message: Message, family: GeminiFamily) throws(ModelError) -> JSON {
    let content = message.content.object == nil ? JSON.string(message.text) : message.content
    let key = message.status == .error ? "error" : "result"
    var response: [String: JSON] = [
      "name": .string(message.name ?? "tool"), "response": .object([key: content]),
    ]
    if family.generation >= 3, let picture = message.resultPicture {
      response["parts"] = [try part(.image(mediaType: picture.mediaType, data: picture.data))]
    }
    return ["functionResponse": .object(response)]
  }
}

/// What is peculiar to generations of Gemini, by their names.
struct GeminiFamily {
  let generation: Double
  let makesImages: Bool

  init(_ model: String) {
    let digits = model.split(separator: "gemini-").last?.prefix { "0123456789.".contains($0) } ?? ""
    generation = Double(digits) ?? (model.contains("gemini-pro") ? 1 : 3)
    makesImages = model.contains("-image")
  }
}
