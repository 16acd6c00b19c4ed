import Synchronization

/// Carries a cancellation to a child that may not have been made yet.
final class Relay: Sendable {
  private enum State {
    case waiting
    case started(ChildProcess)
    case cancelled
  }

  private let state = Mutex(State.waiting)

  /// False if it was cancelled before.
  func start(_ child: ChildProcess) -> Bool {
    state.withLock { state in
      if case .cancelled = state { return false }
      state = .started(child)
      return true
    }
  }

  func cancel() {
    state.withLock { state in
      if case .started(let child) = state { child.cancel() }
      state = .cancelled
    }
  }
}
