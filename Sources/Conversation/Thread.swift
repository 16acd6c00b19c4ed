/// A conversation: its own state, and the assistant that answers in it.
package struct Thread: Codable, Sendable, Equatable {
  package var id: Identifier<Thread>
  package var userID: Identifier<User>
  /// Nil once the assistant was deleted.
  package var assistantID: Identifier<Assistant>?
  package var name: String
  package var updatedAt: Timestamp
  /// `{"assistant_type": …}` as of the last save; null when the assistant was not visible then.
  package var metadata: JSON

  package init(
    id: Identifier<Thread>, userID: Identifier<User>, assistantID: Identifier<Assistant>?, name: String,
    updatedAt: Timestamp, metadata: JSON
  ) {
    self.id = id
    self.userID = userID
    self.assistantID = assistantID
    self.name = name
    self.updatedAt = updatedAt
    self.metadata = metadata
  }

  package enum CodingKeys: String, CodingKey {
    case id = "thread_id"
    case userID = "user_id"
    case assistantID = "assistant_id"
    case name
    case updatedAt = "updated_at"
    case metadata
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(userID, forKey: .userID)
    try container.encode(assistantID, forKey: .assistantID)
    try container.encode(name, forKey: .name)
    try container.encode(updatedAt, forKey: .updatedAt)
    try container.encode(metadata, forKey: .metadata)
  }
}
