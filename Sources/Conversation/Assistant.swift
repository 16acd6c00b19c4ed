/// A configured helper: a name, and the free-form configuration its form wrote.
package struct Assistant: Codable, Sendable, Equatable {
  package var id: Identifier<Assistant>
  package var userID: Identifier<User>
  package var name: String
  /// `{"configurable": {…}}`, kept exactly as the client sent it. `AssistantConfiguration` reads it.
  package var config: JSON
  package var updatedAt: Timestamp
  /// Everybody may read and use it; only its owner may change it.
  package var isPublic: Bool

  package init(
    id: Identifier<Assistant>, userID: Identifier<User>, name: String, config: JSON, updatedAt: Timestamp,
    isPublic: Bool
  ) {
    self.id = id
    self.userID = userID
    self.name = name
    self.config = config
    self.updatedAt = updatedAt
    self.isPublic = isPublic
  }

  package enum CodingKeys: String, CodingKey {
    case id = "assistant_id"
    case userID = "user_id"
    case name, config
    case updatedAt = "updated_at"
    case isPublic = "public"
  }
}

/// One saved state of an assistant; each change adds one, numbered from 1.
package struct AssistantVersion: Codable, Sendable, Equatable {
  package var assistantID: Identifier<Assistant>
  package var version: Int
  package var name: String
  package var config: JSON
  package var isPublic: Bool
  package var createdAt: Timestamp

  package init(
    assistantID: Identifier<Assistant>, version: Int, name: String, config: JSON, isPublic: Bool,
    createdAt: Timestamp
  ) {
    self.assistantID = assistantID
    self.version = version
    self.name = name
    self.config = config
    self.isPublic = isPublic
    self.createdAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case assistantID = "assistant_id"
    case version, name, config
    case isPublic = "public"
    case createdAt = "created_at"
  }
}
