/// What a search over everything a person owns comes upon.
package enum Found {
  /// Some things of one kind, the best or newest first.
  package struct Page<Item: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    package var items: [Item]
    /// Whether asking with a larger offset finds more.
    package var hasMore: Bool

    /// - Parameter items: one more than `limit` when there are more.
    package init(_ items: [Item], limit: Int) {
      self.items = Array(items.prefix(limit))
      hasMore = items.count > limit
    }

    package enum CodingKeys: String, CodingKey {
      case items
      case hasMore = "has_more"
    }
  }

  /// A piece of an excerpt; the matches are the words that were looked for.
  package struct Piece: Codable, Sendable, Equatable {
    package var text: String
    package var isMatch: Bool

    package init(text: String, isMatch: Bool) {
      self.text = text
      self.isMatch = isMatch
    }

    package enum CodingKeys: String, CodingKey {
      case text
      case isMatch = "is_match"
    }
  }

  package struct Message: Codable, Sendable, Equatable {
    package var threadID: Identifier<Thread>
    package var threadName: String
    package var messageID: String
    package var type: String
    /// Where it was written: a state that has it, also when the thread took another way since.
    package var checkpointID: Identifier<Checkpoint>
    package var createdAt: Timestamp
    package var excerpt: [Piece]

    package init(
      threadID: Identifier<Thread>, threadName: String, messageID: String, type: String,
      checkpointID: Identifier<Checkpoint>, createdAt: Timestamp, excerpt: [Piece]
    ) {
      self.threadID = threadID
      self.threadName = threadName
      self.messageID = messageID
      self.type = type
      self.checkpointID = checkpointID
      self.createdAt = createdAt
      self.excerpt = excerpt
    }

    package enum CodingKeys: String, CodingKey {
      case threadID = "thread_id"
      case threadName = "thread_name"
      case messageID = "message_id"
      case type
      case checkpointID = "checkpoint_id"
      case createdAt = "created_at"
      case excerpt
    }
  }

  package struct Passage: Codable, Sendable, Equatable {
    package var fileID: Identifier<File>
    package var fileName: String
    package var page: Int?
    /// Unicode scalars from the start of the file's text.
    package var start: Int
    package var end: Int
    package var excerpt: [Piece]

    package init(
      fileID: Identifier<File>, fileName: String, page: Int?, start: Int, end: Int, excerpt: [Piece]
    ) {
      self.fileID = fileID
      self.fileName = fileName
      self.page = page
      self.start = start
      self.end = end
      self.excerpt = excerpt
    }

    package enum CodingKeys: String, CodingKey {
      case fileID = "file_id"
      case fileName = "file_name"
      case page, start, end, excerpt
    }
  }
}
