/// A file somebody gave to an assistant, a thread or a collection as knowledge.
package struct File: Codable, Sendable, Equatable {
  package var id: Identifier<File>
  package var userID: Identifier<User>
  package var namespace: Namespace
  package var name: String
  package var mediaType: String
  package var sizeBytes: Int
  /// SHA-256 of its bytes, lower-case hex: its name in the blob folder. Empty until a page of the web was
  /// fetched for the first time.
  package var hash: String
  package var status: Status
  /// How far the work of that status is; known only while it goes on.
  package var progress: Progress?
  /// Whether searches find it. While changed bytes are read, they find what the file said before.
  package var isSearchable: Bool
  /// The bytes that take its place once they are read; until then everything else is about the old ones.
  package var replacement: Content?
  /// Why it failed and what to do; only with `.failed`.
  package var failure: String?
  package var title: String?
  package var pageCount: Int?
  /// Unicode scalars of its extracted text.
  package var characterCount: Int?
  package var chunkCount: Int
  package var createdAt: Timestamp
  /// Where it is fetched from; nil for what was uploaded.
  package var origin: WebOrigin?

  package enum Status: String, Codable, Sendable, CaseIterable {
    /// Durable on disk, waiting for its turn.
    case received
    case fetching, reading, chunking
    /// Found by its words; vectors are being made, so that it is found by its meaning too.
    case embedding
    /// All done.
    case indexed
    case failed
    /// Somebody stopped the work on it.
    case cancelled

    /// Whether there is work to do.
    package var isOpen: Bool {
      switch self {
      case .received, .fetching, .reading, .chunking, .embedding: true
      case .indexed, .failed, .cancelled: false
      }
    }
  }

  /// Counted in what the status works on: bytes, chunks.
  package struct Progress: Codable, Sendable, Equatable {
    package var done: Int
    /// Nil where nobody knows before the end.
    package var total: Int?

    package init(done: Int, total: Int?) {
      self.done = done
      self.total = total
    }
  }

  /// Bytes in the blob folder.
  package struct Content: Codable, Sendable, Equatable {
    package var hash: String
    package var sizeBytes: Int
    package var mediaType: String

    package init(hash: String, sizeBytes: Int, mediaType: String) {
      self.hash = hash
      self.sizeBytes = sizeBytes
      self.mediaType = mediaType
    }

    package enum CodingKeys: String, CodingKey {
      case hash
      case sizeBytes = "size_bytes"
      case mediaType = "media_type"
    }
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
    self.isSearchable = false
    self.chunkCount = 0
    self.createdAt = createdAt
  }

  /// What is to be read: the newest bytes there are.
  package var newest: Content {
    replacement ?? Content(hash: hash, sizeBytes: sizeBytes, mediaType: mediaType)
  }

  package enum CodingKeys: String, CodingKey {
    case id = "file_id"
    case userID = "user_id"
    case namespace, name, status, progress, replacement, title, hash, origin
    case isSearchable = "searchable"
    case failure = "error"
    case mediaType = "media_type"
    case sizeBytes = "size_bytes"
    case pageCount = "page_count"
    case characterCount = "character_count"
    case chunkCount = "chunk_count"
    case createdAt = "created_at"
  }
}

/// Where a page of the web comes from, and what its server said of this version of it.
package struct WebOrigin: Codable, Sendable, Equatable {
  package var url: String
  /// `ETag` and `Last-Modified`, as they came: sent back to ask whether the page has changed.
  package var entityTag: String?
  package var lastModified: String?
  /// When the server last said what the page is, changed or not; nil before the first time.
  package var fetchedAt: Timestamp?
  /// Hours after which it is fetched again by itself, and when that is next; nil for what only people fetch.
  package var refetchHours: Int?
  package var refetchAt: Timestamp?

  package init(
    url: String, entityTag: String? = nil, lastModified: String? = nil, fetchedAt: Timestamp? = nil
  ) {
    self.url = url
    self.entityTag = entityTag
    self.lastModified = lastModified
    self.fetchedAt = fetchedAt
  }

  package enum CodingKeys: String, CodingKey {
    case url
    case entityTag = "etag"
    case lastModified = "last_modified"
    case fetchedAt = "fetched_at"
    case refetchHours = "refetch_hours"
    case refetchAt = "refetch_at"
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

/// A chunk as a search found it, with its neighbours where they were found too, and what a reader needs to
/// trust it.
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
  /// The fused score, from 0 to 1; comparable within one search only.
  package var score: Double
  /// Its place in each ranking, from 1; nil when that ranking did not have it.
  package var textRank: Int?
  package var vectorRank: Int?
  /// What it was ranked by: BM25 and the cosine with the query; nil when it was not measured.
  package var textScore: Double?
  package var similarity: Double?

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
    case textScore = "text_score"
    case similarity
  }
}

extension Passage {
  /// Far beyond the longest text. Passages come back in messages that clients write, and places in them are
  /// added up.
  private static let lastPlace = 1 << 40

  /// - Throws: `DecodingError`, also for places that are in no text.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    chunkID = try container.decode(Identifier<Chunk>.self, forKey: .chunkID)
    fileID = try container.decode(Identifier<File>.self, forKey: .fileID)
    source = try container.decode(String.self, forKey: .source)
    text = try container.decode(String.self, forKey: .text)
    start = try container.decode(Int.self, forKey: .start)
    end = try container.decode(Int.self, forKey: .end)
    page = try container.decodeIfPresent(Int.self, forKey: .page)
    headings = try container.decode([String].self, forKey: .headings)
    score = try container.decode(Double.self, forKey: .score)
    textRank = try container.decodeIfPresent(Int.self, forKey: .textRank)
    vectorRank = try container.decodeIfPresent(Int.self, forKey: .vectorRank)
    textScore = try container.decodeIfPresent(Double.self, forKey: .textScore)
    similarity = try container.decodeIfPresent(Double.self, forKey: .similarity)
    guard start >= 0, start <= end, end <= Self.lastPlace else {
      throw DecodingError.dataCorruptedError(
        forKey: .start, in: container, debugDescription: "\(start) to \(end) is no part of a text")
    }
  }
}

/// Where a quotation in an answer comes from: `[number]` in the text refers to it.
package struct Citation: Codable, Sendable, Equatable {
  package var number: Int
  package var fileID: Identifier<File>
  /// Of the bytes the text was read from: the range holds for these alone. Nil until the server looked it up.
  package var hash: String?
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
    case hash, source, page, start, end, quote
  }
}
