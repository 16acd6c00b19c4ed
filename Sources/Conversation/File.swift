/// A file somebody gave to an assistant or a thread as knowledge.
package struct File: Codable, Sendable, Equatable {
  package var id: Identifier<File>
  package var userID: Identifier<User>
  package var namespace: Namespace
  package var name: String
  package var mediaType: String
  package var sizeBytes: Int
  /// SHA-256 of its bytes, lower-case hex: its name in the blob folder.
  package var hash: String
  package var status: Status
  /// Why it failed and what to do; only with `.failed`.
  package var failure: String?
  package var title: String?
  package var pageCount: Int?
  /// Unicode scalars of its extracted text.
  package var characterCount: Int?
  package var chunkCount: Int
  package var createdAt: Timestamp

  package enum Status: String, Codable, Sendable {
    /// Durable on disk, not searchable yet.
    case received
    /// Searchable.
    case indexed
    case failed
  }

  package init(
    id: Identifier<File> = .timeOrdered(), userID: Identifier<User>, namespace: Namespace, name: String,
    mediaType: String, sizeBytes: Int, hash: String, status: Status = .received, createdAt: Timestamp = .now
  ) {
    self.id = id
    self.userID = userID
    self.namespace = namespace
    self.name = name
    self.mediaType = mediaType
    self.sizeBytes = sizeBytes
    self.hash = hash
    self.status = status
    self.chunkCount = 0
    self.createdAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "file_id"
    case userID = "user_id"
    case namespace, name, status, title, hash
    case failure = "error"
    case mediaType = "media_type"
    case sizeBytes = "size_bytes"
    case pageCount = "page_count"
    case characterCount = "character_count"
    case chunkCount = "chunk_count"
    case createdAt = "created_at"
  }
}

/// Whose knowledge a file is: one assistant's, for everybody who uses it, or one thread's.
package enum Namespace: Sendable, Hashable {
  case assistant(Identifier<Assistant>)
  case thread(Identifier<Thread>)
}

extension Namespace: Codable {
  private enum CodingKeys: String, CodingKey {
    case assistant = "assistant_id"
    case thread = "thread_id"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let id = try container.decodeIfPresent(Identifier<Assistant>.self, forKey: .assistant) {
      self = .assistant(id)
    } else {
      self = .thread(try container.decode(Identifier<Thread>.self, forKey: .thread))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .assistant(let id): try container.encode(id, forKey: .assistant)
    case .thread(let id): try container.encode(id, forKey: .thread)
    }
  }
}

/// A piece of a file's text that is searched and found as one.
package struct Chunk: Sendable, Equatable {
  /// Its rowid: the key in the vector and full-text indexes.
  package var key: Int64
  package var id: Identifier<Chunk>
  package var fileID: Identifier<File>
  package var ordinal: Int
  package var text: String
  /// Unicode scalars from the start of the file's text.
  package var start: Int
  package var end: Int
  /// From 1; nil for formats without pages.
  package var page: Int?
  package var endPage: Int?
  /// The headings above it, outermost first.
  package var headings: [String]

  package init(
    key: Int64 = 0, id: Identifier<Chunk> = .random(), fileID: Identifier<File>, ordinal: Int, text: String,
    start: Int, end: Int, page: Int?, endPage: Int?, headings: [String]
  ) {
    self.key = key
    self.id = id
    self.fileID = fileID
    self.ordinal = ordinal
    self.text = text
    self.start = start
    self.end = end
    self.page = page
    self.endPage = endPage
    self.headings = headings
  }
}

/// A chunk as a search found it, with what a reader needs to trust it.
package struct Passage: Codable, Sendable, Equatable {
  package var chunkID: Identifier<Chunk>
  package var fileID: Identifier<File>
  /// The file's name.
  package var source: String
  package var text: String
  package var start: Int
  package var end: Int
  package var page: Int?
  package var headings: [String]
  /// The fused score; higher is better, comparable within one search only.
  package var score: Double
  /// Its place in each ranking, from 1; nil when that ranking did not have it.
  package var textRank: Int?
  package var vectorRank: Int?

  package init(
    chunk: Chunk, source: String, score: Double, textRank: Int?, vectorRank: Int?
  ) {
    chunkID = chunk.id
    fileID = chunk.fileID
    self.source = source
    text = chunk.text
    start = chunk.start
    end = chunk.end
    page = chunk.page
    headings = chunk.headings
    self.score = score
    self.textRank = textRank
    self.vectorRank = vectorRank
  }

  package enum CodingKeys: String, CodingKey {
    case chunkID = "chunk_id"
    case fileID = "file_id"
    case source, text, start, end, page, headings, score
    case textRank = "text_rank"
    case vectorRank = "vector_rank"
  }
}

/// Where a quotation in an answer comes from: `[number]` in the text refers to it.
package struct Citation: Codable, Sendable, Equatable {
  package var number: Int
  package var fileID: Identifier<File>
  package var source: String
  package var page: Int?
  /// Unicode scalars from the start of the file's text.
  package var start: Int
  package var end: Int
  package var quote: String

  package init(
    number: Int, fileID: Identifier<File>, source: String, page: Int?, start: Int, end: Int, quote: String
  ) {
    self.number = number
    self.fileID = fileID
    self.source = source
    self.page = page
    self.start = start
    self.end = end
    self.quote = quote
  }

  package enum CodingKeys: String, CodingKey {
    case number
    case fileID = "file_id"
    case source, page, start, end, quote
  }
}
