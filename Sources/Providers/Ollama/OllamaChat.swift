import Conversation
import Transport

/// Ollama's own API, which knows more than its imitation of OpenAI's: how much a model may read, whether it
/// thinks, what is installed. Source: docs.ollama.com/api/chat, November 2026.
struct OllamaChat: ChatModel {
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
    let http = try HTTPRequest.modelCall(
      endpoint.baseURL.trimmingTrailingSlashes + "/api/chat", headers: endpoint.bearer,
      body: OllamaRequest(request, parameters), deadlines: endpoint.deadlines, proxy: endpoint.proxy)
    try await StreamedCall<OllamaStreamReader>(
      client: client, refusals: .ollama(key: endpoint.apiKey, model: parameters.model)
    ).run(http, OllamaStreamReader(), receive: receive)
  }
}

extension Endpoint {
  var bearer: [HTTPHeader] { apiKey.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? [] }
}

extension Refusals {
  static func ollama(key: String?, model: String) -> Refusals {
    Refusals(secrets: key.map { [$0] } ?? []) { status, _, message in
      guard status == 404 else { return nil }
      return .misconfigured(
        "Ollama has no model \"\(model)\". Fetch it on its machine with: ollama pull \(model)")
    }
  }
}

/// The body of a chat.
struct OllamaRequest: Encodable {
  let model: String
  let messages: [JSON]
  let tools: [JSON]?
  let think: JSON?
  let options: JSON
  let stream = true

  init(_ request: ChatRequest, _ parameters: ModelParameters) throws(ModelError) {
    model = parameters.model
    var messages = request.system.map { [["role": "system", "content": .string($0)] as JSON] } ?? []
    for message in request.messages where message.role != .ai || !message.saysNothing {
      messages.append(try Self.message(message))
    }
    self.messages = messages
    tools = request.tools.isEmpty ? nil : request.tools.map(Self.tool)
    think = Self.think(parameters)
    options = Self.options(request, parameters)
  }

  /// Asking a model to think that cannot is refused, so it is only asked when the catalogue says so.
  private static func think(_ parameters: ModelParameters) -> JSON? {
    guard parameters.thinking else { return nil }
    switch parameters.effort {
    case nil: return true
    case "none": return false
    case let level?: return .string(level)
    }
  }

  /// Without `num_ctx` Ollama cuts the beginning of a long conversation off without a word.
  private static func options(_ request: ChatRequest, _ parameters: ModelParameters) -> JSON {
    var options: [String: JSON] = ["temperature": 0]
    if let tokens = parameters.contextTokens { options["num_ctx"] = .integer(tokens) }
    if let tokens = parameters.maxOutputTokens { options["num_predict"] = .integer(tokens) }
    if !request.stop.isEmpty { options["stop"] = .array(request.stop.map(JSON.string)) }
    return .object(options)
  }

  private static func tool(_ tool: ToolSpecification) -> JSON {
    [
      "type": "function",
      "function": [
        "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
      ],
    ]
  }

  private static func message(_ message: Message) throws(ModelError) -> JSON {
    switch message.role {
    case .tool:
      return [
        "role": "tool", "content": .string(message.text), "tool_name": .string(message.name ?? ""),
      ]
    case .ai: return reply(message)
    case .system: return ["role": "system", "content": .string(message.text)]
    case .human, .function, .chat: return try said(message)
    }
  }

  private static func reply(_ message: Message) -> JSON {
    var reply: [String: JSON] = ["role": "assistant", "content": .string(message.text)]
    if !message.toolCalls.isEmpty {
      reply["tool_calls"] = .array(
        message.toolCalls.map { call in
          ["function": ["name": .string(call.name), "arguments": call.arguments]]
        })
    }
    let thoughts = message.thoughts.filter { $0.vendor == OllamaStreamReader.vendor }.map(\.text)
    if !thoughts.isEmpty { reply["thinking"] = .string(thoughts.joined()) }
    return .object(reply)
  }

  private static func said(_ message: Message) throws(ModelError) -> JSON {
    var texts: [String] = []
    var images: [JSON] = []
    for part in message.parts {
      switch part {
      case .text(let text): texts.append(text)
      case .image(_, let data): images.append(.string(data))
      case .imageAddress: throw .imageByAddress
      }
    }
    var said: [String: JSON] = ["role": "user", "content": .string(texts.joined(separator: "\n"))]
    if !images.isEmpty { said["images"] = .array(images) }
    return .object(said)
  }
}
