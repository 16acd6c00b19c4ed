package import Conversation
import Foundation
import GRDB

extension Store {
  /// The chunks with these keys and the names of their files. A key is left out when there is no such chunk,
  /// or when its file is not, or no longer, searchable.
  package func chunks(
    keys: [Int64]
  ) async throws(StoreError) -> [Int64: (chunk: Chunk, source: String)] {
    let found: [SourcedChunk] = try await read { db in
      try db.rows(
        """
        SELECT \(Chunk.columns), f.name
        FROM json_each(?) AS wanted CROSS JOIN chunk c ON c.key = wanted.value
        JOIN file f ON f.file_id = c.file_id AND f.revision = c.revision
        """, JSON.array(keys.map { .integer(Int($0)) })
      ).map { SourcedChunk(chunk: try Chunk($0), source: try $0.text(10)) }
    }
    return Dictionary(found.map { ($0.chunk.key, ($0.chunk, $0.source)) }) { first, _ in first }
  }

  /// The ids of a file's chunks, in their order.
  package func chunkIDs(of file: Identifier<File>) async throws(StoreError) -> [Identifier<Chunk>] {
    try await read { db in
      try db.rows(
        "SELECT c.chunk_id FROM file f CROSS JOIN chunk c USING (file_id, revision) "
          + "WHERE f.file_id = ? ORDER BY c.key", file
      ).map { try $0.identifier(0) }
    }
  }

  /// The chunks of a file, in their order. The caller has made sure that the user may see it.
  package func chunks(
    of file: Identifier<File>, page: Page = Page()
  ) async throws(StoreError) -> [(chunk: Chunk, hasVector: Bool)] {
    let found: [(Chunk, Bool)] = try await read { db in
      try db.rows(
        """
        SELECT \(Chunk.columns), EXISTS (SELECT 1 FROM vector v WHERE v.key = c.key)
        FROM file f CROSS JOIN chunk c USING (file_id, revision)
        WHERE f.file_id = ? ORDER BY c.key LIMIT ? OFFSET ?
        """, file, page.limit, page.offset
      ).map { (try Chunk($0), try $0.bool(10)) }
    }
    return found.map { (chunk: $0.0, hasVector: $0.1) }
  }

  /// Chunks after `key` of one revision of a file that `model` has made no vector for, in their order.
  /// - Parameter attempt: that revision; nil for the one that is served.
  package func chunksWithoutVector(
    model: String, of file: Identifier<File>, attempt: Int?, after key: Int64, limit: Int
  ) async throws(StoreError) -> [Chunk] {
    try await read { db in
      try db.rows(
        """
        SELECT \(Chunk.columns) FROM file f CROSS JOIN chunk c
        ON c.file_id = f.file_id AND c.revision = coalesce(?2, f.revision)
        WHERE f.file_id = ?1 AND c.key > ?3
          AND NOT EXISTS (SELECT 1 FROM vector v WHERE v.key = c.key AND v.model = ?4)
        ORDER BY c.key LIMIT ?5
        """, file, attempt, key, model, max(limit, 0)
      ).map(Chunk.init)
    }
  }

  /// Part of what was read out of a file; nil when it is not there. The caller has made sure that the user may
  /// see it.
  /// - Parameters: Unicode scalars from the start of the text.
  package func text(
    of file: Identifier<File>, from start: Int, to end: Int
  ) async throws(StoreError) -> String? {
    try await read { db in
      try db.row(
        "SELECT substr(text, ?, ?) FROM file_text WHERE file_id = ?", start + 1, max(end - start, 0), file
      ).map { try $0.text(0) }
    }
  }

  /// Chunks after `key` that `model` has made no vector for, in the order of their keys, with their namespaces.
  /// Those of files whose vectors are being made are left out.
  package func chunksWithoutVector(
    model: String, after key: Int64 = 0, limit: Int
  ) async throws(StoreError) -> [(chunk: Chunk, namespace: Namespace)] {
    let found: [(Chunk, Namespace)] = try await read { db in
      try db.rows(
        """
        SELECT \(Chunk.columns), f.assistant_id, f.thread_id, f.collection_id
        FROM chunk c CROSS JOIN file f
        ON f.file_id = c.file_id AND f.revision = c.revision AND f.status <> 'embedding'
        WHERE c.key > ? AND NOT EXISTS (SELECT 1 FROM vector v WHERE v.key = c.key AND v.model = ?)
        ORDER BY c.key LIMIT ?
        """, key, model, max(limit, 0)
      ).map { (try Chunk($0), try Namespace($0, at: 10)) }
    }
    return found.map { (chunk: $0.0, namespace: $0.1) }
  }
}

private struct SourcedChunk: Sendable {
  var chunk: Chunk
  var source: String
}

extension Chunk {
  /// Whether there is a chunk without a vector of a model, those of files whose vectors are being made left out.
  static let anyWithoutVector = """
    SELECT 1 FROM file f CROSS JOIN chunk c USING (file_id, revision)
    WHERE f.status <> 'embedding' AND NOT EXISTS (SELECT 1 FROM vector v WHERE v.key = c.key AND v.model = ?)
    LIMIT 1
    """

  fileprivate static let columns =
    #"c.key, c.chunk_id, c.file_id, c.ordinal, c.text, c.start, c."end", c.page, c.end_page, c.headings"#

  fileprivate init(_ row: Row) throws {
    self.init(
      key: Int64(try row.integer(0)), id: try row.identifier(1), fileID: try row.identifier(2),
      ordinal: try row.integer(3), text: try row.text(4), start: try row.integer(5), end: try row.integer(6),
      page: try row.optionalInteger(7), endPage: try row.optionalInteger(8),
      headings: try JSONDecoder().decode([String].self, from: Data(row.text(9).utf8)))
  }

  /// Adds its row, and its words to the full-text index.
  /// - Returns: the chunk with the key it was given.
  func insert(in namespace: Namespace, revision: Int, _ db: Database) throws -> Chunk {
    let headings = JSON.array(headings.map { .string($0) })
    try db.run(
      """
      INSERT INTO chunk (chunk_id, file_id, revision, namespace, ordinal, text, start, "end", page, end_page,
        headings)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      id, fileID, revision, namespace.word, ordinal, text, start, end, page, endPage, headings)
    var chunk = self
    chunk.key = db.lastInsertedRowID
    try chunk.insertWords(in: namespace, headings: headings, db)
    return chunk
  }
}

extension Namespace {
  /// Its name as one word of the full-text index. It ends in a digit, so that no stemmer takes it for a word
  /// and two namespaces never become one.
  var word: String {
    switch self {
    case .assistant(let id): "a\(Self.digits(id.description))0"
    case .thread(let id): "t\(Self.digits(id.description))0"
    case .collection(let id): "c\(Self.digits(id.description))0"
    }
  }

  private static func digits(_ id: String) -> String {
    id.filter { $0 != "-" }
  }
}
