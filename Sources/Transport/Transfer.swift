import CCurl

/// One hop on its way: its libcurl handle, its clock, and what has been received of it.
// SAFETY: everything mutable is touched by the loop's thread alone, in libcurl's callbacks and in
// `CurlLoop`; other threads only carry the reference and use `exchange`, which is Sendable.
final class Transfer: @unchecked Sendable {
  let hop: Hop
  let exchange: Exchange
  var clock: DeadlineClock

  private let policy: EgressPolicy
  private let identity: ClientIdentity
  private let mayPause: Bool
  private(set) var easy: UnsafeMutableRawPointer?
  private var fields: UnsafeMutablePointer<curl_slist>?
  private var head = HeadReader()
  private var receivedBytes = 0
  /// Why a callback stopped the transfer; it outranks what libcurl then reports.
  private var verdict: TransportError?
  private var refused: String?

  init(
    _ hop: Hop, policy: EgressPolicy, identity: ClientIdentity, highWaterBytes: Int,
    finishBy: DeadlineClock.Instant
  ) {
    self.hop = hop
    self.policy = policy
    self.identity = identity
    self.mayPause = highWaterBytes < hop.maxBodyBytes
    self.exchange = Exchange(highWaterBytes: highWaterBytes)
    self.clock = DeadlineClock(hop.deadlines, finishBy: finishBy, now: .now)
  }

  // MARK: The handle's life, on the loop's thread

  /// The handle, made ready.
  func open() throws(TransportError) -> UnsafeMutableRawPointer {
    guard let easy = curl_easy_init() else { throw .unreachable(cause: "out of memory") }
    self.easy = easy
    var options = CurlOptions(easy)
    options.apply(identity)
    options.apply(hop, mayPause: mayPause)
    fields = options.fields(hop.headers, hasBody: hop.body != nil)
    options.install(callbacksOf: self)
    guard !options.hasFailed else { throw .unreachable(cause: "libcurl refused an option") }
    clock.enter(.connecting, now: .now)
    return easy
  }

  func close() {
    if let easy { curl_easy_cleanup(easy) }
    curl_slist_free_all(fields)
    easy = nil
    fields = nil
  }

  /// How it ended, by libcurl's word and the callbacks'.
  func outcome(_ code: CURLcode) -> Result<Void, TransportError> {
    if let verdict { return .failure(verdict) }
    if code == CURLE_OK { return .success(()) }
    if let refused, clock.phase == .connecting { return .failure(.blocked(address: refused)) }
    return .failure(CurlFailure.error(code, phase: clock.phase, receivedBytes: receivedBytes))
  }

  // MARK: What libcurl calls

  /// Whether a socket to this address may be opened; nil is an address of neither IP family.
  func mayConnect(to address: IPAddress?) -> Bool {
    guard policy.judgesAddresses else { return true }
    if let address, policy.permits(address) { return true }
    refused = address?.description ?? "not an IP address"
    return false
  }

  /// The connection stands and the request is about to be sent. Asked for reused connections too, for
  /// which no socket is opened.
  func mayBegin(peer: String) -> Bool {
    guard mayConnect(to: IPAddress(peer)) else {
      verdict = .blocked(address: peer)
      return false
    }
    clock.enter(.awaitingHead, now: .now)
    return true
  }

  /// False stops the transfer.
  func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
    do {
      guard let (status, headers) = try head.read(line) else { return true }
      try refuseUnaskedEncodings(headers)
      clock.enter(.receiving, now: .now)
      exchange.deliver(HTTPHead(status: status, headers: headers, url: hop.url.text))
      return true
    } catch {
      verdict = error
      return false
    }
  }

  enum Reception { case taken, heldBack, stopped }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
    guard bytes.count <= hop.maxBodyBytes - receivedBytes else {
      verdict = .tooLarge(limitBytes: hop.maxBodyBytes)
      return .stopped
    }
    guard exchange.deliver(bytes) else {
      clock.enter(.heldBack, now: .now)
      return .heldBack
    }
    receivedBytes += bytes.count
    clock.enter(.receiving, now: .now)
    return .taken
  }

  /// One layer of gzip or deflate grows at most about a thousandfold; libcurl would also undo stacked
  /// layers and richer encodings that nobody asked for, and hold what a paused reader has no room for.
  private func refuseUnaskedEncodings(_ headers: [HTTPHeader]) throws(TransportError) {
    let asked: Set<String> = hop.acceptsCompression ? ["gzip", "x-gzip", "deflate"] : []
    let content = Self.codings(headers.values("content-encoding"), except: "identity")
    let transfer = Self.codings(headers.values("transfer-encoding"), except: "chunked")
    guard content.count <= 1, content.allSatisfy(asked.contains), transfer.allSatisfy({ $0 == "identity" })
    else { throw .malformedResponse("an encoding that was not asked for") }
  }

  private static func codings(_ values: [String], except plain: String) -> [String] {
    values.flatMap { $0.split(separator: ",") }
      .map { $0.filter { !$0.isWhitespace }.lowercased() }
      .filter { !$0.isEmpty && $0 != plain }
  }
}
