import Conversation
import Transport

/// OpenAI's Responses API, for its own reasoning models: they call tools while they reason only here, and want
/// their thoughts back. Compatible servers know Chat Completions.
/// Source: developers.openai.com/api/docs/guides/reasoning, November 2026.
struct OpenAIResponses: ChatModel {
  private let parameters: ModelParameters
  private let endpoint: Endpoint
  private let client: HTTPClient

  init(_ parameters: ModelParameters, endpoint: Endpoint, client: HTTPClient) {
    self.parameters = parameters
    self.endpoint = endpoint
    self.client = client
  }

  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let organization = endpoint.organization.map { [HTTPHeader("OpenAI-Organization", $0)] } ?? []
    let http = try HTTPRequest.modelCall(
      endpoint.baseURL.trimmingTrailingSlashes + "/responses", headers: endpoint.bearer + organization,
      body: OpenAIResponsesRequest(request, parameters), deadlines: endpoint.deadlines, proxy: endpoint.proxy)
    try await StreamedCall<OpenAIResponsesReader>(client: client, refusals: .openAI(key: endpoint.apiKey))
      .run(http, OpenAIResponsesReader(), receive: receive)
  }
}

/// The body of a response.
struct OpenAIResponsesRequest: Encodable {
  let model: String
  let instructions: String?
  let input: [JSON]
  let tools: [JSON]?
  let maxOutputTokens: Int?
  let reasoning: JSON?
  let stream = true
  /// OpenAI keeps nothing of the conversation, so that thoughts come sealed, to be sent back.
  let store = false
  let include = ["reasoning.encrypted_content"]

  enum CodingKeys: String, CodingKey {
    case model, instructions, input, tools, reasoning, stream, store, include
    case maxOutputTokens = "max_output_tokens"
  }

  init(_ request: ChatRequest, _ parameters: ModelParameters) {
    model = parameters.model
    instructions = request.system
    input = request.messages.flatMap(Self.items)
    tools = request.tools.isEmpty ? nil : request.tools.map(Self.tool)
    maxOutputTokens = parameters.maxOutputTokens
    reasoning = parameters.effort.map { ["effort": .string($0)] }
  }

  private static func tool(_ tool: ToolSpecification) -> JSON {
    [
      "type": "function", "name": .string(tool.name), "description": .string(tool.description),
      "parameters": tool.parameters,
      // Strict schemas demand that every argument is required.
      "strict": false,
    ]
  }

  // MARK: Items

  private static func items(of message: Message) -> [JSON] {
    switch message.role {
    case .ai: reply(message)
    case .tool:
      [
        [
          "type": "function_call_output", "call_id": .string(message.toolCallID ?? ""),
          "output": output(of: message),
        ]
      ]
    case .system: [["role": "developer", "content": .string(message.text)]]
    case .human, .function, .chat: [["role": "user", "content": .array(message.parts.map(part))]]
    }
  }

  private static func output(of result: Message) -> JSON {
    guard let picture = result.resultPicture else { return .string(result.text) }
    let words = result.text.isEmpty ? [] : [part(.text(result.text))]
    return .array(words + [part(.image(mediaType: picture.mediaType, data: picture.data))])
  }

  /// A thought stands before what it led to.
  private static func reply(_ message: Message) -> [JSON] {
    let said = message.spoken(by: OpenAIResponsesReader.vendor).compactMap { piece -> JSON? in
      switch piece {
      case .part(.text(let text)):
        ["role": "assistant", "content": [["type": "output_text", "text": .string(text)]]]
      case .part(.image), .part(.imageAddress): nil
      case .thought(let thought): item(thought)
      }
    }
    let calls = message.toolCalls.map { call -> JSON in
      [
        "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
        "arguments": .string(call.arguments.text),
      ]
    }
    return said + calls
  }

  private static func item(_ thought: Thought) -> JSON? {
    guard let sealed = thought.redacted else { return nil }
    var item: [String: JSON] = ["type": "reasoning", "encrypted_content": .string(sealed), "summary": []]
    if let id = thought.signature { item["id"] = .string(id) }
    return .object(item)
  }

  private static func part(_ part: MessagePart) -> JSON {
    switch part {
    case .text(let text): ["type": "input_text", "text": .string(text)]
    case .imageAddress(let url): ["type": "input_image", "image_url": .string(url)]
    case .image(let type, let data):
      ["type": "input_image", "image_url": .string("data:\(type);base64,\(data)")]
    }
  }
}
