import Transport

/// A call of a model that is going to be made again, and how long that takes: told while it is waited for.
package struct ModelWait: Codable, Sendable, Equatable {
  package var seconds: Double
  package var reason: Reason

  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// The vendor takes no more requests now.
    case rateLimited = "rate_limited"
    /// It has a failure of its own, or was not reached.
    case unavailable
  }

  package init(seconds: Double, reason: Reason) {
    self.seconds = seconds
    self.reason = reason
  }

  /// Whoever waits for the reply, told from within the call.
  ///
  /// A type of its own: optimised code of Swift 6.3 binds a bare closure without the metadata of its type, and the
  /// process ends.
  package struct Waiting: Sendable {
    /// Nil where nobody waits.
    package var tell: (@Sendable (ModelWait) -> Void)?

    package init(tell: (@Sendable (ModelWait) -> Void)? = nil) {
      self.tell = tell
    }
  }

  @TaskLocal package static var waiting = Waiting()

  /// Waits that are shorter are over before anybody has read of them.
  static let shortestSeconds = 1.0

  static func tell(_ notice: RetryNotice) {
    guard notice.waitSeconds >= shortestSeconds else { return }
    let isLimit = if case .success(let head) = notice.outcome { head.status == 429 } else { false }
    waiting.tell?(ModelWait(seconds: notice.waitSeconds, reason: isLimit ? .rateLimited : .unavailable))
  }
}
