import Synchronization

/// Keeps calls from a server that has failed several times in a row: for a while they fail at once, then one
/// is let through to see.
final class CircuitBreaker: Sendable {
  /// Failures in a row that open it, and how long it stays open.
  static let failures = 5
  static let restSeconds = 30.0

  private struct State {
    var failures = 0
    var openUntil: ContinuousClock.Instant?
    var isProbing = false
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> ContinuousClock.Instant

  init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
    self.now = now
  }

  /// Seconds until a call is let through; nil when one would be now.
  var restSeconds: Double? {
    state.withLock { state in
      guard let until = state.openUntil else { return nil }
      let left = until - now()
      if left > .zero { return Double(left.components.seconds) + 1 }
      return state.isProbing ? 1 : nil
    }
  }

  /// Runs the call, unless the server rests.
  func run(_ call: () async throws(ModelError) -> Void) async throws(ModelError) {
    try enter()
    do throws(ModelError) {
      try await call()
      state.withLock { $0 = State() }
    } catch {
      leave(after: error)
      throw error
    }
  }

  private func enter() throws(ModelError) {
    let wait = state.withLock { state -> Double? in
      guard let until = state.openUntil else { return nil }
      let left = until - now()
      if left > .zero { return Double(left.components.seconds) + 1 }
      if state.isProbing { return 1 }
      state.isProbing = true
      return nil
    }
    if let wait { throw .suspended(retryAfterSeconds: wait) }
  }

  private func leave(after error: ModelError) {
    state.withLock { state in
      state.isProbing = false
      switch error.blame {
      case .server:
        state.failures += 1
        if state.failures >= Self.failures { state.openUntil = now() + .seconds(Self.restSeconds) }
      case .nobody: break
      // It answered, if only to refuse.
      case .request: state = State()
      }
    }
  }
}

extension ModelError {
  enum Blame { case server, request, nobody }

  /// Whose the failure is.
  var blame: Blame {
    switch self {
    case .unreachable, .timedOut, .unavailable, .cut, .malformed: .server
    case .misconfigured, .unauthorized, .rateLimited, .rejected, .contextTooLong, .tooLarge: .request
    case .suspended, .cancelled: .nobody
    }
  }

  /// Whether another model may do better.
  var mayGoElsewhere: Bool {
    switch self {
    case .unreachable, .timedOut, .unavailable, .rateLimited, .unauthorized, .misconfigured, .suspended, .cut,
      .malformed:
      true
    case .rejected, .contextTooLong, .tooLarge, .cancelled: false
    }
  }
}
