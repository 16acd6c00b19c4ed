/// A sign-in that lasts: a browser holds its secret, the store only the secret's hash.
package struct Session: Codable, Sendable, Equatable {
  /// Names it in lists; opens nothing.
  package var id: Identifier<Session>
  package var userID: Identifier<User>
  package var createdAt: Timestamp
  /// To the minute.
  package var seenAt: Timestamp
  package var expiresAt: Timestamp
  /// Where it was begun from: an IP address.
  package var address: String
  /// The browser's own words, shortened.
  package var agent: String

  package init(
    id: Identifier<Session> = .random(), userID: Identifier<User>, createdAt: Timestamp = .now,
    expiresAt: Timestamp, address: String, agent: String
  ) {
    self.id = id
    self.userID = userID
    self.createdAt = createdAt
    seenAt = createdAt
    self.expiresAt = expiresAt
    self.address = address
    self.agent = agent
  }

  package enum CodingKeys: String, CodingKey {
    case id = "session_id"
    case userID = "user_id"
    case createdAt = "created_at"
    case seenAt = "seen_at"
    case expiresAt = "expires_at"
    case address, agent
  }
}

/// What a program shows instead of a person's sign-in. It is shown once; the store has its hash.
package struct APIKey: Codable, Sendable, Equatable {
  package var id: Identifier<APIKey>
  package var userID: Identifier<User>
  package var name: String
  /// The key's first letters, to tell it from others.
  package var hint: String
  /// What it may do at most: its user's role, or less.
  package var scope: Role
  package var createdAt: Timestamp
  /// Nil: never.
  package var expiresAt: Timestamp?
  /// To the minute; nil before the first use.
  package var usedAt: Timestamp?
  package var revokedAt: Timestamp?

  package init(
    id: Identifier<APIKey> = .random(), userID: Identifier<User>, name: String, hint: String, scope: Role,
    createdAt: Timestamp = .now, expiresAt: Timestamp?
  ) {
    self.id = id
    self.userID = userID
    self.name = name
    self.hint = hint
    self.scope = scope
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "key_id"
    case userID = "user_id"
    case name, hint, scope
    case createdAt = "created_at"
    case expiresAt = "expires_at"
    case usedAt = "used_at"
    case revokedAt = "revoked_at"
  }
}
