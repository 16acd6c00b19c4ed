package import Conversation
import GRDB

extension Store {
  /// The chunks of the namespaces that have any of the query's words, best first by BM25 (Robertson and
  /// Zaragoza 2009, as FTS5 computes it). Any text is a valid query; one without words finds nothing.
  /// - Returns: at most `count` keys; a higher score is better.
  package func searchText(
    _ query: String, in namespaces: [Namespace], count: Int
  ) async throws(StoreError) -> [(key: Int64, score: Double)] {
    guard let match = TextQuery(query, in: namespaces)?.match else { return [] }
    let hits: [Hit] = try await read { db in
      try db.rows(
        """
        SELECT rowid, rank FROM chunk_text
        WHERE chunk_text MATCH ? AND rank MATCH 'bm25(0.0, 1.0, 1.0)' ORDER BY rank LIMIT ?
        """, match, max(count, 0)
      ).map { Hit(key: Int64(try $0.integer(0)), score: -(try $0.number(1))) }
    }
    return hits.map { ($0.key, $0.score) }
  }
}

private struct Hit: Sendable {
  var key: Int64
  var score: Double
}
