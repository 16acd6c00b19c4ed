import Conversation
import GRDB

/// Chunks go from the full-text index of the first schema into the one with terms of `WordTokenizer`. One row
/// says which are still to go; when none are, it goes with the old index.
enum WordRebuild {
  /// The keys that are still in the old index; nil when there is none.
  static func rest(_ db: Database) throws -> ClosedRange<Int64>? {
    try db.row("SELECT next, last FROM word_rebuild").flatMap { row in
      let (next, last) = (Int64(try row.integer(0)), Int64(try row.integer(1)))
      return next <= last ? next...last : nil
    }
  }

  /// - Returns: whether all is done.
  static func step(limit: Int, _ db: Database) throws -> Bool {
    guard let rest = try rest(db) else {
      try db.execute(sql: "DROP TABLE IF EXISTS chunk_text")
      try db.run("DELETE FROM word_rebuild")
      return true
    }
    let end = try db.row(
      "SELECT key FROM chunk WHERE key >= ? AND key <= ? ORDER BY key LIMIT 1 OFFSET ?", rest.lowerBound,
      rest.upperBound, limit
    ).map { Int64(try $0.integer(0)) }
    let last = end.map { $0 - 1 } ?? rest.upperBound
    try db.run(
      "INSERT INTO chunk_words (rowid, namespace, headings, text) "
        + "SELECT key, namespace, headings, text FROM chunk WHERE key BETWEEN ? AND ?", rest.lowerBound, last)
    try db.run("UPDATE word_rebuild SET next = ?", last + 1)
    return false
  }
}

extension Store {
  /// Brings the full-text index that an older version made into today's form, some chunks in each transaction,
  /// so that nobody waits. Returns when it is done, which it mostly is at once.
  package func rebuildWords() async throws(StoreError) {
    var isDone = false
    while !isDone && !Task.isCancelled {
      isDone = try await write { db in try WordRebuild.step(limit: Self.chunksAtOnce, db) }
    }
  }
}

extension Chunk {
  /// Adds the words of a chunk that has its key to the full-text index.
  func insertWords(in namespace: Namespace, headings: JSON, _ db: Database) throws {
    try db.run(
      "INSERT INTO chunk_words (rowid, namespace, headings, text) VALUES (?, ?, ?, ?)", key, namespace.word,
      headings, text)
  }

  /// Takes the words of chunks out of the full-text index they are in, which has to be told what they were.
  static func deleteWords(of keys: JSON, _ db: Database) throws {
    let rest = try WordRebuild.rest(db)
    let isOld = rest.map { "key BETWEEN \($0.lowerBound) AND \($0.upperBound)" } ?? "FALSE"
    for (table, condition) in [("chunk_words", "NOT (\(isOld))"), ("chunk_text", isOld)]
    where table == "chunk_words" || rest != nil {
      try db.run(
        """
        INSERT INTO \(table) (\(table), rowid, namespace, headings, text)
        SELECT 'delete', key, namespace, headings, text FROM chunk
        WHERE key IN (SELECT value FROM json_each(?)) AND \(condition)
        """, keys)
    }
  }
}
