import Synchronization

/// What is to happen once, when the client a stream was made for has left before its end: also when it left
/// before the stream began, so that nobody was there to notice.
final class Departure: Sendable {
  private let action: @Sendable () async -> Void
  private let isDone: Mutex<Bool>

  init(_ action: @escaping @Sendable () async -> Void) {
    self.action = action
    isDone = Mutex(false)
  }

  /// Nothing is to happen.
  static var ignored: Departure {
    let departure = Departure {}
    departure.callOff()
    return departure
  }

  /// The stream came to its end: nothing is to happen any more.
  func callOff() {
    isDone.withLock { $0 = true }
  }

  /// Returns when it has happened.
  func happen() async {
    guard takeOver() else { return }
    let action = action
    // Apart from the task that was cancelled because the client left.
    await Task { await action() }.value
  }

  private func takeOver() -> Bool {
    isDone.withLock { isDone in
      defer { isDone = true }
      return !isDone
    }
  }

  deinit {
    guard takeOver() else { return }
    let action = action
    Task { await action() }
  }
}
