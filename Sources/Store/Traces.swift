package import Conversation
import Foundation
import GRDB
package import Metering

/// Spans of a run, to be kept.
package struct TracePart: Sendable {
  package var runID: Identifier<Run>
  package var spans: [Span]

  package init(runID: Identifier<Run>, spans: [Span]) {
    self.runID = runID
    self.spans = spans
  }
}

extension Store {
  /// Keeps spans, in one transaction; those of runs that are gone are let go.
  package func keep(_ parts: [TracePart], at time: Timestamp = .now) async throws(StoreError) {
    try await write { db in
      for part in parts {
        let spans = String(decoding: try JSON.encoded(part.spans), as: UTF8.self)
        try db.run(
          "INSERT INTO trace (run_id, spans, recorded_at) "
            + "SELECT run_id, ?2, ?3 FROM run WHERE run_id = ?1", part.runID, spans, time)
      }
    }
  }

  /// The spans that were kept of a run, in the order in which they ended. The caller has made sure that the run is
  /// the user's.
  package func spans(of run: Identifier<Run>) async throws(StoreError) -> [Span] {
    try await read { db in
      let decoder = JSONDecoder()
      return try db.rows("SELECT spans FROM trace WHERE run_id = ? ORDER BY key", run).flatMap { row in
        try decoder.decode([Span].self, from: Data(row.text(0).utf8))
      }
    }
  }

  /// Forgets the oldest spans if they were kept before a time, some rows at once; and those of a clock that was ahead,
  /// behind which nothing would ever be forgotten.
  /// - Returns: whether there may be more.
  package func forgetTraces(before time: Timestamp) async throws(StoreError) -> Bool {
    try await write { db in
      let gone = try db.run(
        "DELETE FROM trace WHERE key IN (SELECT key FROM trace WHERE key > 0 ORDER BY key LIMIT ?) "
          + "AND (recorded_at < ? OR recorded_at > ?)", Self.tracesAtOnce, time,
        Timestamp.now.adding(seconds: 86_400))
      return gone == Self.tracesAtOnce
    }
  }

  /// Rows that are forgotten in one transaction.
  private static let tracesAtOnce = 200
}
