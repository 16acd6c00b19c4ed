package import Conversation
import Foundation
import GRDB

extension Store {
  /// Notes calls that are about to be made, all or none. One that was noted before stays as it is.
  /// - Throws: `.notFound` when their checkpoint is gone.
  package func beginToolCalls(_ records: [ToolCallRecord]) async throws(StoreError) {
    try await write { db in
      for record in records { try record.insert(db) }
    }
  }

  /// Notes the result of a call.
  /// - Throws: `.notFound` when it was not begun.
  package func finishToolCall(_ record: ToolCallRecord) async throws(StoreError) {
    try await write { db in
      let result = try record.result.map { String(decoding: try JSON.encoded($0), as: UTF8.self) }
      let changed = try db.run(
        "UPDATE tool_call SET result = ? WHERE call_id = ? "
          + "AND checkpoint_seq = (SELECT seq FROM checkpoint WHERE checkpoint_id = ?)",
        result, record.callID, record.checkpointID)
      guard changed > 0 else { throw StoreError.notFound }
    }
  }

  /// What is known of the calls that a checkpoint asks for, in the order in which they were begun.
  package func toolCalls(
    at checkpoint: Identifier<Checkpoint>
  ) async throws(StoreError) -> [ToolCallRecord] {
    try await read { db in
      try db.rows(
        """
        SELECT t.run_id, c.checkpoint_id, t.call_id, t.name, t.arguments, t.result
        FROM checkpoint c JOIN tool_call t ON t.checkpoint_seq = c.seq
        WHERE c.checkpoint_id = ? ORDER BY t.rowid
        """, checkpoint
      ).map(ToolCallRecord.init)
    }
  }
}

extension ToolCallRecord {
  fileprivate init(_ row: Row) throws {
    self.init(
      runID: try row.identifier(0), checkpointID: try row.identifier(1), callID: try row.text(2),
      name: try row.text(3), arguments: try row.json(4),
      result: try row.optionalText(5).map { try JSONDecoder().decode(Message.self, from: Data($0.utf8)) })
  }

  func insert(_ db: Database) throws {
    guard let row = try db.row("SELECT seq FROM checkpoint WHERE checkpoint_id = ?", checkpointID) else {
      throw StoreError.notFound
    }
    let result = try result.map { String(decoding: try JSON.encoded($0), as: UTF8.self) }
    try db.run(
      """
      INSERT INTO tool_call (checkpoint_seq, call_id, run_id, name, arguments, result)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """, try row.integer(0), callID, runID, name, arguments, result)
  }
}
