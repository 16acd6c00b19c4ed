package import Conversation
import GRDB

extension Store {
  /// All groups, by name.
  package func groups(page: Page = Page()) async throws(StoreError) -> [UserGroup] {
    try await read { db in
      try db.rows("\(UserGroup.query) ORDER BY lower(name) LIMIT ? OFFSET ?", page.limit, page.offset)
        .map(UserGroup.init)
    }
  }

  /// Makes a group or renames it.
  /// - Throws: `.taken` when another has that name.
  package func saveGroup(
    _ id: Identifier<UserGroup>, name: String
  ) async throws(StoreError) -> UserGroup {
    try await write { db in
      if let other = try db.row("SELECT group_id FROM user_group WHERE name = ?", name),
        try other.identifier(0) != id
      {
        throw StoreError.taken(name)
      }
      try db.run(
        "INSERT INTO user_group (group_id, name, created_at) VALUES (?, ?, ?) "
          + "ON CONFLICT (group_id) DO UPDATE SET name = excluded.name", id, name, Timestamp.now)
      guard let row = try db.row("\(UserGroup.query) WHERE group_id = ?", id) else {
        throw StoreError.notFound
      }
      return try UserGroup(row)
    }
  }

  package func group(_ id: Identifier<UserGroup>) async throws(StoreError) -> UserGroup? {
    try await read { db in try db.row("\(UserGroup.query) WHERE group_id = ?", id).map(UserGroup.init) }
  }

  /// Deletes a group; what was shared with it no longer is.
  /// - Throws: `.notFound`.
  package func deleteGroup(_ id: Identifier<UserGroup>) async throws(StoreError) {
    try await write { db in
      guard try db.run("DELETE FROM user_group WHERE group_id = ?", id) > 0 else {
        throw StoreError.notFound
      }
    }
  }

  /// The members of a group, by name.
  package func members(
    of group: Identifier<UserGroup>, page: Page = Page()
  ) async throws(StoreError) -> [User] {
    try await read { db in
      let ids = try db.rows(
        "SELECT user.user_id FROM group_member JOIN user ON user.user_id = group_member.user_id "
          + "WHERE group_id = ? ORDER BY lower(name) LIMIT ? OFFSET ?", group, page.limit, page.offset
      ).map { try $0.identifier(0) as Identifier<User> }
      return try ids.compactMap { try User.find($0, db) }
    }
  }

  /// Puts a user into a group or takes them out.
  /// - Throws: `.notFound` when there is no such user or group.
  package func setMember(
    _ user: Identifier<User>, of group: Identifier<UserGroup>, _ isMember: Bool
  ) async throws(StoreError) {
    try await write { db in
      guard try db.row("SELECT 1 FROM user_group WHERE group_id = ?", group) != nil,
        try User.find(user, db) != nil
      else { throw StoreError.notFound }
      if isMember {
        try db.run(
          "INSERT INTO group_member (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", group, user)
      } else {
        try db.run("DELETE FROM group_member WHERE group_id = ? AND user_id = ?", group, user)
      }
    }
  }
}

extension UserGroup {
  fileprivate static let query = """
    SELECT group_id, name, created_at,
      (SELECT count(*) FROM group_member WHERE group_member.group_id = user_group.group_id)
    FROM user_group
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), name: try row.text(1), memberCount: try row.integer(3),
      createdAt: try row.timestamp(2))
  }
}
