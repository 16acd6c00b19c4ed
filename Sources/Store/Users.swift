package import Conversation
import GRDB

extension Store {
  /// The user whom whatever signed them in calls `subject`; made when seen for the first time.
  package func user(subject: String) async throws(StoreError) -> User {
    if let user = try await read({ db in try User.find(subject: subject, db) }) { return user }
    return try await write { db in
      try db.run(
        "INSERT INTO user (user_id, subject, created_at) VALUES (?, ?, ?) ON CONFLICT (subject) DO NOTHING",
        Identifier<User>.random(), subject, Timestamp.now)
      guard let user = try User.find(subject: subject, db) else { throw StoreError.notFound }
      return user
    }
  }
}

extension User {
  fileprivate static func find(subject: String, _ db: Database) throws -> User? {
    try db.row("SELECT user_id, subject, created_at FROM user WHERE subject = ?", subject).map(User.init)
  }

  private init(_ row: Row) throws {
    self.init(id: try row.identifier(0), subject: try row.text(1), createdAt: try row.timestamp(2))
  }
}
