import Synchronization

extension VectorIndex {
  /// What should hold whenever no writer is at work, and does not; empty when all is well.
  ///
  /// - Complexity: O(rows × links). For tests and for `doctor`.
  public func brokenInvariants() -> [String] {
    rows.withLock { rows in
      var broken: [String] = []
      if rows.rowsByID.count != rows.view.liveCount { broken.append("count differs from the ids held") }
      for (id, row) in rows.rowsByID {
        let isHeld = rows.view.withRow(Int(row)) { block, place in
          block.ids[place] == id && block.alive[place].load(ordering: .acquiring)
        }
        if !isHeld { broken.append("id \(id) is not alive in row \(row)") }
      }
      if let graph = rows.view.graph {
        if graph.rowCount != rows.view.rowCount { broken.append("the graph has other rows than the view") }
        broken += graph.brokenInvariants()
      }
      return broken
    }
  }
}

extension Graph {
  /// Every list leads to rows of its level, to none twice and not to its own; and nearly every row can
  /// be reached from the entry.
  func brokenInvariants() -> [String] {
    var broken: [String] = []
    var list = [UInt32](repeating: 0, count: width(0))
    for row in 0..<rowCount {
      for level in 0..<height(row) + 1 {
        let count = list.withUnsafeMutableBufferPointer { list in
          list.baseAddress.map { gather(links(row, level), width: width(level), into: $0) } ?? 0
        }
        let targets = list.prefix(count)
        if targets.contains(where: { Int($0) >= rowCount || height(Int($0)) < level }) {
          broken.append("row \(row) leads off level \(level)")
        } else if Set(targets).count != count || targets.contains(UInt32(row)) {
          broken.append("row \(row) leads to itself or twice to one row on level \(level)")
        }
      }
    }
    if let entry, height(Int(entry.row)) != entry.level { broken.append("the entry is not on its level") }
    // By inner product a short vector is nearest to nothing: none may lead to it, and none needs to.
    if broken.isEmpty, codes.metric != .innerProduct, reachableCount() * 1000 < rowCount * 999 {
      broken.append("only \(reachableCount()) of \(rowCount) rows can be reached")
    }
    return broken
  }

  /// How many rows a walk over all ground links and twins sees.
  func reachableCount() -> Int {
    guard let entry else { return 0 }
    var seen = [Bool](repeating: false, count: rowCount)
    var waiting = [Int(entry.row)]
    seen[Int(entry.row)] = true
    var count = 0
    while let row = waiting.popLast() {
      count += 1
      for i in 0..<width(0) {
        let next = links(row, 0)[i].load(ordering: .acquiring)
        if next >= end { break }
        if !seen[Int(next)] {
          seen[Int(next)] = true
          waiting.append(Int(next))
        }
      }
      let twin = Int(twins[row].load(ordering: .acquiring))
      if twin != 0, !seen[twin] {
        seen[twin] = true
        waiting.append(twin)
      }
    }
    return count
  }
}
