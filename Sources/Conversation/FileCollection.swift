/// Files under one name, which any number of assistants may search.
package struct FileCollection: Codable, Sendable, Equatable {
  package var id: Identifier<FileCollection>
  package var userID: Identifier<User>
  package var name: String
  package var description: String
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
  /// Of the files in it; counted when it is read.
  package var fileCount: Int
  package var sizeBytes: Int
  /// The assistants that search it, whosever they are; counted when it is read.
  package var assistantCount: Int

  package init(
    id: Identifier<FileCollection>, userID: Identifier<User>, name: String, description: String,
    createdAt: Timestamp = .now, updatedAt: Timestamp = .now, fileCount: Int = 0, sizeBytes: Int = 0,
    assistantCount: Int = 0
  ) {
    self.id = id
    self.userID = userID
    self.name = name
    self.description = description
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.fileCount = fileCount
    self.sizeBytes = sizeBytes
    self.assistantCount = assistantCount
  }

  package enum CodingKeys: String, CodingKey {
    case id = "collection_id"
    case userID = "user_id"
    case name, description
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case fileCount = "file_count"
    case sizeBytes = "size_bytes"
    case assistantCount = "assistant_count"
  }
}
