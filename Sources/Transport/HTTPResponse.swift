import CCurl

/// A response's status line and header fields.
package struct HTTPHead: Sendable, Equatable {
  package var status: Int
  package var headers: [HTTPHeader]
  /// The address that answered, after redirects; its query may hold a key, so descriptions leave it out.
  package var url: String

  package init(status: Int, headers: [HTTPHeader], url: String) {
    self.status = status
    self.headers = headers
    self.url = url
  }

  /// The media type in lower case, without parameters; empty when the peer named none.
  package var contentType: String {
    let full = headers["content-type"] ?? ""
    let type = full.prefix { $0 != ";" }
    return String(type.filter { !$0.isWhitespace }).lowercased()
  }

  /// The wait the peer asks for, as seconds from now: `Retry-After` with a number or a date (RFC 9110 §10.2.3), or
  /// the milliseconds that OpenAI and Azure name beside it, which are exact.
  package var retryAfterSeconds: Double? {
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
      if let seconds = headers[name].flatMap(Self.number).map({ $0 / 1_000 }) { return seconds }
    }
    guard let text = headers["retry-after"] else { return nil }
    if Double(text) != nil { return Self.number(text) }
    let date = curl_getdate(text, nil)
    guard date > 0 else { return nil }
    return max(0, Double(date - time(nil)))
  }

  /// A time without end is cut to a year, so that nobody who reckons with it goes out of bounds.
  private static func number(_ text: String) -> Double? {
    Double(text).flatMap { $0.isFinite && $0 >= 0 ? min($0, 366 * 86_400 * 1_000) : nil }
  }
}

extension HTTPHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(status) from \(WebURL.redacted(url))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["head": description]) }
}

/// A response whose body is still on its way.
package struct HTTPResponse: Sendable {
  package let head: HTTPHead
  /// Letting go of it ends the transfer.
  package let body: HTTPBody

  package var status: Int { head.status }
  package var headers: [HTTPHeader] { head.headers }
}

/// The pieces of a body in the order they come, decoded. Back-pressured: at most
/// `TransportLimits.highWaterBytes` wait here, then the peer waits. To be read once, by one task.
///
/// Cancelling the reading task, or letting go of the response and its iterator, closes the connection.
package struct HTTPBody: AsyncSequence, Sendable {
  package typealias Element = [UInt8]
  package typealias Failure = TransportError

  let source: ResponseSource

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }

  package struct AsyncIterator: AsyncIteratorProtocol {
    let source: ResponseSource

    package mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TransportError) -> [UInt8]? {
      try await source.next()
    }
  }

  /// All bytes up to a limit; more is `tooLarge`.
  package func collect(limitBytes: Int) async throws(TransportError) -> [UInt8] {
    var all: [UInt8] = []
    while let piece = try await source.next() {
      guard all.count + piece.count <= limitBytes else {
        source.cancel()
        throw .tooLarge(limitBytes: limitBytes)
      }
      all.append(contentsOf: piece)
    }
    return all
  }

  /// The first bytes up to a limit, however the body ends: to explain an error reply.
  package func prefix(limitBytes: Int) async -> [UInt8] {
    var all: [UInt8] = []
    while all.count < limitBytes, let piece = try? await source.next() {
      all.append(contentsOf: piece.prefix(limitBytes - all.count))
    }
    return all
  }
}
