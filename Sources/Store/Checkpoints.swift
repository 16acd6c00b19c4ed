package import Conversation
import GRDB

extension Store {
  /// The thread's state at a checkpoint, or at its head: the one a person chose, else that committed last.
  ///
  /// Nil when the thread has no such checkpoint. The caller has made sure that the thread is the user's.
  /// - Complexity: O(messages up to there) once; the states of threads in use are kept.
  package func snapshot(
    of thread: Identifier<Conversation.Thread>, at checkpoint: Identifier<Checkpoint>? = nil
  ) async throws(StoreError) -> Snapshot? {
    let recent = recent
    return try await read { db in
      guard let stored = try StoredCheckpoint.find(checkpoint, of: thread, db) else { return nil }
      if let state = recent.state(at: stored.checkpoint.id) {
        return Snapshot(checkpoint: stored.checkpoint, state: state)
      }
      let state = try stored.foldedState(db)
      recent.keep(state, at: stored.checkpoint.id)
      return Snapshot(checkpoint: stored.checkpoint, state: state)
    }
  }

  /// A page of the thread's checkpoints with their states, newest first, of all its branches.
  /// - Parameter before: the last checkpoint of the page before; nil for the first page.
  /// - Throws: `.notFound` when `before` is no checkpoint of this thread.
  /// - Complexity: O(messages) for the oldest of the page, then O(changes) for each.
  package func history(
    of thread: Identifier<Conversation.Thread>, before: Identifier<Checkpoint>? = nil,
    limit: Int = Limits.historyRows
  ) async throws(StoreError) -> [Snapshot] {
    try await read { db in
      let bound = try before.map { id in
        guard let stored = try StoredCheckpoint.find(id, of: thread, db) else { throw StoreError.notFound }
        return stored.seq
      }
      let page = try StoredCheckpoint.page(of: thread, before: bound, limit: limit, db)
      return try StoredCheckpoint.snapshots(of: page, db)
    }
  }

  /// Stores a checkpoint with what changed there, and ends its run if told to, in one transaction. From then
  /// on it is the thread's head.
  ///
  /// On the last of a branch it continues that; on another checkpoint, or on none, it begins a new one.
  /// - Parameters:
  ///   - status: what becomes of the checkpoint's run; nil leaves it as it is.
  ///   - use: what the model call behind it took.
  ///   - questions: what a person is asked there.
  /// - Throws: `.notFound` when the thread, the parent in it, or the run to be ended is gone.
  /// - Complexity: O(changes), whatever the thread's length.
  package func commit(
    _ checkpoint: Checkpoint, update: StateUpdate, ending status: Run.Status? = nil,
    failure: RunFailure? = nil, use: UsageRecord? = nil, asking questions: [Approval] = []
  ) async throws(StoreError) {
    try await write { db in
      try checkpoint.insert(update, db)
      try use?.insert(db)
      for question in questions { try question.insert(db) }
      if let status {
        guard let run = checkpoint.runID else { throw StoreError.notFound }
        try Run.set(run, status: status, failure: failure, at: checkpoint.createdAt, db)
      }
    }
    recent.advance(to: checkpoint, by: update)
  }
}

extension Checkpoint {
  /// Adds its row and those of the changed messages, and moves the thread's time.
  func insert(_ update: StateUpdate, _ db: Database) throws {
    guard
      try db.run(
        "UPDATE thread SET updated_at = ?, head_seq = NULL WHERE thread_id = ?", Timestamp.now, threadID) > 0
    else { throw StoreError.notFound }
    let parent = try parentID.map { id in
      guard let parent = try StoredCheckpoint.find(id, of: threadID, db) else { throw StoreError.notFound }
      return parent
    }
    let end = try parent.flatMap { parent in
      try db.row("SELECT max(seq) FROM checkpoint WHERE branch = ?", parent.branch)?.optionalInteger(0)
    }
    let last = try db.row("SELECT max(seq) FROM checkpoint")?.optionalInteger(0) ?? 0
    let extended = parent.flatMap { $0.seq == end ? $0.branch : nil }
    let place = StoredCheckpoint(
      checkpoint: self, seq: last + 1, branch: extended ?? last + 1, parentSeq: parent?.seq,
      messageCount: (parent?.messageCount ?? 0) + update.messageCount)
    try place.insert(db)
    try place.insert(update, db)
  }
}
