package import Conversation
import Foundation
import GRDB

extension Store {
  /// Adds a run, with the checkpoints of its input if it has any, and with what a person decided about calls
  /// that wait, in one transaction.
  ///
  /// A `.pending` run waits behind those that are open; any other must be alone.
  /// - Throws: `.threadBusy` when it is not; `.overBudget` when its user may have no more;
  ///   `.notFound` when the thread or the parent checkpoint is gone.
  package func beginRun(
    _ run: Run, inputs: [(checkpoint: Checkpoint, update: StateUpdate)] = [], decided: [Approval] = [],
    refused: [ToolCallRecord] = []
  ) async throws(StoreError) {
    try await write { db in
      if run.status != .pending, let other = try Run.open(on: run.threadID, db) {
        throw StoreError.threadBusy(other)
      }
      try Budget.admitRun(of: run.userID, db)
      try run.insert(db)
      for input in inputs { try input.checkpoint.insert(input.update, db) }
      for approval in decided {
        try approval.insert(db)
        try approval.repin(by: run, db)
      }
      for record in refused { try record.insert(db) }
    }
    for input in inputs { recent.advance(to: input.checkpoint, by: input.update) }
  }

  /// Sets what has become of a run.
  /// - Throws: `.threadBusy` when it is to run while another of its thread does; `.notFound` when it is gone.
  package func setRun(
    _ id: Identifier<Run>, status: Run.Status, failure: RunFailure? = nil
  ) async throws(StoreError) {
    try await write { db in
      try Run.set(id, status: status, failure: failure, at: .now, db)
    }
  }

  /// The user's run of that id.
  package func run(
    _ id: Identifier<Run>, of user: Identifier<User>
  ) async throws(StoreError) -> Run? {
    try await read { db in
      try db.row("SELECT \(Run.columns) FROM run WHERE run_id = ? AND user_id = ?", id, user).map(Run.init)
    }
  }

  /// The user's runs on a thread, newest first.
  package func runs(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>, page: Page = Page()
  ) async throws(StoreError) -> [Run] {
    try await read { db in
      try db.rows(
        "SELECT \(Run.columns) FROM run WHERE thread_id = ? AND user_id = ? "
          + "ORDER BY rowid DESC LIMIT ? OFFSET ?", thread, user, page.limit, page.offset
      ).map(Run.init)
    }
  }

  /// The user's runs on all threads, newest first.
  /// - Parameter onlyFailed: those alone that ended in an error.
  /// - Complexity: O(page), by an index.
  package func runs(
    of user: Identifier<User>, onlyFailed: Bool = false, page: Page = Page()
  ) async throws(StoreError) -> [Run] {
    try await read { db in
      try db.rows(
        "SELECT \(Run.columns) FROM run WHERE user_id = ?\(onlyFailed ? " AND status = 'error'" : "") "
          + "ORDER BY rowid DESC LIMIT ? OFFSET ?", user, page.limit, page.offset
      ).map(Run.init)
    }
  }

  /// Every run that is pending or running, oldest first: what a start has to take up again.
  package func openRuns() async throws(StoreError) -> [Run] {
    try await read { db in
      try db.rows(
        "SELECT \(Run.columns) FROM run INDEXED BY run_open WHERE status IN ('pending', 'running') "
          + "ORDER BY rowid"
      ).map(Run.init)
    }
  }
}

extension Run {
  fileprivate static let columns =
    "run_id, thread_id, assistant_id, user_id, status, config, failure, created_at, updated_at"

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), threadID: try row.identifier(1), assistantID: try row.identifier(2),
      userID: try row.identifier(3), status: try row.value(4), config: try row.json(5),
      createdAt: try row.timestamp(7))
    failure = try row.optionalText(6).map { text in
      try JSONDecoder().decode(RunFailure.self, from: Data(text.utf8))
    }
    updatedAt = try row.timestamp(8)
  }

  /// A run of the thread that is not over, the running one if there is one.
  fileprivate static func open(
    on thread: Identifier<Conversation.Thread>, _ db: Database
  ) throws -> Identifier<Run>? {
    try db.row(
      "SELECT run_id FROM run WHERE thread_id = ? AND status IN ('pending', 'running') "
        + "ORDER BY status DESC LIMIT 1", thread
    )?.identifier(0)
  }

  fileprivate func insert(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO run (\(Self.columns))
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      id, threadID, assistantID, userID, status.rawValue, config, try Self.text(failure), createdAt, updatedAt
    )
  }

  static func set(
    _ id: Identifier<Run>, status: Status, failure: RunFailure?, at time: Timestamp, _ db: Database
  ) throws {
    guard let row = try db.row("SELECT thread_id FROM run WHERE run_id = ?", id) else {
      throw StoreError.notFound
    }
    if status == .running, let other = try running(on: row.identifier(0), db), other != id {
      throw StoreError.threadBusy(other)
    }
    try db.run(
      "UPDATE run SET status = ?, failure = ?, updated_at = ? WHERE run_id = ?",
      status.rawValue, try text(failure), time, id)
  }

  private static func running(
    on thread: Identifier<Conversation.Thread>, _ db: Database
  ) throws -> Identifier<Run>? {
    try db.row("SELECT run_id FROM run WHERE thread_id = ? AND status = 'running'", thread)?.identifier(0)
  }

  private static func text(_ failure: RunFailure?) throws -> String? {
    try failure.map { String(decoding: try JSON.encoded($0), as: UTF8.self) }
  }
}
