import CKernels
import Synchronization

/// # Searching the graph, step by step
///
/// 1. Start at the entry row on the top level. Of the rows it links to, step to the nearest to the
///    query; repeat until none is nearer; then go down one level (`descend`). This takes a few dozen
///    comparisons and ends in the right neighbourhood of the ground level.
/// 2. There, keep the `width` nearest rows seen so far, in order. Take the nearest one that has not been
///    looked at, score all its neighbours that have not been seen, and put each into the order if it is
///    nearer than the last one kept. Stop when every row kept has been looked at (`explore`). A greater
///    width finds more of the true neighbours and takes longer: it is the one dial of a search.
/// 3. Steps 1 and 2 compare 8-bit codes. The best of what they found are scored again from the float
///    vectors, dead rows and those not allowed are left out, and the order is final (`GraphReader`).
///
/// Where the time goes: each row scored is a random access of `stride` bytes, and nearly all the time is
/// waiting for memory. So the walk is always one row ahead of itself: which row is looked at next is
/// decided before the neighbours of the last are scored, and their codes come into the cache while those are
/// multiplied. The order is then late by one row, which costs no recall.
extension Graph {
  /// Step 1: the nearest row on the levels above `floor` that greedy steps lead to, as a candidate.
  func descend(
    from entry: (row: UInt32, level: Int), to floor: Int, _ query: CodedQuery, _ scratch: Scratch
  ) -> UInt64 {
    var row = entry.row
    codes.score(&row, count: 1, query, into: scratch.scores)
    var best = Candidate.key(row, scratch.scores[0])
    var level = entry.level
    while level > floor {
      let count = gather(links(Int(Candidate.row(best)), level), width: linksPerRow, into: scratch.rows)
      codes.score(scratch.rows, count: count, query, into: scratch.scores)
      let before = best
      for i in 0..<count { best = min(best, Candidate.key(scratch.rows[i], scratch.scores[i])) }
      if best == before { level -= 1 }
    }
    return best
  }

  /// All links of a list.
  @inline(__always)
  func gather(
    _ links: UnsafeMutablePointer<Atomic<UInt32>>, width: Int, into rows: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let end = end
    for i in 0..<width {
      let row = links[i].load(ordering: .acquiring)
      if row >= end { return i }
      rows[i] = row
    }
    return width
  }

  /// Step 2: widens the candidates in `scratch` to the `width` nearest rows of a level.
  ///
  /// The candidates already there are where the walk starts; they must be marked as visited.
  func explore(_ level: Int, width: Int, _ query: CodedQuery, _ scratch: Scratch) {
    let linkCount = self.width(level)
    var cursor = 0
    // The neighbours that wait to be scored, and those of the row that is looked at meanwhile.
    var waiting = UnsafeMutableBufferPointer(start: scratch.rows, count: 0)
    var spare = scratch.chosen
    while true {
      let next = UnsafeMutableBufferPointer(
        start: spare, count: expand(from: &cursor, level, linkCount, into: spare, scratch))
      if waiting.isEmpty, next.isEmpty, cursor == scratch.poolCount { return }
      guard let rows = waiting.baseAddress else { return }
      codes.score(
        rows, count: waiting.count, query, into: scratch.scores, fetching: UnsafeBufferPointer(next))
      for i in 0..<waiting.count {
        guard let place = scratch.keep(Candidate.key(rows[i], scratch.scores[i]), width: width) else {
          continue
        }
        cursor = min(cursor, place)
        if place <= cursor + 1 { distance_prefetch(links(Int(rows[i]), level), linkCount * 4) }
      }
      (waiting, spare) = (next, rows)
    }
  }

  /// Looks at the nearest candidate not looked at, from `cursor` on; gives back how many neighbours not seen
  /// before it has.
  @inline(__always)
  private func expand(
    from cursor: inout Int, _ level: Int, _ linkCount: Int, into rows: UnsafeMutablePointer<UInt32>,
    _ scratch: Scratch
  ) -> Int {
    let pool = scratch.pool
    while cursor < scratch.poolCount, pool[cursor] & Candidate.expanded != 0 { cursor += 1 }
    guard cursor < scratch.poolCount else { return 0 }
    let candidate = pool[cursor]
    pool[cursor] = candidate | Candidate.expanded
    cursor += 1
    let count = unseen(links(Int(Candidate.row(candidate)), level), width: linkCount, into: rows, scratch)
    if cursor < scratch.poolCount {
      distance_prefetch(links(Int(Candidate.row(pool[cursor])), level), linkCount * 4)
    }
    return count
  }

  /// The links that lead to rows not seen before.
  @inline(__always)
  private func unseen(
    _ links: UnsafeMutablePointer<Atomic<UInt32>>, width: Int, into rows: UnsafeMutablePointer<UInt32>,
    _ scratch: Scratch
  ) -> Int {
    var count = 0
    let end = end
    for i in 0..<width {
      let row = links[i].load(ordering: .acquiring)
      if row >= end { break }
      // Whether a row was seen is a coin toss: counting it without a branch beats guessing.
      rows[count] = row
      count += scratch.visit(row)
    }
    return count
  }
}
