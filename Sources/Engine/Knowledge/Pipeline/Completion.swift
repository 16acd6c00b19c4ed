import Synchronization

/// What becomes of work that others wait for: known once, and told to whoever asks before or after.
final class Completion: Sendable {
  private enum State {
    case open([CheckedContinuation<Void, any Error>])
    case over(Result<Void, any Error>)
  }

  private let state = Mutex(State.open([]))

  /// Says how it ended; only the first word counts.
  func end(with result: Result<Void, any Error>) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
      guard case .open(let waiting) = state else { return [] }
      state = .over(result)
      return waiting
    }
    for waiter in waiting { waiter.resume(with: result) }
  }

  /// Returns when it has ended well.
  func value() async throws {
    try await withCheckedThrowingContinuation { continuation in
      let result = state.withLock { state -> Result<Void, any Error>? in
        switch state {
        case .over(let result): return result
        case .open(let waiting):
          state = .open(waiting + [continuation])
          return nil
        }
      }
      if let result { continuation.resume(with: result) }
    }
  }
}
