package import Conversation
import GRDB

// Answers of models, kept for the same question: a cache, bounded in rows and bytes.
extension Store {
  /// The answer kept under that key, which counts as used now.
  package func modelResponse(_ key: String) async throws(StoreError) -> JSON? {
    try await write { db in
      guard let row = try db.row("SELECT body FROM model_response WHERE key = ?", key) else { return nil }
      try db.run(
        "UPDATE model_response SET used_at = ? WHERE key = ?", Timestamp.now.microseconds, key)
      return try row.json(0)
    }
  }

  /// Keeps an answer; those not used for longest make room for it.
  /// - Parameter roomBytes: what all of them may take.
  package func keepModelResponse(
    _ body: JSON, under key: String, roomBytes: Int = Limits.cachedResponsesBytes
  ) async throws(StoreError) {
    let size = body.text.utf8.count
    guard size <= Limits.cachedResponseBytes else { return }
    try await write { db in
      try db.run(
        """
        INSERT INTO model_response (key, body, size_bytes, used_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET
          body = excluded.body, size_bytes = excluded.size_bytes, used_at = excluded.used_at
        """, key, body, size, Timestamp.now.microseconds)
      try Self.makeRoom(roomBytes, db)
    }
  }

  private static func makeRoom(_ bytes: Int, _ db: Database) throws {
    while let row = try db.row("SELECT count(*), coalesce(sum(size_bytes), 0) FROM model_response"),
      try row.integer(0) > Limits.cachedResponses || row.integer(1) > bytes
    {
      try db.run(
        "DELETE FROM model_response WHERE key IN (SELECT key FROM model_response ORDER BY used_at LIMIT 8)")
    }
  }
}
