package import Conversation
import GRDB

extension Store {
  /// Makes a new thread that came the same way as the user's other one, up to a checkpoint or to where that
  /// stands: the same checkpoints with the same messages, without their runs and files.
  /// - Returns: nil when it is not the user's, or has no such checkpoint.
  /// - Complexity: O(messages on the way).
  package func copyThread(
    _ id: Identifier<Conversation.Thread>, of user: Identifier<User>, at checkpoint: Identifier<Checkpoint>?,
    name: String
  ) async throws(StoreError) -> Conversation.Thread? {
    try await write { db in
      guard
        let original = try db.row(
          "SELECT \(Conversation.Thread.columns) FROM thread WHERE thread_id = ? AND user_id = ?", id, user
        ).map(Conversation.Thread.init), let end = try StoredCheckpoint.find(checkpoint, of: id, db)
      else { return nil }
      var copy = original
      copy.id = .random()
      copy.name = name
      copy.updatedAt = .now
      try copy.save(db)
      try end.copyWay(to: copy.id, db)
      return copy
    }
  }
}

extension StoredCheckpoint {
  /// Adds the checkpoints from the root to this one to another thread, as one branch.
  fileprivate func copyWay(to thread: Identifier<Conversation.Thread>, _ db: Database) throws {
    let first = (try db.row("SELECT max(seq) FROM checkpoint")?.optionalInteger(0) ?? 0) + 1
    var parent: StoredCheckpoint?
    for original in try way(db) {
      var copy = original
      copy.checkpoint.id = .timeOrdered()
      copy.checkpoint.threadID = thread
      copy.checkpoint.parentID = parent?.checkpoint.id
      copy.checkpoint.runID = nil
      copy.seq = parent.map { $0.seq + 1 } ?? first
      copy.branch = first
      copy.parentSeq = parent?.seq
      try copy.insert(db)
      try copy.insertMessages(of: original, db)
      parent = copy
    }
  }

  /// The checkpoints from the root to this one.
  private func way(_ db: Database) throws -> [StoredCheckpoint] {
    var way: [StoredCheckpoint] = []
    for span in try lineage(db) {
      way += try Self.branch(span.branch, upTo: span.last, db)
    }
    return way
  }

  private func insertMessages(of original: StoredCheckpoint, _ db: Database) throws {
    let bodies = try db.rows(
      "SELECT removed, body FROM message WHERE branch = ? AND seq = ? ORDER BY key", original.branch,
      original.seq)
    for row in bodies {
      try db.run(Self.insertMessage, branch, seq, try row.bool(0), try row.text(1))
      try MessageText.addLast(db)
    }
  }
}
