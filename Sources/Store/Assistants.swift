package import Conversation
import GRDB

extension Store {
  /// The user's own assistants, newest first.
  package func assistants(
    of user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [Assistant] {
    try await read { db in
      try db.rows(
        "SELECT \(Assistant.columns) FROM assistant WHERE user_id = ? "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?", user, page.limit, page.offset
      ).map(Assistant.init)
    }
  }

  /// Everybody's public assistants, newest first.
  package func publicAssistants(page: Page = Page()) async throws(StoreError) -> [Assistant] {
    try await read { db in
      try db.rows(
        "SELECT \(Assistant.columns) FROM assistant WHERE public = 1 "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?", page.limit, page.offset
      ).map(Assistant.init)
    }
  }

  /// The assistant, if it is the user's own, shared with them, or public.
  package func assistant(
    _ id: Identifier<Assistant>, visibleTo user: Identifier<User>
  ) async throws(StoreError) -> Assistant? {
    try await read { db in
      try db.row(
        """
        SELECT \(Assistant.columns) FROM assistant
        WHERE assistant_id = ?2 AND (user_id = ?1 OR public = 1 OR assistant_id IN (\(Access.sharedIDs)))
        """, user, id
      ).map(Assistant.init)
    }
  }

  /// Makes the assistant, or changes it; a change adds a version. Its owner stays who it was; whether it is
  /// public, only the owner changes.
  /// - Throws: `.notFound` when the user may not change it.
  package func saveAssistant(
    _ id: Identifier<Assistant>, of user: Identifier<User>, name: String, config: JSON, isPublic: Bool
  ) async throws(StoreError) -> Assistant {
    try await write { db in
      var assistant = Assistant(
        id: id, userID: user, name: name, config: config, updatedAt: .now, isPublic: isPublic)
      let before = try Assistant.find(id, db)
      if let before, before.userID != user {
        guard try Access.find(to: id, of: user, db) == .edit else { throw StoreError.notFound }
        assistant.userID = before.userID
        assistant.isPublic = before.isPublic
      }
      try assistant.save(db)
      try assistant.saveCollections(db)
      if before?.name != name || before?.config != config || before?.isPublic != isPublic {
        try assistant.addVersion(db)
      }
      return assistant
    }
  }

  /// What an assistant that the user may change was after each change, newest first.
  package func assistantVersions(
    of id: Identifier<Assistant>, user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [AssistantVersion] {
    try await read { db in
      guard let access = try Access.find(to: id, of: user, db), access >= .edit else {
        throw StoreError.notFound
      }
      return try db.rows(
        "SELECT assistant_id, version, name, config, public, created_at FROM assistant_version "
          + "WHERE assistant_id = ? ORDER BY version DESC LIMIT ? OFFSET ?", id, page.limit, page.offset
      ).map(AssistantVersion.init)
    }
  }

  /// Deletes the user's assistant with its versions and files. Its threads live on without an assistant.
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteAssistant(
    _ id: Identifier<Assistant>, of user: Identifier<User>
  ) async throws(StoreError) -> Bool {
    try await deleteOwner(.assistant(id), of: user) { db in
      try db.run("DELETE FROM assistant WHERE assistant_id = ?", id)
    }
  }
}

extension Assistant {
  static let columns = "assistant_id, user_id, name, config, updated_at, public"

  fileprivate static func find(_ id: Identifier<Assistant>, _ db: Database) throws -> Assistant? {
    try db.row("SELECT \(columns) FROM assistant WHERE assistant_id = ?", id).map(Assistant.init)
  }

  init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), name: try row.text(2),
      config: try row.json(3), updatedAt: try row.timestamp(4), isPublic: try row.bool(5))
  }

  fileprivate func save(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO assistant (assistant_id, user_id, name, config, updated_at, public)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (assistant_id) DO UPDATE SET
        name = excluded.name, config = excluded.config, updated_at = excluded.updated_at,
        public = excluded.public
      """, id, userID, name, config, updatedAt, isPublic)
  }

  fileprivate func addVersion(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO assistant_version (assistant_id, version, name, config, public, created_at)
      VALUES (?1, (SELECT coalesce(max(version), 0) + 1 FROM assistant_version WHERE assistant_id = ?1),
        ?2, ?3, ?4, ?5)
      """, id, name, config, isPublic, updatedAt)
  }
}

extension AssistantVersion {
  fileprivate init(_ row: Row) throws {
    self.init(
      assistantID: try row.identifier(0), version: try row.integer(1), name: try row.text(2),
      config: try row.json(3), isPublic: try row.bool(4), createdAt: try row.timestamp(5))
  }
}
