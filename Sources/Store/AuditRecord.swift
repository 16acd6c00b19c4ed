package import Conversation
import GRDB
import Synchronization

/// An entry of the audit log that is written in the very transaction of the change it records, so that there is
/// neither without the other.
///
/// It is bound to the task that makes the change (`AuditRecord.$current`): the first door that changes anything for
/// that task carries it. What whoever makes the change learns only by it, such as the id of what was made, is added
/// when it is finished.
package final class AuditRecord: Sendable {
  @TaskLocal package static var current: AuditRecord?

  private enum State {
    case waiting
    /// Written in a transaction that has not been committed.
    case carried(sequence: Int64, AuditEntry)
    case written(sequence: Int64, AuditEntry)
    case finished
  }

  private let entry: @Sendable () -> AuditEntry?
  private let state = Mutex(State.waiting)

  /// - Parameter entry: what is known of it at that moment; nil while nothing is to be recorded.
  package init(_ entry: @escaping @Sendable () -> AuditEntry?) {
    self.entry = entry
  }

  /// Writes the entry along with a change, unless an earlier one has carried it.
  func carry(_ db: Database) throws {
    guard case .waiting = state.withLock({ $0 }), let entry = entry() else { return }
    try entry.insert(db)
    state.withLock { $0 = .carried(sequence: db.lastInsertedRowID, entry) }
  }

  /// The transaction that was to carry it has ended.
  func settle(isCommitted: Bool) {
    state.withLock { state in
      guard case .carried(let sequence, let entry) = state else { return }
      state = isCommitted ? .written(sequence: sequence, entry) : .waiting
    }
  }

  /// Ends it: work that the task has left behind carries nothing any more.
  /// - Returns: what is still to be written, and over which entry; nil when all is.
  func finish() -> (sequence: Int64?, entry: AuditEntry)? {
    let last = state.withLock { state in
      defer { state = .finished }
      return state
    }
    guard let entry = entry() else { return nil }
    switch last {
    case .waiting, .carried: return (nil, entry)
    case .written(let sequence, let written): return entry.tells(more: written) ? (sequence, entry) : nil
    case .finished: return nil
    }
  }

  /// Ends it after a failure: what a change has carried stays, nothing is added.
  package func abandon() {
    state.withLock { $0 = .finished }
  }
}

extension AuditEntry {
  fileprivate func tells(more other: AuditEntry) -> Bool {
    (userID, userName, object) != (other.userID, other.userName, other.object) || detail != other.detail
  }
}
