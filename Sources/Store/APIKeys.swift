package import Conversation
import GRDB

extension Store {
  package func add(_ key: APIKey, hash: [UInt8]) async throws(StoreError) {
    try await write { db in
      _ = try db.run(
        "INSERT INTO api_key (hash, \(APIKey.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", hash, key.id,
        key.userID, key.name, key.hint, key.scope.rawValue, key.createdAt, key.expiresAt, key.usedAt,
        key.revokedAt)
    }
  }

  /// The key of that secret with its user, expired and revoked ones too.
  package func apiKey(hash: [UInt8]) async throws(StoreError) -> (key: APIKey, user: User)? {
    try await read { db in
      guard let row = try db.row("SELECT \(APIKey.columns) FROM api_key WHERE hash = ?", hash) else {
        return nil
      }
      let key = try APIKey(row)
      return try User.find(key.userID, db).map { (key, $0) }
    }
  }

  /// Notes that a key was used.
  package func touch(_ key: Identifier<APIKey>) async throws(StoreError) {
    try await write(recorded: false) { db in
      _ = try db.run("UPDATE api_key SET used_at = ? WHERE key_id = ?", Timestamp.now, key)
    }
  }

  /// The user's keys, newest first; revoked ones stay to be seen.
  package func apiKeys(of user: Identifier<User>) async throws(StoreError) -> [APIKey] {
    try await read { db in
      try db.rows("SELECT \(APIKey.columns) FROM api_key WHERE user_id = ? ORDER BY rowid DESC", user)
        .map(APIKey.init)
    }
  }

  /// - Returns: the key as it is then.
  /// - Throws: `.notFound` when it is not the user's.
  package func revoke(_ key: Identifier<APIKey>, of user: Identifier<User>) async throws(StoreError) -> APIKey
  {
    try await write { db in
      try db.run(
        "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?) WHERE key_id = ? AND user_id = ?",
        Timestamp.now, key, user)
      let row = try db.row(
        "SELECT \(APIKey.columns) FROM api_key WHERE key_id = ? AND user_id = ?", key, user)
      guard let row else { throw StoreError.notFound }
      return try APIKey(row)
    }
  }
}

extension APIKey {
  fileprivate static let columns =
    "key_id, user_id, name, hint, scope, created_at, expires_at, used_at, revoked_at"

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), name: try row.text(2),
      hint: try row.text(3), scope: try row.value(4), createdAt: try row.timestamp(5),
      expiresAt: try row.optionalTimestamp(6))
    usedAt = try row.optionalTimestamp(7)
    revokedAt = try row.optionalTimestamp(8)
  }
}
