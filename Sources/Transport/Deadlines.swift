/// Which of a request's deadlines passed.
package enum Deadline: Sendable, Equatable {
  case connect, firstByte, idle, total
}

/// How long a request may take, in seconds; each is kept by the transfer's own clock, exact to a few
/// milliseconds.
package struct Deadlines: Sendable, Equatable {
  /// From the start of an attempt until the connection stands: name look-up, TCP and TLS.
  package var connectSeconds: Double
  /// From then until the head of the response is complete.
  package var firstByteSeconds: Double
  /// Between two pieces of the body; stands still while the consumer holds the stream back.
  package var idleSeconds: Double
  /// From `send` until the last byte, with redirects, retries and their waits.
  package var totalSeconds: Double

  package init(
    connectSeconds: Double = 5, firstByteSeconds: Double = 60, idleSeconds: Double = 60,
    totalSeconds: Double = 600
  ) {
    self.connectSeconds = connectSeconds
    self.firstByteSeconds = firstByteSeconds
    self.idleSeconds = idleSeconds
    self.totalSeconds = totalSeconds
  }

  package static let `default` = Deadlines()
}

/// Tells which deadline of one attempt comes next; a value, moved on by the transfer's callbacks.
struct DeadlineClock {
  enum Phase { case connecting, awaitingHead, receiving, heldBack }

  typealias Instant = ContinuousClock.Instant

  private let deadlines: Deadlines
  private let finishBy: Instant
  private(set) var phase = Phase.connecting
  private var since: Instant

  init(_ deadlines: Deadlines, finishBy: Instant, now: Instant) {
    self.deadlines = deadlines
    self.finishBy = finishBy
    self.since = now
  }

  /// Starts the clock of a phase anew; entering `.receiving` again is how a byte is noted.
  mutating func enter(_ phase: Phase, now: Instant) {
    self.phase = phase
    since = now
  }

  var next: (at: Instant, which: Deadline) {
    let ofPhase: (at: Instant, which: Deadline)
    switch phase {
    case .connecting: ofPhase = (since + .bounded(seconds: deadlines.connectSeconds), .connect)
    case .awaitingHead: ofPhase = (since + .bounded(seconds: deadlines.firstByteSeconds), .firstByte)
    case .receiving: ofPhase = (since + .bounded(seconds: deadlines.idleSeconds), .idle)
    case .heldBack: return (finishBy, .total)
    }
    return ofPhase.at < finishBy ? ofPhase : (finishBy, .total)
  }

  /// No deadline passes before this instant, whatever phases begin until then.
  func wakeBy(_ now: Instant) -> Instant {
    let shortest = min(deadlines.firstByteSeconds, deadlines.idleSeconds)
    return min(next.at, now + .bounded(seconds: shortest))
  }
}

extension Duration {
  /// A duration from any number: not a number and negatives are zero, the rest at most a year, so that
  /// no setting can overflow an instant.
  static func bounded(seconds: Double) -> Duration {
    guard seconds > 0 else { return .zero }
    return .seconds(min(seconds, 365 * 24 * 3600))
  }
}
