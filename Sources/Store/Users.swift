package import Conversation
import GRDB

extension Store {
  /// The user whom whatever signed them in calls `subject`; made when seen for the first time.
  /// - Parameters:
  ///   - role: what a new one may do.
  ///   - name: what a new one is called; nobody's name is changed.
  package func user(
    subject: String, role: Role = .member, name: String = ""
  ) async throws(StoreError) -> User {
    if let user = try await read({ db in try User.find(subject: subject, db) }) { return user }
    return try await write { db in
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
}

extension User {
  static let columns = "user_id, subject, created_at, name, role, disabled_at"

  static func find(_ id: Identifier<User>, _ db: Database) throws -> User? {
    try db.row("SELECT \(columns) FROM user WHERE user_id = ?", id).map(User.init)
  }

  fileprivate static func find(subject: String, _ db: Database) throws -> User? {
    try db.row("SELECT \(columns) FROM user WHERE subject = ?", subject).map(User.init)
  }

  init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), subject: try row.text(1), name: try row.text(3), role: try row.value(4),
      disabledAt: try row.optionalTimestamp(5), createdAt: try row.timestamp(2))
  }
}
