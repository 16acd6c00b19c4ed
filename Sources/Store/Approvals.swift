package import Conversation
import GRDB

extension Store {
  /// Stops a run before its calls, and notes what a person is asked about them, in one transaction.
  /// - Throws: `.notFound` when the run or the checkpoint is gone.
  package func ask(
    _ questions: [Approval], interrupting run: Identifier<Run>
  ) async throws(StoreError) {
    try await write { db in
      for question in questions { try question.insert(db) }
      try Run.set(run, status: .interrupted, failure: nil, at: .now, db)
    }
  }

  /// What was asked at a checkpoint, in the order of the calls.
  package func approvals(at checkpoint: Identifier<Checkpoint>) async throws(StoreError) -> [Approval] {
    try await read { db in
      try db.rows(
        "SELECT \(Approval.columns) FROM checkpoint c JOIN approval a ON a.checkpoint_seq = c.seq "
          + "WHERE c.checkpoint_id = ? ORDER BY a.rowid", checkpoint
      ).map(Approval.init)
    }
  }

  /// Everything that was asked in a thread, newest first. The caller has made sure that it is the user's.
  package func approvals(
    of thread: Identifier<Conversation.Thread>, page: Page = Page()
  ) async throws(StoreError) -> [Approval] {
    try await read { db in
      try db.rows(
        "SELECT \(Approval.columns) FROM checkpoint c JOIN approval a ON a.checkpoint_seq = c.seq "
          + "WHERE c.thread_id = ? ORDER BY c.seq DESC, a.rowid LIMIT ? OFFSET ?",
        thread, page.limit, page.offset
      ).map(Approval.init)
    }
  }
}

extension Approval {
  fileprivate static let columns = """
    c.checkpoint_id, a.call_id, a.name, a.arguments, a.arguments_hash, a.cause, a.asked_at, a.action, \
    a.decided_arguments, a.reason, a.user_id, a.run_id, a.decided_at, a.change
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      checkpointID: try row.identifier(0), callID: try row.text(1), name: try row.text(2),
      arguments: try row.json(3), argumentsHash: try row.text(4), cause: try row.value(5),
      change: try row.optionalText(13).map { try JSON(parsing: $0).decoded(as: ToolChange.self) },
      askedAt: try row.timestamp(6))
    guard try row.optionalText(7) != nil else { return }
    decision = Decision(
      action: try row.value(7), arguments: try row.optionalText(8).map { try JSON(parsing: $0) },
      reason: try row.optionalText(9), userID: try row.identifier(10), runID: try row.identifier(11),
      decidedAt: try row.timestamp(12))
  }

  /// Adds it, or what was decided to what was asked before.
  func insert(_ db: Database) throws {
    guard let row = try db.row("SELECT seq FROM checkpoint WHERE checkpoint_id = ?", checkpointID) else {
      throw StoreError.notFound
    }
    try db.run(
      """
      INSERT INTO approval (checkpoint_seq, call_id, name, arguments, arguments_hash, cause, asked_at, action,
        decided_arguments, reason, user_id, run_id, decided_at, change)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET action = excluded.action, decided_arguments = excluded.decided_arguments,
        reason = excluded.reason, user_id = excluded.user_id, run_id = excluded.run_id,
        decided_at = excluded.decided_at
      WHERE excluded.action IS NOT NULL
      """,
      try row.integer(0), callID, name, arguments, argumentsHash, cause.rawValue, askedAt,
      decision?.action.rawValue, decision?.arguments, decision?.reason, decision?.userID, decision?.runID,
      decision?.decidedAt, try change.map(JSON.init(encoding:)))
  }
}
