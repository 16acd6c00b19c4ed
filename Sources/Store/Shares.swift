package import Conversation
import GRDB

extension Store {
  /// What a user may do with an assistant; nil when they may not even see it.
  package func access(
    to assistant: Identifier<Assistant>, of user: Identifier<User>
  ) async throws(StoreError) -> Access? {
    try await read { db in try Access.find(to: assistant, of: user, db) }
  }

  /// With whom the user's assistant is shared.
  /// - Throws: `.notFound` when it is not the user's own.
  package func shares(
    of assistant: Identifier<Assistant>, owner: Identifier<User>
  ) async throws(StoreError) -> [AssistantShare] {
    try await read { db in
      guard try Access.find(to: assistant, of: owner, db) == .own else { throw StoreError.notFound }
      return try AssistantShare.list(of: assistant, db)
    }
  }

  /// Shares the user's assistant with these, and with nobody else.
  /// - Throws: `.notFound` when it is not the user's own, or one of these does not exist.
  package func setShares(
    _ shares: [AssistantShare], of assistant: Identifier<Assistant>, owner: Identifier<User>
  ) async throws(StoreError) -> [AssistantShare] {
    try await write { db in
      guard try Access.find(to: assistant, of: owner, db) == .own else { throw StoreError.notFound }
      try db.run("DELETE FROM assistant_share WHERE assistant_id = ?", assistant)
      for share in shares { try share.insert(assistant, db) }
      return try AssistantShare.list(of: assistant, db)
    }
  }

  /// Assistants that others share with the user, newest first; public ones only when they are also shared.
  package func assistants(
    sharedWith user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [(assistant: Assistant, access: Access)] {
    try await read { db in
      let found = try db.rows(
        "SELECT \(Assistant.columns) FROM assistant WHERE user_id <> ?1 AND assistant_id IN (\(Access.sharedIDs)) "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ?2 OFFSET ?3", user, page.limit, page.offset
      ).map(Assistant.init)
      return try found.map { ($0, try Access.find(to: $0.id, of: user, db) ?? .use) }
    }
  }
}

extension Access {
  /// The ids of what is shared with the user `?1`, directly or through a group.
  static let sharedIDs = """
    SELECT s.assistant_id FROM assistant_share s WHERE s.user_id = ?1
    UNION SELECT s.assistant_id FROM group_member m JOIN assistant_share s ON s.group_id = m.group_id
      WHERE m.user_id = ?1
    """

  static func find(
    to assistant: Identifier<Assistant>, of user: Identifier<User>, _ db: Database
  ) throws -> Access? {
    let row = try db.row(
      """
      SELECT user_id = ?2, public, (SELECT min(access) FROM assistant_share s WHERE s.assistant_id = ?1
        AND (s.user_id = ?2 OR s.group_id IN (SELECT group_id FROM group_member m WHERE m.user_id = ?2)))
      FROM assistant WHERE assistant_id = ?1
      """, assistant, user)
    guard let row else { return nil }
    if try row.bool(0) { return .own }
    // `edit` sorts before `use`, so that the least is the most.
    if let shared = try row.optionalText(2) { return Access(rawValue: shared) }
    return try row.bool(1) ? .use : nil
  }
}

extension AssistantShare {
  fileprivate static func list(
    of assistant: Identifier<Assistant>, _ db: Database
  ) throws -> [AssistantShare] {
    try db.rows(
      """
      SELECT s.user_id, s.group_id, coalesce(g.name, u.name), s.access FROM assistant_share s
      LEFT JOIN user u ON u.user_id = s.user_id LEFT JOIN user_group g ON g.group_id = s.group_id
      WHERE s.assistant_id = ? ORDER BY s.group_id IS NULL, lower(coalesce(g.name, u.name))
      """, assistant
    ).map { row in
      let user: Identifier<User>? = try row.optionalIdentifier(0)
      return AssistantShare(
        holder: try user.map(Holder.user) ?? .group(row.identifier(1)), name: try row.text(2),
        access: try row.value(3))
    }
  }

  fileprivate func insert(_ assistant: Identifier<Assistant>, _ db: Database) throws {
    var user: Identifier<User>?
    var group: Identifier<UserGroup>?
    switch holder {
    case .user(let id): user = id
    case .group(let id): group = id
    }
    try db.run(
      "INSERT INTO assistant_share (assistant_id, user_id, group_id, access) VALUES (?, ?, ?, ?)", assistant,
      user, group, access.rawValue)
  }
}
