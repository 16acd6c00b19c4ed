package import Conversation
import GRDB

/// Which of a namespace's chunks a search looks at: those of files that meet every condition given.
package struct ChunkFilter: Sendable, Equatable {
  /// Nil for any file.
  package var files: [Identifier<File>]?
  /// When the file was given: from this time on, and before that one.
  package var from: Timestamp?
  package var before: Timestamp?

  package init(files: [Identifier<File>]? = nil, from: Timestamp? = nil, before: Timestamp? = nil) {
    self.files = files
    self.from = from
    self.before = before
  }

  package var isEmpty: Bool { files == nil && from == nil && before == nil }

  /// The conditions on a row of `file` named f, with ?2, ?3 and ?4 for what to bind.
  fileprivate static let condition = """
    (?2 IS NULL OR f.file_id IN (SELECT value FROM json_each(?2)))
    AND (?3 IS NULL OR f.created_at >= ?3) AND (?4 IS NULL OR f.created_at < ?4)
    """

  fileprivate var fileList: JSON? {
    files.map { .array($0.map { .string($0.description) }) }
  }
}

extension Store {
  /// What a pair of words side by side adds to what they count alone (a sequential dependence model, Metzler and
  /// Croft, SIGIR 2005, weighs them 0.85 to 0.10).
  private static let pairWeight = 0.25

  /// The chunks of the namespaces that have any of the query's words, best first by BM25 (Robertson and
  /// Zaragoza 2009, as FTS5 computes it), to which words that stand side by side as in the query add some more.
  /// Any text is a valid query; one without words finds nothing.
  /// - Returns: at most `count` keys; a higher score is better.
  package func searchText(
    _ query: String, in namespaces: [Namespace], filter: ChunkFilter = ChunkFilter(), count: Int
  ) async throws(StoreError) -> [(key: Int64, score: Double)] {
    guard count > 0, let query = TextQuery(query, in: namespaces) else { return [] }
    let hits: [Hit] = try await read { db in
      var scores: [Int64: Double] = [:]
      for hit in try Hit.all(query.match, filter: filter, count: count, db) { scores[hit.key] = hit.score }
      if let pairs = query.pairsMatch {
        for hit in try Hit.all(pairs, filter: filter, count: count, db) {
          scores[hit.key]? += Self.pairWeight * hit.score
        }
      }
      return scores.map(Hit.init).sorted { ($1.score, $0.key) < ($0.score, $1.key) }
    }
    return hits.map { ($0.key, $0.score) }
  }

  /// The keys of the chunks of the namespaces that the filter lets through.
  package func chunkKeys(
    in namespaces: [Namespace], filter: ChunkFilter
  ) async throws(StoreError) -> Set<Int64> {
    try await read { db in
      var keys: Set<Int64> = []
      for namespace in namespaces {
        let (sql, owner) = namespace.fileFilter
        try db.eachRow(
          """
          SELECT c.key FROM file f CROSS JOIN chunk c ON c.file_id = f.file_id
          WHERE f.\(sql.replacing("?", with: "?1")) AND \(ChunkFilter.condition)
          """, owner, filter.fileList, filter.from, filter.before
        ) { keys.insert(Int64(try $0.integer(0))) }
      }
      return keys
    }
  }
}

private struct Hit: Sendable {
  var key: Int64
  var score: Double

  /// The best of both indexes: while an older one is rebuilt, a chunk is in one of the two.
  static func all(_ match: String, filter: ChunkFilter, count: Int, _ db: Database) throws -> [Hit] {
    var hits = try of(table: "chunk_words", match, filter: filter, count: count, db)
    if let rest = try WordRebuild.rest(db) {
      hits += try of(
        table: "chunk_text", match, filter: filter,
        condition: "AND rowid BETWEEN \(rest.lowerBound) AND "
          + "\(rest.upperBound)", count: count, db)
    }
    return hits
  }

  /// The filter is checked row by row (`+`): FTS5 would rank anew for every row that it is given.
  private static func of(
    table: String, _ match: String, filter: ChunkFilter, condition: String = "", count: Int, _ db: Database
  ) throws -> [Hit] {
    let passes =
      filter.isEmpty
      ? "AND ?2 IS NULL AND ?3 IS NULL AND ?4 IS NULL"
      : """
      AND EXISTS (SELECT 1 FROM chunk c JOIN file f ON f.file_id = c.file_id
        WHERE c.key = +\(table).rowid AND \(ChunkFilter.condition))
      """
    return try db.rows(
      """
      SELECT rowid, rank FROM \(table)
      WHERE \(table) MATCH ?1 AND rank MATCH 'bm25(0.0, 1.0, 1.0)' \(condition) \(passes)
      ORDER BY rank LIMIT ?5
      """, match, filter.fileList, filter.from, filter.before, count
    ).map { Hit(key: Int64(try $0.integer(0)), score: -(try $0.number(1))) }
  }

  init(key: Int64, score: Double) {
    (self.key, self.score) = (key, score)
  }
}
