package import Conversation
import Foundation
import GRDB

extension Store {
  /// The user's own tools, the one changed last first.
  package func customTools(
    of user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [CustomTool] {
    try await read { db in
      try db.rows(
        "SELECT \(CustomTool.columns) FROM tool WHERE user_id = ? "
          + "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?", user, page.limit, page.offset
      ).map(CustomTool.init)
    }
  }

  /// The tool, if it is one of these users'.
  package func customTool(
    _ id: Identifier<CustomTool>, of users: [Identifier<User>]
  ) async throws(StoreError) -> CustomTool? {
    try await read { db in
      try db.row("SELECT \(CustomTool.columns) FROM tool WHERE tool_id = ?", id).map(CustomTool.init)
        .flatMap { users.contains($0.userID) ? $0 : nil }
    }
  }

  /// The OpenAPI document of a tool. The caller has made sure that the tool may be seen.
  package func document(of tool: Identifier<CustomTool>) async throws(StoreError) -> JSON? {
    try await read { db in try db.row("SELECT document FROM tool WHERE tool_id = ?", tool)?.json(0) }
  }

  /// The secret of a tool, for a request to its service and for nothing else.
  package func secret(of tool: Identifier<CustomTool>) async throws(StoreError) -> String? {
    let secrets = secrets
    return try await read { db in
      try db.row("SELECT secret FROM tool WHERE tool_id = ? AND secret IS NOT NULL", tool)
        .map { try secrets.opened($0.blob(0), for: tool.description) }
    }
  }

  /// What becomes of a tool's secret when the tool is saved.
  package enum SecretChange: Sendable, Equatable {
    case keep
    case clear
    case set(String)
  }

  /// Adds the tool, or changes the user's own.
  /// - Parameter document: nil leaves the one that is there.
  /// - Throws: `.notFound` when there is nothing to change, or it is somebody else's.
  package func saveCustomTool(
    _ tool: CustomTool, document: JSON?, secret: SecretChange = .keep
  ) async throws(StoreError) -> CustomTool {
    let secrets = secrets
    return try await write { db in
      let owner = try db.row("SELECT user_id FROM tool WHERE tool_id = ?", tool.id)?.text(0)
      if let owner, owner != tool.userID.description { throw StoreError.notFound }
      guard owner != nil || document != nil else { throw StoreError.notFound }
      try tool.save(document, db)
      switch secret {
      case .keep: break
      case .clear: try db.run("UPDATE tool SET secret = NULL WHERE tool_id = ?", tool.id)
      case .set(let text):
        try db.run(
          "UPDATE tool SET secret = ? WHERE tool_id = ?", try secrets.sealed(text, for: tool.id.description),
          tool.id)
      }
      guard let row = try db.row("SELECT \(CustomTool.columns) FROM tool WHERE tool_id = ?", tool.id) else {
        throw StoreError.notFound
      }
      return try CustomTool(row)
    }
  }

  /// - Returns: whether there was one of the user's.
  package func deleteCustomTool(
    _ id: Identifier<CustomTool>, of user: Identifier<User>
  ) async throws(StoreError) -> Bool {
    try await write { db in
      try db.run("DELETE FROM tool WHERE tool_id = ? AND user_id = ?", id, user) > 0
    }
  }
}

extension CustomTool {
  fileprivate static let columns =
    "tool_id, user_id, name, definition, secret IS NOT NULL, created_at, updated_at"

  /// What has no column of its own.
  private struct Definition: Codable {
    var baseURL: String
    var operations: [String]
    var authentication: Authentication
  }

  fileprivate init(_ row: Row) throws {
    let definition = try JSONDecoder().decode(Definition.self, from: Data(row.text(3).utf8))
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), name: try row.text(2),
      baseURL: definition.baseURL, operations: definition.operations,
      authentication: definition.authentication, hasSecret: try row.bool(4), createdAt: try row.timestamp(5),
      updatedAt: try row.timestamp(6))
  }

  fileprivate func save(_ document: JSON?, _ db: Database) throws {
    let definition = try JSON.encoded(
      Definition(baseURL: baseURL, operations: operations, authentication: authentication))
    try db.run(
      """
      INSERT INTO tool (tool_id, user_id, name, definition, document, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, coalesce(?5, ''), ?6, ?7)
      ON CONFLICT (tool_id) DO UPDATE SET name = excluded.name, definition = excluded.definition,
        document = coalesce(?5, document), updated_at = excluded.updated_at
      """, id, userID, name, String(decoding: definition, as: UTF8.self), document, createdAt, updatedAt)
  }
}
