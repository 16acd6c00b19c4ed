/// When a failed attempt is made again: before any byte of a body was handed over, for a connection
/// that did not come about and for statuses 429, 500, 502, 503, 504 and 529
/// (overloaded, as some vendors say).
///
/// Waits use full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015), so
/// that clients which failed together do not come back together.
package struct RetryPolicy: Sendable, Equatable {
  /// Tries in all; 1 is no retry.
  package var attempts: Int
  /// The first wait is up to this long, each later one up to twice the one before.
  package var baseSeconds: Double
  package var maxDelaySeconds: Double
  /// The longest Retry-After that is waited out; a longer one is the caller's to show.
  package var maxRetryAfterSeconds: Double

  package init(
    attempts: Int, baseSeconds: Double = 0.5, maxDelaySeconds: Double = 8,
    maxRetryAfterSeconds: Double = 30
  ) {
    self.attempts = attempts
    self.baseSeconds = baseSeconds
    self.maxDelaySeconds = maxDelaySeconds
    self.maxRetryAfterSeconds = maxRetryAfterSeconds
  }

  package static let none = RetryPolicy(attempts: 1)
  /// Two retries, at most 1.5 s of own waiting.
  package static let standard = RetryPolicy(attempts: 3)

  static let retriedStatuses: Set<Int> = [429, 500, 502, 503, 504, 529]

  /// Seconds to wait before the next attempt, nil to give up.
  func delaySeconds(
    afterAttempt attempt: Int, _ outcome: Result<HTTPHead, TransportError>, isRepeatable: Bool,
    using random: inout some RandomNumberGenerator
  ) -> Double? {
    guard attempt < attempts else { return nil }
    let asked: Double?
    switch outcome {
    case .success(let head):
      guard Self.retriedStatuses.contains(head.status) else { return nil }
      asked = head.retryAfterSeconds
    case .failure(let error):
      guard Self.mayPass(error, isRepeatable: isRepeatable) else { return nil }
      asked = nil
    }
    if let asked, asked > maxRetryAfterSeconds { return nil }
    return max(asked ?? 0, jitterSeconds(attempt: attempt, using: &random))
  }

  private static func mayPass(_ error: TransportError, isRepeatable: Bool) -> Bool {
    switch error {
    case .unreachable, .timedOut(.connect): true
    case .cut(receivedBytes: 0): isRepeatable
    case .invalidRequest, .invalidURL, .blocked, .tls, .timedOut, .tooLarge, .cut, .tooManyRedirects,
      .malformedResponse, .notEventStream, .rateLimited, .status, .busy, .cancelled:
      false
    }
  }

  private func jitterSeconds(attempt: Int, using random: inout some RandomNumberGenerator) -> Double {
    let doublings = Double(1 << min(max(attempt - 1, 0), 16))
    let most = min(maxDelaySeconds, baseSeconds * doublings)
    guard most > 0, most.isFinite else { return 0 }
    return Double.random(in: 0...most, using: &random)
  }
}
