import Conversation
import Transport

/// What OpenAI's errors, and failures on the way there, amount to.
enum OpenAIFailure {
  /// Characters of a server's own words that are passed on.
  private static let messageCharacters = 400

  /// - Parameter key: taken out of the server's words, should it repeat it.
  static func error(for error: TransportError, hiding key: String?) -> ModelError {
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
    case .rateLimited(let seconds, let body):
      isQuotaUsedUp(body)
        ? .rejected(status: 429, message: message(in: body, hiding: key))
        : .rateLimited(retryAfterSeconds: seconds)
    case .status(let status, let body): refusal(status, body, hiding: key)
    case .busy: .unavailable(status: 503)
    case .cancelled: .cancelled
    }
  }

  private static func refusal(_ status: Int, _ body: [UInt8], hiding key: String?) -> ModelError {
    switch status {
    case 401, 403: .unauthorized
    case 500...: .unavailable(status: status)
    default:
      isContextTooLong(body)
        ? .contextTooLong : .rejected(status: status, message: message(in: body, hiding: key))
    }
  }

  /// An error object in the middle of a stream.
  static func error(inStream error: JSON) -> ModelError {
    let words = error["message"]?.string ?? error.string ?? "no reason given"
    return .cut(cause: "the server reported: \(words.prefix(messageCharacters))")
  }

  private static func isContextTooLong(_ body: [UInt8]) -> Bool {
    let code = (try? JSON(parsing: body))?["error"]?["code"]?.string
    return code == "context_length_exceeded"
  }

  /// Waiting does not help when the money is used up.
  private static func isQuotaUsedUp(_ body: [UInt8]) -> Bool {
    (try? JSON(parsing: body))?["error"]?["code"]?.string == "insufficient_quota"
  }

  private static func message(in body: [UInt8], hiding key: String?) -> String {
    let error = (try? JSON(parsing: body))?["error"]
    let words = error?["message"]?.string ?? error?.string ?? String(decoding: body, as: UTF8.self)
    let hidden = key.map { $0.isEmpty ? words : words.replacing($0, with: "…") } ?? words
    return String(hidden.prefix(messageCharacters))
  }
}
