import Synchronization

/// # Which neighbours a row has
///
/// Not simply the nearest: of a dense cloud all of them would lie on one side, and the walk could not
/// leave it. A list holds rows that lie in different directions (`diverse`), and where a list is full, all
/// it has and all that is new compete again (`chooseAgain`).
extension Graph {
  /// Replaces a list of links.
  func write(_ rows: UnsafePointer<UInt32>, count: Int, to row: Int, _ level: Int) {
    let links = links(row, level)
    for i in 0..<count { links[i].store(rows[i], ordering: .releasing) }
    clear(links, from: count, width: width(level))
  }

  /// Adds rows to the list of one, choosing again among all where there is no room. Each pair is the row
  /// whose list it is, and in the lower half the row to add.
  func add(_ pairs: ArraySlice<UInt64>, _ level: Int, _ scratch: Scratch) {
    guard let first = pairs.first else { return }
    let row = Int(first >> 32)
    let width = width(level)
    let links = links(row, level)
    let before = gather(links, width: width, into: scratch.rows)
    var count = before
    for pair in pairs where count < Scratch.rowRoom {
      let new = UInt32(truncatingIfNeeded: pair)
      // Two peers may have chosen each other.
      if (0..<before).contains(where: { scratch.rows[$0] == new }) { continue }
      scratch.rows[count] = new
      count += 1
    }
    if count > width { return chooseAgain(among: count, for: row, level, scratch) }
    for i in before..<count { links[i].store(scratch.rows[i], ordering: .releasing) }
  }

  /// Gives a row the most diverse of the `count` rows in `scratch.rows` as its links.
  func chooseAgain(among count: Int, for row: Int, _ level: Int, _ scratch: Scratch) {
    codes.withQuery(row: row) { codes.score(scratch.rows, count: count, $0, into: scratch.scores) }
    for i in 0..<count { scratch.pool[i] = Candidate.key(scratch.rows[i], scratch.scores[i]) }
    var pool = UnsafeMutableBufferPointer(start: scratch.pool, count: count)
    pool.sort()
    let kept = diverse(scratch.pool, count: count, limit: width(level), scratch)
    write(scratch.chosen, count: kept, to: row, level)
  }

  /// Chooses neighbours that lie in different directions (algorithm 4 of the paper): going from near to
  /// far, a candidate is taken unless one already taken is nearer to it than the row itself is. What
  /// is left out can be reached through the one that was nearer.
  ///
  /// - Returns: how many rows were put into `scratch.chosen`.
  func diverse(
    _ candidates: UnsafePointer<UInt64>, count: Int, limit: Int, _ scratch: Scratch
  ) -> Int {
    var kept = 0
    for i in 0..<count where kept < limit {
      let row = Candidate.row(candidates[i])
      if i + 1 < count { codes.prefetch(Candidate.row(candidates[i + 1])) }
      if !isCovered(row, Candidate.score(candidates[i]), by: kept, scratch) {
        scratch.chosen[kept] = row
        kept += 1
      }
    }
    return kept
  }

  /// Whether one of the rows chosen so far is nearer to `row` than `score`.
  @inline(__always)
  private func isCovered(_ row: UInt32, _ score: Int32, by count: Int, _ scratch: Scratch) -> Bool {
    guard count > 0 else { return false }
    let query = codes.query(row: Int(row), in: scratch.signed)
    // A few at a time: most candidates are covered by one of the first.
    var start = 0
    while start < count {
      let step = min(4, count - start)
      codes.score(scratch.chosen + start, count: step, query, into: scratch.scores)
      for i in 0..<step where scratch.scores[i] > score { return true }
      start += step
    }
    return false
  }
}
