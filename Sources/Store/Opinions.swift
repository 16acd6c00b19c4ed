package import Conversation
import GRDB

extension Store {
  /// Keeps what the user thought of their run, in the place of what they thought before; an empty opinion
  /// takes that back.
  /// - Throws: `.notFound` when it is no run of theirs.
  package func keepFeedback(_ feedback: Feedback, of user: Identifier<User>) async throws(StoreError) {
    try await write { db in
      let run = try db.row("SELECT 1 FROM run WHERE run_id = ? AND user_id = ?", feedback.runID, user)
      guard run != nil else { throw StoreError.notFound }
      if feedback.isEmpty {
        try db.run("DELETE FROM feedback WHERE run_id = ? AND key = ?", feedback.runID, feedback.key)
      } else {
        try feedback.save(db)
      }
    }
  }

  /// What was thought of the runs of a thread. The caller has made sure that the thread is the user's.
  package func feedback(
    of thread: Identifier<Conversation.Thread>, page: Page = Page()
  ) async throws(StoreError) -> [Feedback] {
    try await read { db in
      try db.rows(
        """
        SELECT f.run_id, f.key, f.score, f.value, f.comment, f.updated_at
        FROM run r JOIN feedback f ON f.run_id = r.run_id
        WHERE r.thread_id = ? ORDER BY r.rowid DESC, f.key LIMIT ? OFFSET ?
        """, thread, page.limit, page.offset
      ).map(Feedback.init)
    }
  }
}

extension Feedback {
  fileprivate init(_ row: Row) throws {
    self.init(
      runID: try row.identifier(0), key: try row.text(1), score: try row.json(2),
      value: try row.json(3), comment: try row.optionalText(4), updatedAt: try row.timestamp(5))
  }

  fileprivate func save(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO feedback (run_id, key, score, value, comment, updated_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (run_id, key) DO UPDATE SET
        score = excluded.score, value = excluded.value, comment = excluded.comment,
        updated_at = excluded.updated_at
      """, runID, key, score, value, comment, updatedAt)
  }
}

// MARK: Preferences

extension Store {
  /// What the user set for themselves, by name.
  package func preferences(of user: Identifier<User>) async throws(StoreError) -> [String: JSON] {
    try await read { db in try Self.preferences(of: user, db) }
  }

  /// Sets some of them; null takes one back.
  /// - Returns: all of them; nil, and nothing is changed, when that would be more than the bound.
  package func setPreferences(
    _ values: [String: JSON], of user: Identifier<User>
  ) async throws(StoreError) -> [String: JSON]? {
    try await write { db in
      let before = try Self.preferences(of: user, db)
      let after = before.merging(values) { _, new in new }.filter { !$0.value.isNull }
      guard after.count <= Limits.preferences else { return nil }
      for (name, value) in values {
        if value.isNull {
          try db.run("DELETE FROM preference WHERE user_id = ? AND name = ?", user, name)
        } else {
          try db.run(
            "INSERT INTO preference (user_id, name, value) VALUES (?, ?, ?) "
              + "ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value", user, name, value)
        }
      }
      return after
    }
  }

  private static func preferences(of user: Identifier<User>, _ db: Database) throws -> [String: JSON] {
    let rows = try db.rows("SELECT name, value FROM preference WHERE user_id = ?", user)
    return Dictionary(try rows.map { (try $0.text(0), try $0.json(1)) }) { first, _ in first }
  }
}
