/// Makes requests under one egress policy, over a pool of connections and a thread of its own.
///
/// Trusted providers and addresses named by users, documents or models never share a client: a pooled
/// connection is reused without asking where it leads.
package final class HTTPClient: Sendable {
  private let policy: EgressPolicy
  private let identity: ClientIdentity
  private let loop: CurlLoop

  /// - Parameters:
  ///   - authoritiesFile: certificate authorities in PEM, in place of the system's.
  ///   - pinnedKey: take a server for who it should be by this public key alone, as `sha256//` and base64.
  ///   - maxTransfers: requests under way at once; one more fails with `busy`.
  package init(
    policy: EgressPolicy, userAgent: String = "opengpts", authoritiesFile: String? = nil,
    pinnedKey: String? = nil, maxTransfers: Int = 512
  ) {
    self.policy = policy
    self.identity = ClientIdentity(
      userAgent: userAgent, authoritiesFile: authoritiesFile, pinnedKey: pinnedKey)
    self.loop = CurlLoop(maxTransfers: maxTransfers)
  }

  deinit { loop.post(.close) }

  /// The response as soon as its head is there, of any status; its body follows as it is read.
  ///
  /// Redirects of GET and HEAD are followed within the policy. A status worth retrying comes back as it
  /// is when the tries are used up or the peer asks for a longer wait than the policy grants.
  /// - Parameter onRetry: told before each wait, with its seconds and the status or error behind it.
  package func send(
    _ request: HTTPRequest, onRetry: (@Sendable (RetryNotice) -> Void)? = nil
  ) async throws(TransportError) -> HTTPResponse {
    try await send(request, highWaterBytes: TransportLimits.highWaterBytes, onRetry: onRetry)
  }

  /// The response with its whole body, at most `maxBodyBytes` of it.
  package func fetch(
    _ request: HTTPRequest, onRetry: (@Sendable (RetryNotice) -> Void)? = nil
  ) async throws(TransportError) -> (head: HTTPHead, body: [UInt8]) {
    // All of it is wanted, so nothing is held back: what libcurl decodes never waits in its own memory.
    let response = try await send(request, highWaterBytes: request.maxBodyBytes, onRetry: onRetry)
    return (response.head, try await response.body.collect(limitBytes: request.maxBodyBytes))
  }

  /// The events of a stream: status 200 and `text/event-stream`, anything else is thrown with the start
  /// of the reply.
  package func events(
    _ request: HTTPRequest, onRetry: (@Sendable (RetryNotice) -> Void)? = nil
  ) async throws(TransportError) -> ServerSentEvents {
    ServerSentEvents(
      try await stream(request, contentTypes: ServerSentEventParser.contentTypes, onRetry: onRetry))
  }

  /// The response of a stream of one of these media types: status 200, anything else is thrown with the start
  /// of the reply.
  package func stream(
    _ request: HTTPRequest, contentTypes: [String], onRetry: (@Sendable (RetryNotice) -> Void)? = nil
  ) async throws(TransportError) -> HTTPResponse {
    var request = request
    request.acceptsCompression = false
    if request.headers["accept"] == nil {
      request.headers.append(HTTPHeader("Accept", contentTypes.joined(separator: ", ")))
    }
    let response = try await send(request, onRetry: onRetry)
    guard response.status == 200 else { throw await Self.refusal(response) }
    guard contentTypes.contains(response.head.contentType) else {
      throw .notEventStream(contentType: String(response.head.contentType.prefix(100)))
    }
    return response
  }

  /// Ends every request with `cancelled` and returns when the thread is gone.
  package func shutdown() async {
    await loop.close()
  }

  private static func refusal(_ response: HTTPResponse) async -> TransportError {
    let body = await response.body.prefix(limitBytes: TransportLimits.errorBodyBytes)
    let wait = response.head.retryAfterSeconds
    if response.status == 429 || (response.status == 503 && wait != nil) {
      return .rateLimited(retryAfterSeconds: wait, body: body)
    }
    return .status(response.status, body: body)
  }

  private func send(
    _ request: HTTPRequest, highWaterBytes: Int, onRetry: (@Sendable (RetryNotice) -> Void)?
  ) async throws(TransportError) -> HTTPResponse {
    let finishBy = ContinuousClock.now + .bounded(seconds: request.deadlines.totalSeconds)
    let first = try Hop(request, policy: policy)
    var random = SystemRandomNumberGenerator()
    var attempt = 1
    while true {
      let outcome = await attemptOnce(
        first, followsRedirects: request.followsRedirects, highWaterBytes: highWaterBytes, finishBy: finishBy)
      let wait = request.retry.delaySeconds(
        afterAttempt: attempt, outcome.map(\.head), isRepeatable: first.isRepeatable, using: &random)
      guard let wait, ContinuousClock.now + .bounded(seconds: wait) < finishBy else {
        return try outcome.get()
      }
      if case .success(let response) = outcome { response.body.source.cancel() }
      onRetry?(RetryNotice(attempt: attempt, waitSeconds: wait, outcome: outcome.map(\.head)))
      do { try await Task.sleep(for: .bounded(seconds: wait)) } catch { throw .cancelled }
      attempt += 1
    }
  }

  private func attemptOnce(
    _ first: Hop, followsRedirects: Bool, highWaterBytes: Int, finishBy: DeadlineClock.Instant
  ) async -> Result<HTTPResponse, TransportError> {
    var hop = first
    do throws(TransportError) {
      for _ in 0...policy.maxRedirects {
        let response = try await exchange(hop, highWaterBytes: highWaterBytes, finishBy: finishBy)
        guard followsRedirects, let next = try hop.redirected(by: response.head) else {
          return .success(response)
        }
        hop = next
      }
      throw .tooManyRedirects(limit: policy.maxRedirects)
    } catch {
      return .failure(error)
    }
  }

  private func exchange(
    _ hop: Hop, highWaterBytes: Int, finishBy: DeadlineClock.Instant
  ) async throws(TransportError) -> HTTPResponse {
    if Task.isCancelled { throw .cancelled }
    let transfer = Transfer(
      hop, policy: policy, identity: identity, highWaterBytes: highWaterBytes, finishBy: finishBy)
    let source = ResponseSource(transfer, loop: loop, client: self)
    try loop.start(transfer)
    return HTTPResponse(head: try await source.head(), body: HTTPBody(source: source))
  }
}

/// What is told before a retry.
package struct RetryNotice: Sendable {
  /// The attempt that failed, from 1.
  package let attempt: Int
  package let waitSeconds: Double
  package let outcome: Result<HTTPHead, TransportError>
}
