import Conversation
import Transport

/// Google's Gemini, by API key or through Vertex AI. Source: ai.google.dev/api/generate-content and
/// cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference, November 2026.
struct GeminiChat: ChatModel {
  /// Pictures come whole, in one event; nothing else is as large.
  private static let pictureBytes = 16 << 20

  private let parameters: ModelParameters
  private let endpoint: Endpoint
  private let access: Access
  private let client: HTTPClient

  /// How a request proves whose it is.
  enum Access: Sendable {
    case apiKey
    case vertex(VertexTokens)
  }

  /// - Parameter endpoint: up to and with the path that `/models/…` follows on.
  init(_ parameters: ModelParameters, endpoint: Endpoint, access: Access, client: HTTPClient) {
    self.parameters = parameters
    self.endpoint = endpoint
    self.access = access
    self.client = client
  }

  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let (header, secret) = try await authorization()
    let url =
      "\(endpoint.baseURL.trimmingTrailingSlashes)/models/\(parameters.model.pathEscaped)"
      + ":streamGenerateContent?alt=sse"
    let http = try HTTPRequest.modelCall(
      url, headers: header, body: GeminiRequest(request, parameters), deadlines: endpoint.deadlines,
      proxy: endpoint.proxy)
    try await StreamedCall<GeminiStreamReader>(
      client: client, refusals: .gemini(secret: secret),
      maxFrameBytes: GeminiFamily(parameters.model).makesImages
        ? Self.pictureBytes : TransportLimits.eventBytes
    ).run(http, GeminiStreamReader(), receive: receive)
  }

  private func authorization() async throws(ModelError) -> (headers: [HTTPHeader], secret: String?) {
    switch access {
    case .apiKey: return (endpoint.apiKey.map { [HTTPHeader("x-goog-api-key", $0)] } ?? [], endpoint.apiKey)
    case .vertex(let tokens):
      let token = try await tokens.token()
      return ([HTTPHeader("Authorization", "Bearer \(token)")], token)
    }
  }
}

extension Refusals {
  /// Source: ai.google.dev/gemini-api/docs/troubleshooting, November 2026.
  static func gemini(secret: String?) -> Refusals {
    Refusals(secrets: secret.map { [$0] } ?? []) { status, body, message in
      let error = body["error"] ?? body[0]?["error"]
      let reasons = error?["details"]?.array?.compactMap { $0["reason"]?.string } ?? []
      if reasons.contains("API_KEY_INVALID") || message.contains("API key not valid") { return .unauthorized }
      if status == 400, message.contains("exceeds the maximum number of tokens") { return .contextTooLong }
      return nil
    }
  }

  /// An error object in the middle of a stream.
  static func gemini(inStream error: JSON) -> ModelError {
    switch error["code"] {
    case 429: .rateLimited(retryAfterSeconds: RetryHint.seconds(in: ["error": error]))
    case 500, 503: .unavailable(status: error["code"]?.integer ?? 500)
    case _:
      .cut(
        cause:
          "the server reported: \(error["message"]?.string?.prefix(messageCharacters) ?? "no reason given")")
    }
  }
}
