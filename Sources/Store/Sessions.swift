package import Conversation
import GRDB

/// Sessions and API keys are found by the hash of a secret that only their holder has.
extension Store {
  package func begin(_ session: Session, hash: [UInt8]) async throws(StoreError) {
    try await write { db in
      try db.run("DELETE FROM session WHERE expires_at < ?", Timestamp.now)
      try db.run(
        "INSERT INTO session (hash, \(Session.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", hash, session.id,
        session.userID, session.createdAt, session.seenAt, session.expiresAt, session.address, session.agent)
    }
  }

  /// The session of that secret with its user, expired or not.
  package func session(hash: [UInt8]) async throws(StoreError) -> (session: Session, user: User)? {
    try await read { db in
      guard let row = try db.row("SELECT \(Session.columns) FROM session WHERE hash = ?", hash) else {
        return nil
      }
      let session = try Session(row)
      return try User.find(session.userID, db).map { (session, $0) }
    }
  }

  /// Notes that a session was used.
  package func touch(_ session: Identifier<Session>) async throws(StoreError) {
    try await write(recorded: false) { db in
      _ = try db.run("UPDATE session SET seen_at = ? WHERE session_id = ?", Timestamp.now, session)
    }
  }

  /// The user's sessions that have not expired, last used first.
  package func sessions(of user: Identifier<User>) async throws(StoreError) -> [Session] {
    try await read { db in
      try db.rows(
        "SELECT \(Session.columns) FROM session WHERE user_id = ? AND expires_at >= ? ORDER BY seen_at DESC",
        user, Timestamp.now
      ).map(Session.init)
    }
  }

  /// Ends one session of the user.
  /// - Throws: `.notFound` when it is not theirs.
  package func end(_ session: Identifier<Session>, of user: Identifier<User>) async throws(StoreError) {
    try await write { db in
      let count = try db.run("DELETE FROM session WHERE session_id = ? AND user_id = ?", session, user)
      guard count > 0 else { throw StoreError.notFound }
    }
  }

  /// Ends all sessions of the user, but for one.
  /// - Returns: how many.
  @discardableResult
  package func endSessions(
    of user: Identifier<User>, except session: Identifier<Session>? = nil
  ) async throws(StoreError) -> Int {
    try await write { db in
      try db.run("DELETE FROM session WHERE user_id = ? AND session_id IS NOT ?", user, session)
    }
  }
}

extension Session {
  fileprivate static let columns = "session_id, user_id, created_at, seen_at, expires_at, address, agent"

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), createdAt: try row.timestamp(2),
      expiresAt: try row.timestamp(4), address: try row.text(5), agent: try row.text(6))
    seenAt = try row.timestamp(3)
  }
}
