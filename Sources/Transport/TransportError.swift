/// Why a request failed, told as what its caller can do about it. No case carries a header's value,
/// a query or credentials, so each may be logged.
package enum TransportError: Error, Sendable, Equatable {
  /// The request breaks a rule of this room (a line break in a header, a header that belongs to the
  /// transport, an oversized body): mend the request.
  case invalidRequest(String)
  /// Not an absolute http or https URL that may be used here: mend the URL.
  case invalidURL(String)
  /// The egress policy forbids the address the host led to: ask the administrator to allow it.
  case blocked(address: String)
  /// No connection came about (name not found, refused, no route): try later or elsewhere.
  case unreachable(cause: String)
  /// The peer could not prove who it is, or speaks no common TLS: never retried, never weakened.
  case tls(cause: String)
  /// One of the request's own deadlines passed.
  case timedOut(Deadline)
  /// More came than the caller asked to hold, counted after decompression.
  case tooLarge(limitBytes: Int)
  /// The connection ended inside the response; what came before was handed over.
  case cut(receivedBytes: Int)
  case tooManyRedirects(limit: Int)
  /// The peer sent something that is not HTTP, or an encoding that was not asked for.
  case malformedResponse(String)
  /// An event stream was asked for and something else came with a success status.
  case notEventStream(contentType: String)
  /// Status 429, or 503 with a wait: come back after `retryAfterSeconds`. `body` is the start of the reply.
  case rateLimited(retryAfterSeconds: Double?, body: [UInt8])
  /// Any other status where an event stream was asked for. `body` is the start of the reply.
  case status(Int, body: [UInt8])
  /// So many requests are under way that this one was not begun.
  case busy(limit: Int)
  /// The consuming task was cancelled, the body was let go, or the client was shut down.
  case cancelled
}

extension TransportError: CustomStringConvertible {
  /// A sentence for a log or an administrator; bodies of replies are left out.
  package var description: String {
    switch self {
    case .invalidRequest(let reason): "the request is invalid: \(reason)"
    case .invalidURL(let reason): "the URL is invalid: \(reason)"
    case .blocked(let address): "the egress policy forbids \(address)"
    case .unreachable(let cause): "no connection: \(cause)"
    case .tls(let cause): "no secure connection: \(cause)"
    case .timedOut(let deadline): "the \(deadline) deadline passed"
    case .tooLarge(let limit): "more than \(limit) bytes came"
    case .cut(let received): "the connection was cut after \(received) bytes of the body"
    case .tooManyRedirects(let limit): "more than \(limit) redirects"
    case .malformedResponse(let reason): "the reply is malformed: \(reason)"
    case .notEventStream(let type): "no event stream came, but \(type.isEmpty ? "no type" : type)"
    case .rateLimited(nil, _): "the peer asks to come back later"
    case .rateLimited(let seconds?, _): "the peer asks to come back in \(seconds) s"
    case .status(let status, _): "the peer answered with status \(status)"
    case .busy(let limit): "\(limit) requests are under way already"
    case .cancelled: "cancelled"
    }
  }
}
