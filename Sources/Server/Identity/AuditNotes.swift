import Conversation
import Synchronization

/// What a handler tells for the audit entry of its route.
final class AuditNotes: Sendable {
  struct Notes {
    var user: User?
    /// What was done, where the route alone does not say.
    var action: String?
    var object: String?
    var detail: [String: JSON] = [:]
  }

  private let notes = Mutex(Notes())

  /// - Parameters:
  ///   - object: what it was done to; without, the ids in the path say.
  ///   - detail: more about it; never a secret.
  func add(object: String? = nil, _ detail: [String: JSON] = [:]) {
    notes.withLock {
      $0.object = object ?? $0.object
      $0.detail.merge(detail) { _, last in last }
    }
  }

  /// That something was done which is to be on record, though not each time the route is asked.
  func did(_ action: String, to object: String, _ detail: [String: JSON] = [:]) {
    notes.withLock { $0.action = action }
    add(object: object, detail)
  }

  /// Who did it, where the request itself did not say.
  func by(_ user: User) {
    notes.withLock { $0.user = user }
  }

  var all: Notes { notes.withLock { $0 } }
}

extension Call {
  /// The entry of what was done in this request.
  func auditEntry(_ action: String, by user: User?) -> AuditEntry {
    let notes = audit.all
    let user = user ?? notes.user
    let object = parameters.sorted { $0.key < $1.key }.map { name, value in
      "\(name.replacing("_id", with: "")) \(value)"
    }.joined(separator: " ")
    return AuditEntry(
      userID: user?.id, userName: user?.name ?? "", action: action,
      object: String((notes.object ?? object).prefix(500)), detail: .object(notes.detail), address: address)
  }
}
