import Conversation
package import Transport

/// OpenAI's Chat Completions, as OpenAI and everybody compatible with it serve them: llama.cpp, vLLM,
/// LM Studio, Groq, Mistral and others. Source: platform.openai.com/docs/api-reference/chat, November 2026.
package struct OpenAIChat: ChatModel {
  private let dialect: OpenAIDialect
  private let parameters: ModelParameters
  private let endpoint: Endpoint
  private let client: HTTPClient

  /// - Parameters:
  ///   - model: what the server calls it.
  ///   - endpoint: up to and with `/v1`.
  ///   - client: one whose egress policy allows the endpoint.
  package init(model: String, endpoint: Endpoint, client: HTTPClient) {
    self.init(ModelParameters(model: model), endpoint: endpoint, dialect: .openAI, client: client)
  }

  init(_ parameters: ModelParameters, endpoint: Endpoint, dialect: OpenAIDialect, client: HTTPClient) {
    self.dialect = dialect
    self.parameters = parameters
    self.endpoint = endpoint
    self.client = client
  }

  package func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let http = try HTTPRequest.modelCall(
      endpoint.baseURL.trimmingTrailingSlashes + "/chat/completions" + dialect.query, headers: headers,
      body: OpenAIRequest(request, parameters, dialect: dialect), deadlines: endpoint.deadlines,
      proxy: endpoint.proxy)
    try await StreamedCall<OpenAIStreamReader>(
      client: client, refusals: .openAI(key: endpoint.apiKey), maxFrameBytes: dialect.maxFrameBytes
    ).run(http, OpenAIStreamReader(), receive: receive)
  }

  private var headers: [HTTPHeader] {
    let key = endpoint.apiKey.map { [dialect.keyHeader($0)] } ?? []
    return key + (endpoint.organization.map { [HTTPHeader("OpenAI-Organization", $0)] } ?? [])
  }
}

/// In what those who speak like OpenAI differ.
struct OpenAIDialect: Sendable {
  /// Appended to the address, with its question mark.
  var query = ""
  var keyHeader: @Sendable (String) -> HTTPHeader = { HTTPHeader("Authorization", "Bearer \($0)") }
  /// OpenAI's own parameters of reasoning models are understood.
  var knowsReasoning = false
  /// What was thought on the way to a tool call is to be sent back (DeepSeek refuses the request otherwise;
  /// api-docs.deepseek.com/guides/thinking_mode, November 2026).
  var returnsThoughts = false
  /// Replies may hold pictures, in one event.
  var maxFrameBytes = TransportLimits.eventBytes

  static let openAI = OpenAIDialect(knowsReasoning: true)
}
