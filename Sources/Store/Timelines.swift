package import Conversation
import Foundation
import GRDB

extension Store {
  /// A page of the thread's checkpoints, newest first, of all its branches, each with what it wrote.
  /// The caller has made sure that the thread is the user's.
  /// - Parameter before: the last checkpoint of the page before; nil for the first page.
  /// - Throws: `.notFound` when `before` is no checkpoint of this thread.
  /// - Complexity: O(rows of the page and of what they wrote).
  package func timeline(
    of thread: Identifier<Conversation.Thread>, before: Identifier<Checkpoint>? = nil,
    limit: Int = Limits.timelineRows
  ) async throws(StoreError) -> [TimelineEntry] {
    try await read { db in
      let bound = try before.map { id in
        guard let stored = try StoredCheckpoint.find(id, of: thread, db) else { throw StoreError.notFound }
        return stored.seq
      }
      let spans = try StoredCheckpoint.find(nil, of: thread, db)?.lineage(db) ?? []
      return try StoredCheckpoint.page(of: thread, before: bound, limit: limit, db).map { stored in
        let isCurrent = spans.contains { $0.branch == stored.branch && stored.seq <= $0.last }
        return TimelineEntry(stored.checkpoint, isCurrent: isCurrent, writes: try stored.writes(db))
      }
    }
  }
}

extension StoredCheckpoint {
  fileprivate func writes(_ db: Database) throws -> [TimelineEntry.Write] {
    try db.rows(
      "SELECT removed, body FROM message WHERE branch = ? AND seq = ? ORDER BY key", branch, seq
    ).map { row in
      let body = Data(try row.text(1).utf8)
      return try row.bool(0)
        ? TimelineEntry.Write(removing: JSONDecoder().decode(String.self, from: body))
        : TimelineEntry.Write(JSONDecoder().decode(Message.self, from: body))
    }
  }
}
