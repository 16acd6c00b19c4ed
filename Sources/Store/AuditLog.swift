package import Conversation
import GRDB

extension Store {
  /// Which entries of the audit log are wanted; nil anywhere is any.
  package struct AuditQuery: Sendable, Equatable {
    package var userID: Identifier<User>?
    /// The action, or what it begins with up to a dot: `user` finds `user.disable`.
    package var action: String?
    /// Only entries older than the one of this sequence.
    package var before: Int?
    /// Only entries from this time on.
    package var since: Timestamp?

    package init(
      userID: Identifier<User>? = nil, action: String? = nil, before: Int? = nil, since: Timestamp? = nil
    ) {
      self.userID = userID
      self.action = action
      self.before = before
      self.since = since
    }
  }

  /// Adds an entry; its sequence is the store's to give.
  package func audit(_ entry: AuditEntry) async throws(StoreError) {
    try await write(recorded: false) { db in try entry.insert(db) }
  }

  /// Writes what no change has carried, or what has become known since.
  package func finish(_ record: AuditRecord) async throws(StoreError) {
    guard let rest = record.finish() else { return }
    let entry = rest.entry
    guard let sequence = rest.sequence else { return try await audit(entry) }
    try await write(recorded: false) { db in
      _ = try db.run(
        "UPDATE audit SET user_id = ?, user_name = ?, object = ?, detail = ? WHERE seq = ?", entry.userID,
        entry.userName, entry.object, entry.detail, sequence)
    }
  }

  /// Entries, newest first.
  package func auditEntries(
    _ query: AuditQuery = AuditQuery(), limit: Int
  ) async throws(StoreError) -> [AuditEntry] {
    try await read { db in
      try db.rows(
        """
        SELECT seq, at, user_id, user_name, action, object, detail, address FROM audit
        WHERE (?1 IS NULL OR user_id = ?1) AND (?2 IS NULL OR action = ?2 OR action LIKE ?2 || '.%')
          AND (?3 IS NULL OR seq < ?3) AND (?4 IS NULL OR at >= ?4)
        ORDER BY seq DESC LIMIT ?5
        """, query.userID, query.action, query.before, query.since, limit
      ).map(AuditEntry.init)
    }
  }

  /// Forgets entries from before a time.
  /// - Returns: how many.
  @discardableResult
  package func forgetAudit(before time: Timestamp) async throws(StoreError) -> Int {
    try await write { db in try db.run("DELETE FROM audit WHERE at < ?", time) }
  }
}

extension AuditEntry {
  func insert(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO audit (at, user_id, user_name, action, object, detail, address)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, at, userID, userName, action, object, detail, address)
  }

  fileprivate init(_ row: Row) throws {
    self.init(
      sequence: try row.integer(0), at: try row.timestamp(1), userID: try row.optionalIdentifier(2),
      userName: try row.text(3), action: try row.text(4), object: try row.text(5), detail: try row.json(6),
      address: try row.text(7))
  }
}
