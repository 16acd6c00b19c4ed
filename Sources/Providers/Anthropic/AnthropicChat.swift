import Conversation
import Transport

/// Anthropic's Messages API. Source: platform.claude.com/docs/en/api/messages, November 2026.
struct AnthropicChat: ChatModel {
  /// Named by every request; the format has been stable under it since 2023.
  private static let version = "2023-06-01"

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
      endpoint.baseURL.trimmingTrailingSlashes + "/v1/messages", headers: headers,
      body: AnthropicRequest(request, parameters), deadlines: endpoint.deadlines, proxy: endpoint.proxy)
    try await StreamedCall<AnthropicStreamReader>(client: client, refusals: .anthropic(key: endpoint.apiKey))
      .run(http, AnthropicStreamReader(), receive: receive)
  }

  private var headers: [HTTPHeader] {
    [HTTPHeader("anthropic-version", Self.version)]
      + (endpoint.apiKey.map { [HTTPHeader("x-api-key", $0)] } ?? [])
  }
}

extension Refusals {
  /// Source: platform.claude.com/docs/en/api/errors, November 2026.
  static func anthropic(key: String?) -> Refusals {
    Refusals(secrets: key.map { [$0] } ?? []) { status, body, message in
      let type = body["error"]?["type"]?.string
      // Too long has no type of its own; the words have been these since 2023.
      if type == "invalid_request_error", message.contains("prompt is too long") { return .contextTooLong }
      if status == 413 || type == "request_too_large" { return .contextTooLong }
      return nil
    }
  }

  /// An `error` event in the middle of a stream.
  static func anthropic(inStream error: JSON) -> ModelError {
    let words = error["message"]?.string ?? "no reason given"
    switch error["type"]?.string {
    case "overloaded_error": return .unavailable(status: 529)
    case "rate_limit_error": return .rateLimited(retryAfterSeconds: RetryHint.seconds(inWords: words))
    default: return .cut(cause: "the server reported: \(words.prefix(messageCharacters))")
    }
  }
}
