package import Conversation
import GRDB

extension Store {
  /// The user's threads, last used first.
  package func threads(
    of user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [Conversation.Thread] {
    try await read { db in
      try db.rows(
        "SELECT \(Conversation.Thread.columns) FROM thread WHERE user_id = ? "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?", user, page.limit, page.offset
      ).map(Conversation.Thread.init)
    }
  }

  /// The user's own thread of that id.
  package func thread(
    _ id: Identifier<Conversation.Thread>, of user: Identifier<User>
  ) async throws(StoreError) -> Conversation.Thread? {
    try await read { db in
      try db.row(
        "SELECT \(Conversation.Thread.columns) FROM thread WHERE thread_id = ? AND user_id = ?", id, user
      ).map(Conversation.Thread.init)
    }
  }

  /// Makes the thread, or changes it.
  /// - Throws: `.notFound` when it is somebody else's, `.assistantNotFound` when no assistant has that id.
  package func saveThread(
    _ id: Identifier<Conversation.Thread>, of user: Identifier<User>, assistantID: Identifier<Assistant>,
    name: String, metadata: JSON
  ) async throws(StoreError) -> Conversation.Thread {
    try await write { db in
      let owner = try db.row("SELECT user_id FROM thread WHERE thread_id = ?", id)
      if let owner, try owner.identifier(0) != user { throw StoreError.notFound }
      guard try db.row("SELECT 1 FROM assistant WHERE assistant_id = ?", assistantID) != nil else {
        throw StoreError.assistantNotFound
      }
      let thread = Conversation.Thread(
        id: id, userID: user, assistantID: assistantID, name: name, updatedAt: .now, metadata: metadata)
      try thread.save(db)
      return thread
    }
  }

  /// Deletes the user's thread with everything on it: checkpoints, messages, runs, tool calls, files.
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteThread(
    _ id: Identifier<Conversation.Thread>, of user: Identifier<User>
  ) async throws(StoreError) -> Bool {
    try await deleteOwner(.thread(id), of: user) { db in
      try MessageText.remove(of: id, db)
      try db.run("DELETE FROM thread WHERE thread_id = ?", id)
    }
  }
}

extension Conversation.Thread {
  static let columns = "thread_id, user_id, assistant_id, name, updated_at, metadata"

  init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), assistantID: try row.optionalIdentifier(2),
      name: try row.text(3), updatedAt: try row.timestamp(4), metadata: try row.json(5))
  }

  func save(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO thread (thread_id, user_id, assistant_id, name, updated_at, metadata)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (thread_id) DO UPDATE SET
        assistant_id = excluded.assistant_id, name = excluded.name, updated_at = excluded.updated_at,
        metadata = excluded.metadata
      """, id, userID, assistantID, name, updatedAt, metadata)
  }
}
