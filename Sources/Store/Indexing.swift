package import Conversation
import GRDB

extension Store {
  /// Chunks written in one transaction. Their words go through the full-text index: this many take some
  /// 40 ms, which is how long a message of a chat may have to wait for the writer.
  static let chunksAtOnce = 128

  /// Stores what was read out of a file and makes it searchable; what an earlier attempt stored is replaced.
  ///
  /// The chunks are written in several transactions, so that a large file holds nobody up, but count only
  /// from the last one on, which marks the file as indexed. A crash before that leaves it received.
  /// - Parameters:
  ///   - mediaType: what the file turned out to be.
  ///   - vectors: one for each chunk, made by `model`; nil to search by text alone.
  /// - Returns: the chunks with their keys.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func index(
    _ id: Identifier<File>, text: ExtractedText, mediaType: String, chunks: [Chunk], vectors: [[Float]]?,
    model: String?
  ) async throws(StoreError) -> [Chunk] {
    precondition(vectors == nil || vectors?.count == chunks.count, "one vector for each chunk")
    try await forgetChunks(of: id)
    var stored: [Chunk] = []
    while stored.count < chunks.count {
      let part = stored.count..<min(stored.count + Self.chunksAtOnce, chunks.count)
      stored += try await insert(
        Array(chunks[part]), vectors: vectors.map { Array($0[part]) }, model: model, of: id)
    }
    let count = stored.count
    try await write { db in
      try text.save(of: id, db)
      try File.markIndexed(id, text: text, mediaType: mediaType, chunkCount: count, db)
    }
    return stored
  }

  /// Makes a file one that is not searchable yet, and deletes the chunks it had.
  private func forgetChunks(of id: Identifier<File>) async throws(StoreError) {
    try await write { db in
      guard try db.run("UPDATE file SET status = 'received' WHERE file_id = ?", id) > 0 else {
        throw StoreError.notFound
      }
      if try db.row("SELECT 1 FROM chunk WHERE file_id = ?", id) != nil { try db.run(Self.markStale, id) }
    }
    try await clearStaleChunks()
  }

  private func insert(
    _ chunks: [Chunk], vectors: [[Float]]?, model: String?, of id: Identifier<File>
  ) async throws(StoreError) -> [Chunk] {
    try await write { db in
      guard let file = try File.find(id, db) else { throw StoreError.notFound }
      let stored = try chunks.map { try $0.insert(in: file.namespace, db) }
      if let vectors, let model {
        for (chunk, vector) in zip(stored, vectors) { try db.insert(vector, key: chunk.key, model: model) }
      }
      return stored
    }
  }
}

extension File {
  fileprivate static func markIndexed(
    _ id: Identifier<File>, text: ExtractedText, mediaType: String, chunkCount: Int, _ db: Database
  ) throws {
    let changed = try db.run(
      """
      UPDATE file SET status = 'indexed', failure = NULL, media_type = ?, title = ?, page_count = ?,
        character_count = ?, chunk_count = ? WHERE file_id = ?
      """, mediaType, text.title, text.pageCount, text.text.unicodeScalars.count, chunkCount, id)
    guard changed > 0 else { throw StoreError.notFound }
  }
}
