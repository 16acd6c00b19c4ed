import Conversation
import Foundation
import Transport

/// Amazon Bedrock's Converse stream, for Claude and all other models it serves. Source:
/// docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html, November 2026.
struct BedrockChat: ChatModel {
  private let parameters: ModelParameters
  private let endpoint: Endpoint
  private let access: Access
  private let client: HTTPClient

  /// How a request proves whose it is.
  struct Access: Sendable {
    var region: String
    /// Asked at each call: temporary credentials change. Not needed with a Bedrock API key.
    var credentials: @Sendable () -> AWSCredentials?
  }

  init(_ parameters: ModelParameters, endpoint: Endpoint, access: Access, client: HTTPClient) {
    self.parameters = parameters
    self.endpoint = endpoint
    self.access = access
    self.client = client
  }

  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let path = "/model/\(parameters.model.pathEscaped)/converse-stream"
    var http = try HTTPRequest.modelCall(
      endpoint.baseURL.trimmingTrailingSlashes + path, headers: [],
      body: BedrockRequest(request, parameters), deadlines: endpoint.deadlines, proxy: endpoint.proxy)
    let secrets = try authorize(&http)
    try await StreamedCall<BedrockStreamReader>(client: client, refusals: .bedrock(secrets: secrets))
      .run(http, BedrockStreamReader(), receive: receive)
  }

  /// - Returns: what the server must not be quoted with.
  private func authorize(_ request: inout HTTPRequest) throws(ModelError) -> [String] {
    if let key = endpoint.apiKey {
      request.headers += endpoint.bearer
      return [key]
    }
    guard let credentials = access.credentials() else {
      throw .misconfigured(
        "Amazon Bedrock needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put them into "
          + "~/.aws/credentials.")
    }
    guard let url = URLComponents(string: request.url), let host = url.host else {
      throw .misconfigured("The address of the model's server is no http or https URL.")
    }
    let signature = AWSSignature(credentials: credentials, region: access.region, service: "bedrock")
    let signed = AWSSignature.Request(
      method: request.method, host: url.port.map { "\(host):\($0)" } ?? host, path: url.percentEncodedPath,
      headers: request.headers, body: request.body ?? [])
    request.headers += signature.headers(for: signed, at: Date())
    return [credentials.accessKeyID, credentials.secretAccessKey]
      + (credentials.sessionToken.map { [$0] } ?? [])
  }
}

extension Refusals {
  /// Source: docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html, November 2026.
  static func bedrock(secrets: [String]) -> Refusals {
    Refusals(secrets: secrets) { status, _, message in
      if status == 400, isAboutLength(message) { return .contextTooLong }
      // An expired token, a key that is none, or no access to that model.
      if status == 400, message.contains("security token") { return .unauthorized }
      if status == 424 { return .unavailable(status: status) }
      return nil
    }
  }

  static func bedrock(exception: String, message: String) -> ModelError {
    switch exception {
    case "throttlingException": .rateLimited(retryAfterSeconds: RetryHint.seconds(inWords: message))
    case "serviceUnavailableException": .unavailable(status: 503)
    case "validationException":
      isAboutLength(message) ? .contextTooLong : .rejected(status: 400, message: message)
    default: .cut(cause: "the server reported: \(exception) \(message.prefix(messageCharacters))")
    }
  }

  private static func isAboutLength(_ message: String) -> Bool {
    ["Input is too long", "prompt is too long", "maximum context length", "too many input tokens"].contains {
      message.localizedCaseInsensitiveContains($0)
    }
  }
}
