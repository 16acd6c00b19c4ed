import Conversation
import Foundation
import GRDB

/// A checkpoint and its place in the tree of its thread.
struct StoredCheckpoint {
  var checkpoint: Checkpoint
  /// Grows with each commit of the store.
  var seq: Int
  /// The `seq` of the first checkpoint of its branch.
  var branch: Int
  var parentSeq: Int?
  /// The sum of all counts up to here.
  var messageCount: Int
}

// MARK: Rows

extension StoredCheckpoint {
  private static let select = """
    SELECT c.checkpoint_id, c.thread_id, p.checkpoint_id, c.run_id, c.step, c.source, c.node, c.next,
      c.created_at, c.seq, c.branch, c.parent_seq, c.message_count
    FROM checkpoint c LEFT JOIN checkpoint p ON p.seq = c.parent_seq
    """

  /// Where thread `?1` stands: at the checkpoint a person chose, else at the one committed last.
  static let headSeq = """
    coalesce((SELECT head_seq FROM thread WHERE thread_id = ?1),
      (SELECT max(seq) FROM checkpoint WHERE thread_id = ?1))
    """

  /// The checkpoint of that id, or the head, if the thread has it.
  static func find(
    _ id: Identifier<Checkpoint>?, of thread: Identifier<Conversation.Thread>, _ db: Database
  ) throws -> StoredCheckpoint? {
    guard let id else {
      return try db.row("\(select) WHERE c.seq = \(headSeq)", thread).map(StoredCheckpoint.init)
    }
    return try db.row("\(select) WHERE c.checkpoint_id = ? AND c.thread_id = ?", id, thread)
      .map(StoredCheckpoint.init)
  }

  static func page(
    of thread: Identifier<Conversation.Thread>, before seq: Int?, limit: Int, _ db: Database
  ) throws -> [StoredCheckpoint] {
    try db.rows(
      "\(select) WHERE c.thread_id = ? AND c.seq < ? ORDER BY c.seq DESC LIMIT ?",
      thread, seq ?? .max, max(limit, 0)
    ).map(StoredCheckpoint.init)
  }

  /// The checkpoints of a branch, oldest first.
  static func branch(_ branch: Int, upTo seq: Int, _ db: Database) throws -> [StoredCheckpoint] {
    try db.rows("\(select) WHERE c.branch = ? AND c.seq <= ? ORDER BY c.seq", branch, seq)
      .map(StoredCheckpoint.init)
  }

  private init(_ row: Row) throws {
    let names: [String] = try JSONDecoder().decode([String].self, from: Data(row.text(7).utf8))
    checkpoint = Checkpoint(
      id: try row.identifier(0), threadID: try row.identifier(1), parentID: try row.optionalIdentifier(2),
      runID: try row.optionalIdentifier(3), step: try row.integer(4), source: try row.value(5),
      node: try row.optionalText(6).map(Self.node), next: try names.map(Self.node),
      createdAt: try row.timestamp(8))
    seq = try row.integer(9)
    branch = try row.integer(10)
    parentSeq = try row.optionalInteger(11)
    messageCount = try row.integer(12)
  }

  private static func node(_ name: String) throws(StoreError) -> Node {
    guard let node = Node(rawValue: name) else { throw .corrupt(cause: "no node is called \(name)") }
    return node
  }

  func insert(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO checkpoint (seq, checkpoint_id, thread_id, branch, parent_seq, run_id, step, source, node,
        next, message_count, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      seq, checkpoint.id, checkpoint.threadID, branch, parentSeq, checkpoint.runID, checkpoint.step,
      checkpoint.source.rawValue, checkpoint.node?.rawValue,
      JSON.array(checkpoint.next.map { .string($0.rawValue) }), messageCount, checkpoint.createdAt)
  }

  /// Adds what changed here: a row a message, and one a removal, in the order in which they are applied.
  func insert(_ update: StateUpdate, _ db: Database) throws {
    for message in update.messages {
      let body = String(decoding: try JSON.encoded(message), as: UTF8.self)
      try db.run(Self.insertMessage, branch, seq, false, body)
      try MessageText.addLast(db)
    }
    for id in update.removed {
      try db.run(Self.insertMessage, branch, seq, true, JSON.string(id))
    }
  }

  static let insertMessage = "INSERT INTO message (branch, seq, removed, body) VALUES (?, ?, ?, ?)"
}

// MARK: States

extension StoredCheckpoint {
  /// The state here, made of the changes on the way from the root.
  func foldedState(_ db: Database) throws -> ThreadState {
    var state = ThreadState()
    for span in try lineage(db) {
      try Self.apply(
        "SELECT seq, removed, body FROM message WHERE branch = ? AND seq <= ? ORDER BY seq, key",
        span.branch, span.last, to: &state, db)
    }
    state.apply(StateUpdate(messageCount: messageCount))
    return state
  }

  /// The states at all of `page`, in its order. Each is made from its parent's where the page has that.
  static func snapshots(of page: [StoredCheckpoint], _ db: Database) throws -> [Snapshot] {
    var states: [Int: ThreadState] = [:]
    for stored in page.sorted(by: { $0.seq < $1.seq }) {
      if let parent = stored.parentSeq, let state = states[parent] {
        states[stored.seq] = try stored.state(after: state, db)
      } else {
        states[stored.seq] = try stored.foldedState(db)
      }
    }
    return page.map { Snapshot(checkpoint: $0.checkpoint, state: states[$0.seq] ?? ThreadState()) }
  }

  private func state(after parent: ThreadState, _ db: Database) throws -> ThreadState {
    var state = parent
    try Self.apply(
      "SELECT seq, removed, body FROM message WHERE branch = ? AND seq = ? ORDER BY seq, key", branch, seq,
      to: &state, db)
    state.apply(StateUpdate(messageCount: messageCount - parent.messageCount))
    return state
  }

  /// The branches on the way from the root to here, each with the last `seq` of it that counts.
  func lineage(_ db: Database) throws -> [(branch: Int, last: Int)] {
    var spans = [(branch: branch, last: seq)]
    var first = branch
    while let fork = try db.row(
      "SELECT p.branch, p.seq FROM checkpoint c JOIN checkpoint p ON p.seq = c.parent_seq WHERE c.seq = ?",
      first)
    {
      first = try fork.integer(0)
      spans.append((first, try fork.integer(1)))
    }
    return spans.reversed()
  }

  /// Applies message rows to `state`, checkpoint by checkpoint.
  private static func apply(
    _ sql: String, _ branch: Int, _ seq: Int, to state: inout ThreadState, _ db: Database
  ) throws {
    let decoder = JSONDecoder()
    var update = StateUpdate()
    var place = 0
    try db.eachRow(sql, branch, seq) { row in
      let seq = try row.integer(0)
      if seq != place, !update.removed.isEmpty {
        state.apply(update)
        update = StateUpdate()
      }
      place = seq
      let body = Data(try row.text(2).utf8)
      if try row.bool(1) {
        update.removed.append(try decoder.decode(String.self, from: body))
      } else {
        update.messages.append(try decoder.decode(Message.self, from: body))
      }
    }
    state.apply(update)
  }
}
