import Conversation
import Synchronization

/// How far a tool call has come, while it goes on.
package struct ToolProgress: Codable, Sendable, Equatable {
  /// The model's id of the call.
  package var callID: String
  /// Grows; of what, only the tool knows.
  package var progress: Double
  package var total: Double?
  package var message: String?

  package enum CodingKeys: String, CodingKey {
    case progress, total, message
    case callID = "call_id"
  }

  /// Those who watch the run, told from within the call.
  ///
  /// A type of its own: optimised code of Swift 6.3 binds a bare closure without the metadata of its type, and the
  /// process ends.
  struct Watchers: Sendable {
    /// Nil where nobody watches.
    var tell: (@Sendable (_ progress: Double, _ total: Double?, _ message: String?) -> Void)?
  }

  @TaskLocal static var watchers = Watchers()

  /// Begins work whose news is told to `reporter`.
  static func task<Value: Sendable>(
    reportingTo reporter: @escaping @Sendable (Double, Double?, String?) -> Void,
    _ work: @escaping @Sendable () async throws -> Value
  ) -> Task<Value, any Error> {
    $watchers.withValue(Watchers(tell: reporter)) { Task { try await work() } }
  }

  /// Characters of a message that are shown.
  private static let messageCharacters = 200

  /// What `report` is for one call: news comes at most so often, and so many times, whatever a tool says.
  static func reporter(
    of call: ToolCall, to tell: @escaping @Sendable (ToolProgress) -> Void
  ) -> @Sendable (Double, Double?, String?) -> Void {
    let gate = ProgressGate()
    return { progress, total, message in
      guard gate.opens(), progress.isFinite, total?.isFinite ?? true else { return }
      tell(
        ToolProgress(
          callID: call.id, progress: progress, total: total,
          message: message?.onOneLine.cut(toCharacters: messageCharacters)))
    }
  }
}

/// Lets news through now and then.
private final class ProgressGate: Sendable {
  private static let interval = Duration.milliseconds(250)
  private static let most = 200
  private let state = Mutex((count: 0, next: ContinuousClock.now))

  func opens() -> Bool {
    state.withLock { state in
      let now = ContinuousClock.now
      guard state.count < Self.most, now >= state.next else { return false }
      state = (state.count + 1, now + Self.interval)
      return true
    }
  }
}
