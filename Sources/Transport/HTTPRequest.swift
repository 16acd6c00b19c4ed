/// One request to make: what to send, how long it may take, how much may come back.
///
/// The URL is absolute, http or https. Framing headers (Host, Content-Length, Connection and the like)
/// belong to the transport and are refused.
package struct HTTPRequest: Sendable {
  package var method: String
  package var url: String
  package var headers: [HTTPHeader]
  package var body: [UInt8]?
  package var deadlines: Deadlines
  /// The most the response's body may measure, after decompression.
  package var maxBodyBytes: Int
  package var retry: RetryPolicy
  /// A proxy's URL; nil leaves it to the client's policy. Refused where the policy judges addresses.
  package var proxy: String?
  /// Whether gzip and deflate are offered. Off for event streams, so that memory stays exact.
  package var acceptsCompression = true
  /// Whether redirects of GET and HEAD are followed; else they are responses like others.
  package var followsRedirects = true

  package init(
    _ method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
    deadlines: Deadlines = .default, maxBodyBytes: Int = TransportLimits.bodyBytes,
    retry: RetryPolicy = .none, proxy: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadlines = deadlines
    self.maxBodyBytes = maxBodyBytes
    self.retry = retry
    self.proxy = proxy
  }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method and address without credentials, query or fragment: keys travel in them.
  package var description: String { "\(method) \(WebURL.redacted(url))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// The bounds of this room.
package enum TransportLimits {
  /// Default for a whole response body, decoded: far above any model reply or page worth reading.
  package static let bodyBytes = 32 << 20
  /// One server-sent event: a model's delta is under 1 KB, a tool's result under 1 MB.
  package static let eventBytes = 1 << 20
  /// What is held for a slow consumer before the peer is made to wait.
  package static let highWaterBytes = 256 << 10
  /// How much of an error reply is kept to explain it.
  package static let errorBodyBytes = 16 << 10
  /// Response heads are 1 to 4 KB in practice; both bounds are ten times what is seen.
  static let headBytes = 64 << 10
  static let headFields = 200
  /// A request's URL: longer ones are refused by most servers.
  static let urlBytes = 16 << 10
  /// A request's own fields.
  static let requestFields = 100
  static let requestFieldBytes = 16 << 10
  /// A request's body: a page of images for a model, base64, with room to spare.
  static let requestBodyBytes = 64 << 20
  /// Connections kept for the next request, per client.
  static let idleConnections = 64
}
