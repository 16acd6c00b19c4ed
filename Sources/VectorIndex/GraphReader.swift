import Synchronization

/// Answers a query from a view with a graph (step 3 of searching).
struct GraphReader {
  let view: View
  let graph: Graph
  let exact: ExactSearch

  /// How many more than asked for are scored again from the float vectors: the order of 8-bit scores is
  /// off by a few places.
  static func rescoredCount(_ count: Int) -> Int { count + min(max(count, 16), 64) }

  func search(
    _ query: UnsafePointer<Float>, count: Int, width: Int, allowing: ((Int64) -> Bool)?
  ) -> [VectorIndex.Match] {
    let rescored = GraphReader.rescoredCount(min(count, view.liveCount))
    guard let entry = graph.entry, count > 0, rescored <= VectorIndex.maximumWidth else {
      return exact.search(view, query, count: count, allowing: allowing)
    }
    let wanted = min(max(width, rescored), VectorIndex.maximumWidth)
    let width = min(wanted * view.rowCount / max(view.liveCount, 1), VectorIndex.maximumWidth)
    let candidates = graph.scratches.withScratch { scratch in
      walk(query, from: entry, width: width, scratch)
      return living(scratch, count: rescored, allowing: allowing)
    }
    return exact.ranked(candidates, in: view, query, count: count)
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
          result.append(Best.Candidate(score: 0, id: id, row: row))
        }
        row = graph.twins[Int(row)].load(ordering: .acquiring)
      } while row != 0
    }
    return result
  }

  /// The id of a row that counts. Rows newer than the view are in the graph already, but not in its blocks.
  private func id(of row: Int) -> Int64? {
    guard row < view.rowCount else { return nil }
    return view.withRow(row) { block, place in
      block.alive[place].load(ordering: .acquiring) ? block.ids[place] : nil
    }
  }
}
