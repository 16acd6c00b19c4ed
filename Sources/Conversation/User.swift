/// Somebody who owns assistants, threads and files.
package struct User: Codable, Sendable, Equatable {
  package var id: Identifier<User>
  /// Who they are to whatever signed them in: a cookie's value, or a token's `sub`.
  package var subject: String
  package var createdAt: Timestamp

  package init(id: Identifier<User>, subject: String, createdAt: Timestamp) {
    self.id = id
    self.subject = subject
    self.createdAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "user_id"
    case subject = "sub"
    case createdAt = "created_at"
  }
}
