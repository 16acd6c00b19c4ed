package import Conversation
import GRDB

extension Store {
  /// How the thread came to where it stands. The caller has made sure that the thread is the user's.
  /// - Complexity: O(checkpoints and messages of the thread, on all its branches).
  package func lineage(of thread: Identifier<Conversation.Thread>) async throws(StoreError) -> Lineage {
    try await read { db in
      guard let head = try StoredCheckpoint.find(nil, of: thread, db) else { return Lineage() }
      return try CheckpointTree(of: thread, db).lineage(to: head.seq)
    }
  }

  /// Makes a checkpoint of the thread its head: what is said next follows it. Nothing is lost: the others stay.
  /// The caller has made sure that the thread is the user's.
  /// - Throws: `.notFound` when the thread has no such checkpoint.
  package func setHead(
    of thread: Identifier<Conversation.Thread>, to checkpoint: Identifier<Checkpoint>
  ) async throws(StoreError) {
    try await write { db in
      let changed = try db.run(
        """
        UPDATE thread SET head_seq = (SELECT seq FROM checkpoint WHERE checkpoint_id = ?2)
        WHERE thread_id = ?1 AND EXISTS (
          SELECT 1 FROM checkpoint c WHERE c.checkpoint_id = ?2 AND c.thread_id = ?1)
        """, thread, checkpoint)
      guard changed > 0 else { throw StoreError.notFound }
    }
  }
}

/// The checkpoints of a thread and what each wrote, without the texts.
///
/// Those that wrote nothing (a run's input that was taken up, a step that only moved on) lead from one place to
/// the next and are no place themselves: `base` looks past them.
struct CheckpointTree {
  private struct Place {
    var id: Identifier<Checkpoint>
    var parent: Int?
    var runID: Identifier<Run>?
    var createdAt: Timestamp
    /// Ids of the messages, in order, and whether each was taken out.
    var written: [(id: String, isRemoved: Bool)] = []
    /// The newest checkpoint that descends from it.
    var end: Int
  }

  private var places: [Int: Place] = [:]
  /// All `seq`, growing.
  private var order: [Int] = []

  init(of thread: Identifier<Conversation.Thread>, _ db: Database) throws {
    try db.eachRow(
      "SELECT seq, checkpoint_id, parent_seq, run_id, created_at FROM checkpoint WHERE thread_id = ? ORDER BY seq",
      thread
    ) { row in
      let seq = try row.integer(0)
      places[seq] = Place(
        id: try row.identifier(1), parent: try row.optionalInteger(2), runID: try row.optionalIdentifier(3),
        createdAt: try row.timestamp(4), end: seq)
      order.append(seq)
    }
    try readWritten(of: thread, db)
    for seq in order.reversed() {
      guard let place = places[seq], let parent = place.parent else { continue }
      let end = max(places[parent]?.end ?? 0, place.end)
      places[parent]?.end = end
    }
  }

  private mutating func readWritten(of thread: Identifier<Conversation.Thread>, _ db: Database) throws {
    try db.eachRow(
      """
      SELECT m.seq, m.removed, json_extract(m.body, iif(m.removed, '$', '$.id'))
      FROM checkpoint c JOIN message m ON m.branch = c.branch AND m.seq = c.seq
      WHERE c.thread_id = ? ORDER BY m.seq, m.key
      """, thread
    ) { row in
      places[try row.integer(0)]?.written.append((try row.text(2), try row.bool(1)))
    }
  }
}

// MARK: The way to a checkpoint

extension CheckpointTree {
  func lineage(to head: Int) -> Lineage {
    let path = path(to: head)
    let end = places[head]?.end ?? head
    return Lineage(
      head: places[head]?.id, end: end == head ? nil : places[end]?.id, messages: origins(along: path),
      forks: forks(along: path))
  }

  /// From the root to `seq`.
  private func path(to seq: Int) -> [Int] {
    var path: [Int] = []
    var next: Int? = seq
    while let seq = next, let place = places[seq] {
      path.append(seq)
      next = place.parent
    }
    return path.reversed()
  }

  /// The nearest checkpoint above that wrote something; nil when none did.
  private func base(of seq: Int) -> Int? {
    var next = places[seq]?.parent
    while let seq = next, let place = places[seq] {
      if !place.written.isEmpty { return seq }
      next = place.parent
    }
    return nil
  }

  /// Where a run begins that is to stand beside `seq`: the base, else the empty beginning of the thread.
  private func start(beside seq: Int) -> Identifier<Checkpoint>? {
    if let base = base(of: seq) { return places[base]?.id }
    var root = places[seq]?.parent
    while let above = root, let parent = places[above]?.parent { root = parent }
    return root.flatMap { places[$0]?.id }
  }

  private func origins(along path: [Int]) -> [Lineage.Origin] {
    var places: [String: Int] = [:]
    var origins: [Lineage.Origin?] = []
    for seq in path {
      guard let place = self.places[seq] else { continue }
      for (index, message) in place.written.enumerated() {
        if message.isRemoved {
          if let known = places.removeValue(forKey: message.id) { origins[known] = nil }
          continue
        }
        let origin = Lineage.Origin(
          messageID: message.id, checkpointID: place.id, before: index == 0 ? start(beside: seq) : nil,
          runID: place.runID, createdAt: place.createdAt)
        guard let known = places[message.id], let first = origins[known] else {
          places[message.id] = origins.count
          origins.append(origin)
          continue
        }
        origins[known] = origin
        origins[known]?.before = first.before
      }
    }
    return Array(origins.compactMap(\.self).suffix(Limits.lineageMessages))
  }

  private func forks(along path: [Int]) -> [Lineage.Fork] {
    let ways = Dictionary(grouping: order.filter { places[$0]?.written.isEmpty == false }) { base(of: $0) }
    let taken = Set(path)
    return path.compactMap { seq in
      guard let first = places[seq]?.written.first, let ways = ways[base(of: seq)], ways.count > 1 else {
        return nil
      }
      let alternatives = ways.compactMap { way -> Lineage.Alternative? in
        guard let end = places[way].flatMap({ places[$0.end] }) else { return nil }
        return Lineage.Alternative(checkpointID: end.id, isCurrent: taken.contains(way))
      }
      return Lineage.Fork(messageID: first.id, alternatives: alternatives)
    }
  }
}
