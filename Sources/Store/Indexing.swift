package import Conversation
import GRDB

/// One attempt at reading a file: what it writes counts only if the attempt is the file's last when it is
/// published.
package struct Attempt: Sendable, Equatable {
  package var file: File
  /// The revision of the chunks it writes.
  package var number: Int
}

/// What is known of a file once it has been read.
package struct ReadingFacts: Sendable, Equatable {
  package var mediaType: String
  package var title: String?
  package var pageCount: Int?
  package var characterCount: Int
  package var chunkCount: Int

  package init(_ text: ExtractedText, mediaType: String, chunkCount: Int) {
    self.mediaType = mediaType
    self.title = text.title
    self.pageCount = text.pageCount
    self.characterCount = text.text.unicodeScalars.count
    self.chunkCount = chunkCount
  }
}

extension Store {
  /// Chunks written in one transaction. Their words go through the full-text index: this many take some
  /// 40 ms, which is how long a message of a chat may have to wait for the writer.
  package static let chunksAtOnce = 128

  /// Begins to read a file that waits for it. What earlier attempts left behind goes.
  /// - Returns: nil when the file is gone, or waits for nothing.
  package func beginAttempt(at id: Identifier<File>) async throws(StoreError) -> Attempt? {
    let attempt: Attempt? = try await write { db in
      try db.run("UPDATE file SET attempt = attempt + 1 WHERE file_id = ? AND status = 'received'", id)
      guard db.changesCount > 0, let file = try File.find(id, db) else { return nil }
      try db.run(Self.markUnservedStale, id)
      return Attempt(file: file, number: try db.attempt(at: id) ?? 0)
    }
    try await clearStaleChunks()
    return attempt
  }

  /// Stores some of what an attempt found, at most `chunksAtOnce`. Nothing finds it yet.
  /// - Parameter vectors: one for each chunk, made by `model`; nil when they are to follow.
  /// - Returns: the chunks with their keys.
  /// - Throws: `.notFound` when the file was deleted or changed meanwhile.
  package func add(
    _ chunks: [Chunk], vectors: [[Float]]? = nil, model: String? = nil, by attempt: Attempt
  ) async throws(StoreError) -> [Chunk] {
    precondition(vectors == nil || vectors?.count == chunks.count, "one vector for each chunk")
    return try await write { db in
      guard try db.attempt(at: attempt.file.id) == attempt.number else { throw StoreError.notFound }
      let stored = try chunks.map {
        try $0.insert(in: attempt.file.namespace, revision: attempt.number, db)
      }
      if let vectors, let model {
        for (chunk, vector) in zip(stored, vectors) { try db.insert(vector, key: chunk.key, model: model) }
      }
      return stored
    }
  }

  /// Stores the text an attempt read. Nobody is shown it yet.
  /// - Throws: `.notFound` when the file was deleted or changed meanwhile.
  package func save(_ text: ExtractedText, by attempt: Attempt) async throws(StoreError) {
    try await write { db in
      guard try db.attempt(at: attempt.file.id) == attempt.number else { throw StoreError.notFound }
      try text.save(of: attempt.file.id, revision: attempt.number, db)
    }
  }

  /// Makes what an attempt stored the file's, in one short transaction: from here on searches find it, and
  /// what the file said before no longer.
  /// - Parameter status: `.indexed`, or `.embedding` when vectors are to follow.
  /// - Throws: `.notFound` when the file was deleted or changed meanwhile.
  package func publish(
    _ attempt: Attempt, as facts: ReadingFacts, status: File.Status
  ) async throws(StoreError) {
    try await write { db in
      guard try db.attempt(at: attempt.file.id) == attempt.number else { throw StoreError.notFound }
      try File.publish(attempt, as: facts, status: status, db)
      try db.run(Self.markUnservedStale, attempt.file.id)
    }
    try await clearStaleChunks()
    if attempt.file.replacement != nil { try await removeUnnamedBlobs([attempt.file.hash]) }
  }

  /// Reads, stores and publishes in one call, for files that are at hand as text.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func index(
    _ id: Identifier<File>, text: ExtractedText, mediaType: String, chunks: [Chunk], vectors: [[Float]]?,
    model: String?
  ) async throws(StoreError) -> [Chunk] {
    try await write { db in
      guard try db.run("UPDATE file SET status = 'received' WHERE file_id = ?", id) > 0 else {
        throw StoreError.notFound
      }
    }
    guard let attempt = try await beginAttempt(at: id) else { throw .notFound }
    var stored: [Chunk] = []
    while stored.count < chunks.count {
      let part = stored.count..<min(stored.count + Self.chunksAtOnce, chunks.count)
      stored += try await add(
        Array(chunks[part]), vectors: vectors.map { Array($0[part]) }, model: model, by: attempt)
    }
    try await save(text, by: attempt)
    let facts = ReadingFacts(text, mediaType: mediaType, chunkCount: stored.count)
    try await publish(attempt, as: facts, status: .indexed)
    return stored
  }
}

extension Database {
  /// The number of the last attempt at reading a file.
  fileprivate func attempt(at id: Identifier<File>) throws -> Int? {
    try row("SELECT attempt FROM file WHERE file_id = ?", id)?.integer(0)
  }
}

extension File {
  fileprivate static func publish(
    _ attempt: Attempt, as facts: ReadingFacts, status: Status, _ db: Database
  ) throws {
    try db.run(
      """
      UPDATE file SET status = ?, failure = NULL, revision = attempt, media_type = ?,
        hash = coalesce(next_hash, hash), size_bytes = coalesce(next_size_bytes, size_bytes),
        next_hash = NULL, next_size_bytes = NULL, next_media_type = NULL,
        title = ?, page_count = ?, character_count = ?, chunk_count = ? WHERE file_id = ?
      """, status.rawValue, facts.mediaType, facts.title, facts.pageCount, facts.characterCount,
      facts.chunkCount, attempt.file.id)
  }
}
