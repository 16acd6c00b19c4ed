import Conversation
import Transport

/// What a vendor's refusals, and failures on the way there, amount to.
struct Refusals: Sendable {
  /// Characters of a server's own words that are passed on.
  static let messageCharacters = 400

  /// Taken out of the server's words, should it repeat them.
  var secrets: [String] = []
  /// What is peculiar to the vendor; nil leaves it to the status.
  var reading: @Sendable (_ status: Int, _ body: JSON, _ message: String) -> ModelError? = { _, _, _ in nil }

  func error(for error: TransportError) -> ModelError {
    switch error {
    case .invalidRequest(let why): .misconfigured("The request to the model's server is not valid: \(why).")
    case .invalidURL: .misconfigured("The address of the model's server is no http or https URL.")
    case .blocked(let address): .misconfigured("The address \(address) may not be reached from this server.")
    case .unreachable(let cause), .tls(let cause): .unreachable(cause: cause)
    case .timedOut(let deadline): .timedOut(cause: "\(deadline)")
    case .tooLarge: .tooLarge
    case .cut(let bytes): .cut(cause: "the connection ended after \(bytes) bytes")
    case .tooManyRedirects, .malformedResponse: .malformed("\(error)")
    case .notEventStream(let type): .malformed("no event stream came, but \(type)")
    case .rateLimited(let seconds, let body): rateLimit(seconds, body)
    case .status(let status, let body): special(status, body) ?? refusal(status, body)
    case .busy: .unavailable(status: 503)
    case .cancelled: .cancelled
    }
  }

  /// The wait is the header's, else the one that the body names.
  private func rateLimit(_ seconds: Double?, _ body: [UInt8]) -> ModelError {
    let error = special(429, body) ?? .rateLimited(retryAfterSeconds: nil)
    guard case .rateLimited(let special) = error else { return error }
    return .rateLimited(retryAfterSeconds: seconds ?? special ?? RetryHint.seconds(in: body))
  }

  private func special(_ status: Int, _ body: [UInt8]) -> ModelError? {
    let parsed = (try? JSON(parsing: body)) ?? nil
    return reading(status, parsed, message(in: body))
  }

  private func refusal(_ status: Int, _ body: [UInt8]) -> ModelError {
    switch status {
    case 401, 403: .unauthorized
    case 500...: .unavailable(status: status)
    default: .rejected(status: status, message: message(in: body))
    }
  }

  // MARK: Words

  /// The server's own words, without keys, short enough to read.
  func message(in body: [UInt8]) -> String {
    let words = (try? JSON(parsing: body)).flatMap(Self.words) ?? String(decoding: body, as: UTF8.self)
    return readable(words)
  }

  /// Where vendors put them.
  static func words(in body: JSON) -> String? {
    let error = body["error"] ?? body[0]?["error"]
    return error?["message"]?.string ?? error?.string ?? body["message"]?.string ?? body["Message"]?.string
      ?? body["detail"]?.string
  }

  func readable(_ words: String) -> String {
    String(
      secrets.filter { !$0.isEmpty }.reduce(words) { $0.replacing($1, with: "…") }
        .prefix(Self.messageCharacters))
  }

  func hidingKeys(_ error: ModelError) -> ModelError {
    switch error {
    case .rejected(let status, let message): .rejected(status: status, message: readable(message))
    case .cut(let cause): .cut(cause: readable(cause))
    case .malformed(let cause): .malformed(readable(cause))
    case .misconfigured, .unreachable, .timedOut, .unauthorized, .rateLimited, .unavailable, .suspended,
      .contextTooLong, .tooLarge, .cancelled:
      error
    }
  }
}
