/// A request made ready for one exchange: judged, its URL parsed. Redirects make the next hop of it.
struct Hop: Sendable {
  let method: String
  private(set) var url: WebURL
  private(set) var headers: [HTTPHeader]
  let body: [UInt8]?
  let proxy: String?
  let deadlines: Deadlines
  let maxBodyBytes: Int
  let acceptsCompression: Bool

  init(_ request: HTTPRequest, policy: EgressPolicy) throws(TransportError) {
    try Self.check(request)
    if policy.judgesAddresses, request.proxy != nil {
      throw .invalidRequest("a proxy would hide the address that this policy must judge")
    }
    method = request.method
    url = try WebURL(request.url, allowsCredentials: !policy.judgesAddresses)
    headers = request.headers
    body = request.body
    proxy = policy.judgesAddresses ? "" : request.proxy
    deadlines = request.deadlines
    maxBodyBytes = request.maxBodyBytes
    acceptsCompression = request.acceptsCompression
  }

  /// Whether doing it twice does no more than doing it once, as far as HTTP promises.
  var isRepeatable: Bool { method == "GET" || method == "HEAD" }

  /// The hop a redirect asks for, nil where there is none to follow. What the caller sent along stays
  /// behind when the origin changes: it may be a key.
  func redirected(by head: HTTPHead) throws(TransportError) -> Hop? {
    guard isRepeatable, [301, 302, 303, 307, 308].contains(head.status),
      let location = head.headers["location"]
    else { return nil }
    var next = self
    next.url = try url.following(location)
    if next.url.origin != url.origin {
      next.headers.removeAll { !Self.carriedAcross.contains($0.name.lowercased()) }
    }
    return next
  }

  private static let carriedAcross: Set<String> = ["accept", "accept-language", "user-agent"]

  /// The transport's own: a caller that set them could smuggle or misroute a request.
  private static let framing: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer",
    "expect", "accept-encoding", "proxy-authorization", "proxy-connection", "http2-settings",
  ]

  private static func check(_ request: HTTPRequest) throws(TransportError) {
    guard (1...16).contains(request.method.utf8.count),
      request.method.utf8.allSatisfy({ (0x41...0x5A).contains($0) })
    else { throw .invalidRequest("the method is not a word in capitals") }
    guard request.headers.count <= TransportLimits.requestFields else {
      throw .invalidRequest("too many headers")
    }
    guard (request.body?.count ?? 0) <= TransportLimits.requestBodyBytes else {
      throw .invalidRequest("the body is larger than 64 MB")
    }
    guard request.body == nil || request.method != "HEAD" else {
      throw .invalidRequest("a HEAD request has no body")
    }
    for header in request.headers { try check(header) }
  }

  private static func check(_ header: HTTPHeader) throws(TransportError) {
    guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
      throw .invalidRequest("a header's name is not a token")
    }
    guard !framing.contains(header.name.lowercased()) else {
      throw .invalidRequest("the header \(header.name) belongs to the transport")
    }
    guard header.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
      throw .invalidRequest("the value of \(header.name) holds a control character")
    }
    guard header.name.utf8.count + header.value.utf8.count <= TransportLimits.requestFieldBytes else {
      throw .invalidRequest("the header \(header.name.prefix(64)) is longer than 16 KB")
    }
  }

  /// RFC 9110 §5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
