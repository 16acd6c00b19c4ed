package import Conversation

/// What administrators may see and do of backups, as whoever makes them gives it. Their contents are nobody's here:
/// a backup is read, and put back, on the machine.
package struct BackupControl: Sendable {
  /// When backups are made without being asked for.
  package struct Plan: Codable, Sendable, Equatable {
    /// Nil: never.
    package var everySeconds: Int?
    package var keep: Int
    package var directory: String
    package var isEncrypted: Bool

    package init(everySeconds: Int?, keep: Int, directory: String, isEncrypted: Bool) {
      self.everySeconds = everySeconds
      self.keep = keep
      self.directory = directory
      self.isEncrypted = isEncrypted
    }

    package enum CodingKeys: String, CodingKey {
      case everySeconds = "every_seconds"
      case keep, directory
      case isEncrypted = "encrypted"
    }
  }

  /// A backup that lies in the plan's directory.
  package struct Item: Codable, Sendable, Equatable {
    /// Its file's name, by which it is asked for.
    package var name: String
    package var takenAt: Timestamp
    package var sizeBytes: Int
    package var isEncrypted: Bool

    package init(name: String, takenAt: Timestamp, sizeBytes: Int, isEncrypted: Bool) {
      self.name = name
      self.takenAt = takenAt
      self.sizeBytes = sizeBytes
      self.isEncrypted = isEncrypted
    }

    package enum CodingKeys: String, CodingKey {
      case name
      case takenAt = "taken_at"
      case sizeBytes = "size_bytes"
      case isEncrypted = "encrypted"
    }
  }

  /// The work under way, or the last that was.
  package struct Job: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable { case backup, verify }
    /// `writing` and `verifying` are under way, the others have ended.
    package enum State: String, Codable, Sendable { case writing, verifying, done, failed, cancelled }

    package var kind: Kind
    package var state: State
    /// The backup's name; nil while a new one has none.
    package var name: String?
    package var doneBytes = 0
    package var totalBytes = 0
    package var startedAt = Timestamp.now
    package var endedAt: Timestamp?
    /// What came of it, for a person.
    package var detail = ""

    package init(kind: Kind, state: State, name: String? = nil) {
      self.kind = kind
      self.state = state
      self.name = name
    }

    package var isUnderWay: Bool { state == .writing || state == .verifying }

    package enum CodingKeys: String, CodingKey {
      case kind, state, name
      case doneBytes = "done_bytes"
      case totalBytes = "total_bytes"
      case startedAt = "started_at"
      case endedAt = "ended_at"
      case detail
    }
  }

  package var plan: Plan
  /// Newest first.
  package var list: @Sendable () -> [Item]
  package var job: @Sendable () -> Job?
  /// Begins to make one, or to prove the one of that name. Nil: something is under way already.
  package var begin: @Sendable (Job.Kind, _ name: String?) -> Job?
  /// Ends what is under way; it may take a moment.
  package var cancel: @Sendable () -> Void
  /// Whether there was one.
  package var delete: @Sendable (_ name: String) -> Bool

  package init(
    plan: Plan, list: @escaping @Sendable () -> [Item], job: @escaping @Sendable () -> Job?,
    begin: @escaping @Sendable (Job.Kind, String?) -> Job?, cancel: @escaping @Sendable () -> Void,
    delete: @escaping @Sendable (String) -> Bool
  ) {
    self.plan = plan
    self.list = list
    self.job = job
    self.begin = begin
    self.cancel = cancel
    self.delete = delete
  }
}
