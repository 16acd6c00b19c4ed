package import Conversation
import GRDB

/// Deleting what has files: the rows go at once, in one transaction. The chunks, whose words must be taken
/// out of the full-text index one by one, follow in small transactions; until then nothing finds them. A
/// crash in between leaves the rest to the next sweep.
extension Store {
  /// Deletes a file of what the user may change, with its text and chunks.
  /// - Returns: what it was; nil when there was none.
  @discardableResult
  package func deleteFile(
    _ id: Identifier<File>, of user: Identifier<User>
  ) async throws(StoreError) -> File? {
    let file: File? = try await write { db in
      guard let file = try File.find(id, db), try file.namespace.isOpen(to: user, db) else { return nil }
      try db.run(Self.markStale, id)
      try db.run("DELETE FROM file WHERE file_id = ?", id)
      return file
    }
    guard let file else { return nil }
    try await clearStaleChunks()
    try await removeUnnamedBlobs([file.hash, file.newest.hash])
    return file
  }

  /// Deletes an assistant, a thread or a collection by `delete`, if it is the user's, with its files.
  /// - Returns: whether there was one.
  func deleteOwner(
    _ namespace: Namespace, of user: Identifier<User>, _ delete: @escaping @Sendable (Database) throws -> Void
  ) async throws(StoreError) -> Bool {
    let hashes: [String]? = try await write { db in
      guard try namespace.isOwned(by: user, db) else { return nil }
      let (sql, owner) = namespace.fileFilter
      let hashes = try db.rows(
        "SELECT hash FROM file WHERE \(sql) UNION SELECT next_hash FROM file WHERE \(sql) AND next_hash NOTNULL",
        owner, owner
      ).map { try $0.text(0) }
      try db.run(
        """
        INSERT INTO stale_chunk (file_id, revision)
        SELECT DISTINCT c.file_id, c.revision FROM file f CROSS JOIN chunk c USING (file_id) WHERE f.\(sql)
        ON CONFLICT DO NOTHING
        """, owner)
      try delete(db)
      return hashes
    }
    guard let hashes else { return false }
    try await clearStaleChunks()
    try await removeUnnamedBlobs(hashes)
    return true
  }

  /// Finishes what a crash cut off: chunks of deleted files, and blobs that no file names. For the start.
  package func sweepBlobs() async throws(StoreError) {
    try await clearStaleChunks()
    try await removeUnnamedBlobs(blobs.hashes())
  }
}

// MARK: Chunks

extension Store {
  /// Notes that all chunks of a file are to be deleted.
  static let markStale = """
    INSERT INTO stale_chunk (file_id, revision) SELECT DISTINCT file_id, revision FROM chunk WHERE file_id = ?
    ON CONFLICT DO NOTHING
    """

  /// Notes that all chunks of a file which it does not serve are to be deleted.
  static let markUnservedStale = """
    INSERT INTO stale_chunk (file_id, revision)
    SELECT DISTINCT c.file_id, c.revision FROM file f CROSS JOIN chunk c USING (file_id)
    WHERE f.file_id = ? AND c.revision <> f.revision
    ON CONFLICT DO NOTHING
    """

  /// Deletes stale chunks, some at a time.
  func clearStaleChunks() async throws(StoreError) {
    var isDone = false
    while !isDone {
      isDone = try await write { db in
        let keys = try Chunk.staleKeys(limit: Self.chunksAtOnce, db)
        guard !keys.isEmpty else {
          try db.run("DELETE FROM file_text WHERE (file_id, revision) IN (SELECT * FROM stale_chunk)")
          try db.run("DELETE FROM stale_chunk")
          return true
        }
        try Chunk.delete(keys, db)
        return false
      }
    }
  }
}

extension Chunk {
  fileprivate static func staleKeys(limit: Int, _ db: Database) throws -> [Int] {
    try db.rows(
      "SELECT c.key FROM stale_chunk s CROSS JOIN chunk c USING (file_id, revision) LIMIT ?", limit
    ).map { try $0.integer(0) }
  }

  /// Deletes chunks with their vectors, and their words out of the full-text index.
  fileprivate static func delete(_ keys: [Int], _ db: Database) throws {
    let list = JSON.array(keys.map { .integer($0) })
    try deleteWords(of: list, db)
    try db.run("DELETE FROM chunk WHERE key IN (SELECT value FROM json_each(?))", list)
  }
}

// MARK: Blobs

extension Store {
  /// On the writing connection, so that no file can be received between the question and the removal.
  func removeUnnamedBlobs(_ hashes: [String]) async throws(StoreError) {
    guard !hashes.isEmpty else { return }
    let blobs = blobs
    try await write { db in
      let isNamed = "SELECT 1 FROM file WHERE hash = ?1 UNION ALL SELECT 1 FROM file WHERE next_hash = ?1"
      for hash in hashes where try db.row(isNamed, hash) == nil { blobs.remove(hash) }
    }
  }
}
