package import Conversation
import GRDB

extension Store {
  /// The user's collections, lately changed ones first.
  package func collections(
    of user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [FileCollection] {
    try await read { db in
      try db.rows(
        "SELECT \(FileCollection.columns) FROM collection WHERE user_id = ? "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?", user, page.limit, page.offset
      ).map(FileCollection.init)
    }
  }

  package func collection(
    _ id: Identifier<FileCollection>, of user: Identifier<User>
  ) async throws(StoreError) -> FileCollection? {
    try await read { db in
      guard let found = try FileCollection.find(id, db), found.userID == user else { return nil }
      return found
    }
  }

  /// Makes a collection, or changes its name and description.
  /// - Throws: `.notFound` when it is somebody else's.
  package func saveCollection(
    _ id: Identifier<FileCollection>, of user: Identifier<User>, name: String, description: String
  ) async throws(StoreError) -> FileCollection {
    try await write { db in
      if let before = try FileCollection.find(id, db), before.userID != user { throw StoreError.notFound }
      try db.run(
        """
        INSERT INTO collection (collection_id, user_id, name, description, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5)
        ON CONFLICT (collection_id) DO UPDATE SET
          name = excluded.name, description = excluded.description, updated_at = excluded.updated_at
        """, id, user, name, description, Timestamp.now)
      guard let saved = try FileCollection.find(id, db) else { throw StoreError.notFound }
      return saved
    }
  }

  /// Deletes the user's collection with its files. Assistants that searched it go on without it.
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteCollection(
    _ id: Identifier<FileCollection>, of user: Identifier<User>
  ) async throws(StoreError) -> Bool {
    try await deleteOwner(.collection(id), of: user) { db in
      try db.run("DELETE FROM collection WHERE collection_id = ?", id)
    }
  }

  /// The assistants of the user that search the collection.
  package func assistants(
    searching collection: Identifier<FileCollection>, of user: Identifier<User>
  ) async throws(StoreError) -> [Assistant] {
    try await read { db in
      try db.rows(
        "SELECT \(Assistant.columns) FROM assistant_collection JOIN assistant USING (assistant_id) "
          + "WHERE collection_id = ? AND user_id = ? ORDER BY name, assistant_id", collection, user
      ).map(Assistant.init)
    }
  }

  /// Which of the collections a run may search: those that the assistant's owner gave it, and the user's own.
  package func searchable(
    _ collections: [Identifier<FileCollection>], by assistant: Identifier<Assistant>,
    for user: Identifier<User>
  ) async throws(StoreError) -> [Identifier<FileCollection>] {
    guard !collections.isEmpty else { return [] }
    let wanted = JSON.array(collections.map { .string($0.description) })
    return try await read { db in
      try db.rows(
        """
        SELECT c.collection_id FROM json_each(?1) AS wanted JOIN collection c ON c.collection_id = wanted.value
        WHERE c.user_id = ?3 OR EXISTS (SELECT 1 FROM assistant_collection used
          WHERE used.assistant_id = ?2 AND used.collection_id = c.collection_id)
        """, wanted, assistant, user
      ).map { try $0.identifier(0) }
    }
  }
}

extension Assistant {
  /// Notes which of its owner's collections the assistant searches. Others' and unknown ones are passed over.
  func saveCollections(_ db: Database) throws {
    let named = (try? AssistantConfiguration(config: config).collections) ?? []
    try db.run("DELETE FROM assistant_collection WHERE assistant_id = ?", id)
    for collection in named {
      try db.run(
        """
        INSERT INTO assistant_collection (assistant_id, collection_id)
        SELECT ?, collection_id FROM collection WHERE collection_id = ? AND user_id = ? ON CONFLICT DO NOTHING
        """, id, collection, userID)
    }
  }
}

extension FileCollection {
  fileprivate static let columns = """
    collection_id, user_id, name, description, created_at, updated_at,
    (SELECT count(*) FROM file WHERE file.collection_id = collection.collection_id),
    (SELECT coalesce(sum(size_bytes), 0) FROM file WHERE file.collection_id = collection.collection_id),
    (SELECT count(*) FROM assistant_collection used WHERE used.collection_id = collection.collection_id)
    """

  fileprivate static func find(_ id: Identifier<FileCollection>, _ db: Database) throws -> FileCollection? {
    try db.row("SELECT \(columns) FROM collection WHERE collection_id = ?", id).map(FileCollection.init)
  }

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), name: try row.text(2),
      description: try row.text(3), createdAt: try row.timestamp(4), updatedAt: try row.timestamp(5),
      fileCount: try row.integer(6), sizeBytes: try row.integer(7), assistantCount: try row.integer(8))
  }
}
