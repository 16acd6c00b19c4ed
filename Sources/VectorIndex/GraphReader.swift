import CKernels
import Synchronization

/// # Answering from a view with a graph, step by step
///
/// 1. Estimate the share of rows that count and are allowed, from a sample spread over the index.
/// 2. A walk that keeps w rows keeps about w · share that may be returned, and they are the nearest of
///    all that may: nothing nearer was passed over. So the wanted width is divided by the share. Where
///    that makes the walk dearer than looking at every allowed row, they are looked at, exactly.
/// 3. Walk, leave out what does not count, score the rest again from the float vectors.
/// 4. Too few left (the allowed ones all lie far from the query): look at every allowed row after all.
struct GraphReader {
  let view: View
  let graph: Graph
  let exact: ExactSearch

  /// How many more than asked for are scored again from the float vectors: the order of 8-bit scores is
  /// off by a few places.
  static func rescoredCount(_ count: Int) -> Int { count + min(max(count / 2, 8), 64) }

  /// A walk costs per row kept about as much as exact search for this many rows (measured at 384 dimensions).
  private static let rowsScannedPerRowKept = 16

  func search(
    _ query: UnsafePointer<Float>, count: Int, width: Int, allowing: ((Int64) -> Bool)?
  ) -> [VectorIndex.Match] {
    let count = min(count, view.liveCount)
    guard count > 0, let entry = graph.entry else { return [] }
    let rescored = GraphReader.rescoredCount(count)
    let share = allowedShare(allowing)
    let width = Int(Double(max(min(width, VectorIndex.maximumWidth), rescored)) / share)
    let isDear = allowing != nil && width * GraphReader.rowsScannedPerRowKept > view.rowCount
    guard width <= VectorIndex.maximumWidth, !isDear else {
      return exact.search(view, query, count: count, share: share, allowing: allowing)
    }
    let candidates = graph.scratches.withScratch { scratch in
      walk(query, from: entry, width: width, scratch)
      return living(scratch, count: rescored, allowing: allowing)
    }
    guard candidates.count >= count else {
      return exact.search(view, query, count: count, share: share, allowing: allowing)
    }
    return exact.ranked(candidates, in: view, query, count: count)
  }

  /// Rows looked at for step 1: the share is then off by a few hundredths at most.
  private static let sampleCount = 512

  /// Step 1; never 0.
  private func allowedShare(_ allowing: ((Int64) -> Bool)?) -> Double {
    guard let allowing else { return Double(max(view.liveCount, 1)) / Double(view.rowCount) }
    let count = min(view.rowCount, GraphReader.sampleCount)
    let allowed = (0..<count).count { i in
      id(of: i * view.rowCount / count).map(allowing) ?? false
    }
    return max(Double(allowed), 0.5) / Double(count)
  }

  private func walk(
    _ vector: UnsafePointer<Float>, from entry: (row: UInt32, level: Int), width: Int, _ scratch: Scratch
  ) {
    graph.codes.withQuery(vector) { query in
      let nearest = graph.descend(from: entry, to: 0, query, scratch)
      scratch.start(at: nearest)
      graph.explore(0, width: width, query, scratch)
    }
  }

  /// The nearest candidates that count and are allowed, each followed by its twins.
  private func living(
    _ scratch: Scratch, count: Int, allowing: ((Int64) -> Bool)?
  ) -> [Best.Candidate] {
    var result: [Best.Candidate] = []
    result.reserveCapacity(count)
    for i in 0..<scratch.poolCount {
      var row = Candidate.row(scratch.pool[i])
      repeat {
        if result.count == count { return result }
        if let id = id(of: Int(row)), allowing?(id) ?? true {
          prefetch(Int(row))
          result.append(Best.Candidate(score: 0, id: id, row: row))
        }
        row = graph.twins[Int(row)].load(ordering: .acquiring)
      } while row != 0
    }
    return result
  }

  /// Has the vector on its way into the cache by the time it is scored.
  private func prefetch(_ row: Int) {
    view.withRow(row) { block, place in
      distance_prefetch(
        block.vectors + place * exact.dimensions, exact.dimensions * MemoryLayout<Float>.stride)
    }
  }

  /// The id of a row that counts. Rows newer than the view are in the graph already, but not in its blocks.
  private func id(of row: Int) -> Int64? {
    guard row < view.rowCount else { return nil }
    return view.withRow(row) { block, place in
      block.alive[place].load(ordering: .acquiring) ? block.ids[place] : nil
    }
  }
}
