package import Conversation
import GRDB

/// A user as those who see to users need them.
package struct UserEntry: Sendable, Equatable {
  package var user: User
  /// What they sign in with, if they have an account of this server's own.
  package var login: String?
  /// When one of their sessions or keys was used last.
  package var seenAt: Timestamp?
  package var groups: [Identifier<UserGroup>]
}

extension Store {
  /// The user whom whatever signed them in calls `subject`; made when seen for the first time.
  /// - Parameters:
  ///   - role: what a new one may do.
  ///   - name: what a new one is called; nobody's name is changed.
  package func user(
    subject: String, role: Role = .member, name: String = ""
  ) async throws(StoreError) -> User {
    if let user = try await read({ db in try User.find(subject: subject, db) }) { return user }
    return try await write(recorded: false) { db in
      try db.run(
        """
        INSERT INTO user (user_id, subject, created_at, name, role) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (subject) DO NOTHING
        """, Identifier<User>.random(), subject, Timestamp.now, name, role.rawValue)
      guard let user = try User.find(subject: subject, db) else { throw StoreError.notFound }
      return user
    }
  }

  /// The user of that id.
  package func user(_ id: Identifier<User>) async throws(StoreError) -> User? {
    try await read { db in try User.find(id, db) }
  }

  /// Users, by name.
  /// - Parameter text: part of a name or of what they sign in with; nil for all.
  package func users(matching text: String? = nil, page: Page = Page()) async throws(StoreError)
    -> [UserEntry]
  {
    try await read { db in
      try db.rows(
        "\(UserEntry.query) WHERE ?1 IS NULL OR instr(lower(name || ' ' || coalesce(login, subject)), lower(?1)) "
          + "ORDER BY lower(name), user.rowid LIMIT ?2 OFFSET ?3", text, page.limit, page.offset
      ).map(UserEntry.init)
    }
  }

  package func userEntry(_ id: Identifier<User>) async throws(StoreError) -> UserEntry? {
    try await read { db in
      try db.row("\(UserEntry.query) WHERE user.user_id = ?", id).map(UserEntry.init)
    }
  }

  /// Changes what a user is called and may do. Disabling one ends their sessions; they keep what they own.
  /// - Throws: `.notFound`; `.lastAdmin` when nobody would be left who sees to users.
  package func setUser(
    _ id: Identifier<User>, name: String, role: Role, isDisabled: Bool
  ) async throws(StoreError) -> User {
    try await write { db in
      try db.run(
        """
        UPDATE user SET name = ?2, role = ?3, disabled_at = CASE WHEN ?4 THEN coalesce(disabled_at, ?5) END
        WHERE user_id = ?1
        """, id, name, role.rawValue, isDisabled, Timestamp.now)
      guard let user = try User.find(id, db) else { throw StoreError.notFound }
      guard try db.row("SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL LIMIT 1") != nil
      else {
        throw StoreError.lastAdmin
      }
      if isDisabled { try db.run("DELETE FROM session WHERE user_id = ?", id) }
      return user
    }
  }

  /// Sets what a user is called.
  package func setName(_ name: String, of id: Identifier<User>) async throws(StoreError) {
    try await write { db in
      _ = try db.run("UPDATE user SET name = ? WHERE user_id = ?", name, id)
    }
  }
}

extension User {
  static let columns = "user_id, subject, created_at, name, role, disabled_at"

  static func find(_ id: Identifier<User>, _ db: Database) throws -> User? {
    try db.row("SELECT \(columns) FROM user WHERE user_id = ?", id).map { try User($0) }
  }

  fileprivate static func find(subject: String, _ db: Database) throws -> User? {
    try db.row("SELECT \(columns) FROM user WHERE subject = ?", subject).map { try User($0) }
  }

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), subject: try row.text(1), name: try row.text(3), role: try row.value(4),
      disabledAt: try row.optionalTimestamp(5), createdAt: try row.timestamp(2))
  }
}

extension UserEntry {
  fileprivate static let query = """
    SELECT user.user_id, subject, user.created_at, name, role, disabled_at, login,
      (SELECT max(at) FROM (
        SELECT max(seen_at) AS at FROM session WHERE session.user_id = user.user_id
        UNION ALL SELECT max(used_at) FROM api_key WHERE api_key.user_id = user.user_id)),
      (SELECT json_group_array(group_id) FROM group_member WHERE group_member.user_id = user.user_id)
    FROM user LEFT JOIN account ON account.user_id = user.user_id
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      user: try User(row), login: try row.optionalText(6), seenAt: try row.optionalTimestamp(7),
      groups: try row.json(8).array?.compactMap { $0.string.flatMap(Identifier.init) } ?? [])
  }
}
