package import Conversation
import GRDB

/// An account of this server's own: a name to sign in with, and what its password hashes to.
package struct Account: Sendable, Equatable {
  package var userID: Identifier<User>
  /// In lower case.
  package var login: String
  /// The hash with its parameters, as whoever made it writes it.
  package var password: String
  /// The password was given by somebody else, and is to be replaced at the next sign-in.
  package var mustChange: Bool

  package init(userID: Identifier<User>, login: String, password: String, mustChange: Bool) {
    self.userID = userID
    self.login = login
    self.password = password
    self.mustChange = mustChange
  }
}

extension Store {
  /// The account of that name with its user.
  package func account(login: String) async throws(StoreError) -> (account: Account, user: User)? {
    try await read { db in
      guard let account = try Account.find("login = ?", login, db),
        let user = try User.find(account.userID, db)
      else { return nil }
      return (account, user)
    }
  }

  package func account(of user: Identifier<User>) async throws(StoreError) -> Account? {
    try await read { db in try Account.find("user_id = ?", user, db) }
  }

  /// Whether somebody can come in and see to the others.
  package func hasAdmin() async throws(StoreError) -> Bool {
    try await read { db in
      try db.row("SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL LIMIT 1") != nil
    }
  }

  /// Makes a user with an account.
  /// - Parameters:
  ///   - adopting: the subject of a user who has no account yet and is to be this one, with all they own.
  ///   - onlyWithoutAdmin: do nothing once there is an admin.
  /// - Throws: `.taken` when the name is somebody's, or when there is an admin where none was to be.
  package func makeAccount(
    login: String, name: String, role: Role, password: String, mustChange: Bool,
    adopting subject: String? = nil, onlyWithoutAdmin: Bool = false
  ) async throws(StoreError) -> User {
    try await write { db in
      guard try Account.find("login = ?", login, db) == nil else { throw StoreError.taken(login) }
      if onlyWithoutAdmin,
        try db.row("SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL LIMIT 1") != nil
      {
        throw StoreError.taken("admin")
      }
      let id = try subject.flatMap { try User.withoutAccount($0, db) } ?? User.insert(db)
      try db.run(
        "UPDATE user SET subject = ?, name = ?, role = ? WHERE user_id = ?", "account \(id)", name,
        role.rawValue, id)
      try db.run(
        "INSERT INTO account (user_id, login, password, must_change, changed_at) VALUES (?, ?, ?, ?, ?)",
        id, login, password, mustChange, Timestamp.now)
      guard let user = try User.find(id, db) else { throw StoreError.notFound }
      return user
    }
  }

  /// Sets what the password of an account hashes to; all sessions of its user end, but for one.
  /// - Throws: `.notFound` when the user has no account.
  package func setPassword(
    _ password: String, mustChange: Bool, of user: Identifier<User>, keeping session: Identifier<Session>?
  ) async throws(StoreError) {
    try await write { db in
      let changed = try db.run(
        "UPDATE account SET password = ?, must_change = ?, changed_at = ? WHERE user_id = ?", password,
        mustChange, Timestamp.now, user)
      guard changed > 0 else { throw StoreError.notFound }
      try db.run(
        "DELETE FROM session WHERE user_id = ? AND session_id IS NOT ?", user, session)
    }
  }
}

extension Account {
  fileprivate static func find(
    _ condition: String, _ value: any Bindable, _ db: Database
  ) throws -> Account? {
    try db.row("SELECT user_id, login, password, must_change FROM account WHERE \(condition)", value).map {
      row in
      Account(
        userID: try row.identifier(0), login: try row.text(1), password: try row.text(2),
        mustChange: try row.bool(3))
    }
  }
}

extension User {
  fileprivate static func withoutAccount(_ subject: String, _ db: Database) throws -> Identifier<User>? {
    try db.row(
      "SELECT user_id FROM user WHERE subject = ? AND user_id NOT IN (SELECT user_id FROM account)", subject
    )?.identifier(0)
  }

  fileprivate static func insert(_ db: Database) throws -> Identifier<User> {
    let id = Identifier<User>.random()
    try db.run(
      "INSERT INTO user (user_id, subject, created_at) VALUES (?, ?, ?)", id, "account \(id)", Timestamp.now)
    return id
  }
}
