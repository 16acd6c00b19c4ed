import Synchronization

/// Opens a file as rows and a graph, without reading more of it than what addresses depend on.
///
/// 1. The header must be whole and the file as long as it says.
/// 2. The checksums of all that addresses are computed from must be right (`Section.isStructure`): at 200,000
///    rows some 30 MB, a few milliseconds once they are in memory. Even then each link is checked to
///    lead to a row, for a file may have been made by anyone.
/// 3. Vectors and codes are only numbers. They are mapped, and checked when there is time (`check`).
struct SnapshotReader {
  let header: Snapshot.Header
  private let words: [UInt64]
  private let memory: Memory

  init(path: String) throws(IndexError) {
    let memory = try Memory(mapping: path)
    guard memory.byteCount >= Snapshot.pageSize else { throw .damaged("the file is cut short") }
    let page = UnsafeRawBufferPointer(start: memory.base, count: Snapshot.pageSize)
    words = (0..<Snapshot.headerWordCount).map { page.load(fromByteOffset: $0 * 8, as: UInt64.self) }
    header = try Snapshot.Header(words: words, fileByteCount: memory.byteCount)
    self.memory = memory
  }

  /// Checks sections against their checksums.
  func check(_ isWanted: (Snapshot.Section) -> Bool) throws(IndexError) {
    for section in Snapshot.Section.allCases where isWanted(section) {
      let bytes = UnsafeRawBufferPointer(
        start: memory.base + header.offset(section), count: header.paddedByteCount(section))
      guard Checksum.of(bytes) == words[Snapshot.firstSectionWord + 3 * section.rawValue + 2] else {
        throw .damaged("\(section)")
      }
    }
  }

  func rows(threadCount: Int) throws(IndexError) -> Rows {
    try check(\.isStructure)
    var view = View()
    view.rowCount = header.rowCount
    view.liveCount = header.liveCount
    view.blocks = blocks()
    if header.hasGraph { view.graph = try graph() }
    var parameters = header.parameters
    parameters.threadCount = threadCount
    return Rows(
      dimensions: header.dimensions, metric: header.metric, parameters: parameters.bounded, view: view,
      rowOfID: try rowsByID(view))
  }

  private func pointer<T: ~Copyable>(
    _ section: Snapshot.Section, to type: T.Type, count: Int
  ) -> UnsafeMutablePointer<T> {
    (memory.base + header.offset(section)).bindMemory(to: type, capacity: count)
  }

  /// Full blocks lie in the file; the last one is copied, because rows are still to be appended to it.
  private func blocks() -> [Block] {
    let count = header.rowCount
    let vectors = pointer(.vectors, to: Float.self, count: count * header.dimensions)
    let ids = pointer(.ids, to: Int64.self, count: count)
    let alive = pointer(.alive, to: Atomic<Bool>.self, count: count)
    return stride(from: 0, to: count, by: Block.rowCount).map { first in
      let rowCount = min(Block.rowCount, count - first)
      guard rowCount < Block.rowCount else {
        return Block(
          vectors: vectors + first * header.dimensions, ids: ids + first, alive: alive + first, in: memory)
      }
      let block = Block(dimensions: header.dimensions)
      block.vectors.update(from: vectors + first * header.dimensions, count: rowCount * header.dimensions)
      block.ids.update(from: ids + first, count: rowCount)
      for i in 0..<rowCount {
        block.alive[i].store(alive[first + i].load(ordering: .relaxed), ordering: .relaxed)
      }
      return block
    }
  }

  private func rowsByID(_ view: View) throws(IndexError) -> [Int64: UInt32] {
    var rowOfID = [Int64: UInt32](minimumCapacity: view.liveCount)
    for row in 0..<view.rowCount {
      view.withRow(row) { block, place in
        guard block.alive[place].load(ordering: .relaxed) else { return }
        rowOfID[block.ids[place]] = UInt32(row)
      }
    }
    guard rowOfID.count == view.liveCount else { throw .damaged("the number of ids") }
    return rowOfID
  }

  private func graph() throws(IndexError) -> Graph {
    let count = header.rowCount
    let codes = Codes(
      metric: header.metric, kind: header.kind, dimensions: header.dimensions, scale: header.scale,
      rowCount: count,
      base: pointer(.codes, to: UInt8.self, count: header.byteCount(.codes)),
      halfSquares: pointer(.halfSquares, to: Int32.self, count: count), in: memory)
    let links = header.parameters.linksPerRow
    let graph = Graph(
      codes: codes, linksPerRow: links,
      ground: pointer(.ground, to: Atomic<UInt32>.self, count: count * 2 * links),
      levels: pointer(.levels, to: UInt8.self, count: count),
      towers: pointer(.towers, to: UInt32.self, count: count),
      twins: pointer(.twins, to: Atomic<UInt32>.self, count: count),
      upper: pointer(.upper, to: Atomic<UInt32>.self, count: header.upperListCount * links),
      upperListCount: header.upperListCount, in: memory)
    guard leadsToRows(graph) else { throw .damaged("links") }
    graph.enter(at: header.entryRow, level: header.entryLevel)
    return graph
  }

  /// Whether every number that becomes an address is one of a row, or of a list that is there.
  private func leadsToRows(_ graph: Graph) -> Bool {
    let count = UInt32(header.rowCount)
    guard header.entryRow < count, graph.height(Int(header.entryRow)) == header.entryLevel
    else { return false }
    return isWithin(.ground, count, orNone: true) && isWithin(.upper, count, orNone: true)
      && isWithin(.twins, count, orNone: false) && towersHold(graph) && chainsEnd(graph)
  }

  /// Whether each row's upper lists are there, and lead to rows that reach as high.
  private func towersHold(_ graph: Graph) -> Bool {
    (0..<header.rowCount).allSatisfy { row in
      let height = graph.height(row)
      guard height > 0 else { return true }
      guard Int(graph.towers[row]) + height <= header.upperListCount else { return false }
      return (1...height).allSatisfy { level in
        let links = graph.links(row, level)
        return (0..<graph.linksPerRow).allSatisfy { i in
          let next = links[i].load(ordering: .relaxed)
          return next == Graph.none || graph.height(Int(next)) >= level
        }
      }
    }
  }

  /// Whether a chain of twins leads from no row to one that has links or to one that another leads to:
  /// then it cannot come back to where it was.
  private func chainsEnd(_ graph: Graph) -> Bool {
    var isReached = [Bool](repeating: false, count: header.rowCount)
    return (0..<header.rowCount).allSatisfy { row in
      let next = Int(graph.twins[row].load(ordering: .relaxed))
      guard next != 0 else { return true }
      defer { isReached[next] = true }
      return !isReached[next] && !graph.isLinked(next)
    }
  }

  /// Whether all numbers of a section are below a bound, or `none` where that is allowed.
  private func isWithin(_ section: Snapshot.Section, _ bound: UInt32, orNone: Bool) -> Bool {
    let count = header.byteCount(section) / 4
    let numbers = pointer(section, to: UInt32.self, count: count)
    // `none` + 1 wraps to 0; every other number to one more than itself.
    let step: UInt32 = orNone ? 1 : 0
    var largest: UInt32 = 0
    for i in 0..<count { largest = max(largest, numbers[i] &+ step) }
    return count == 0 || largest < bound &+ step
  }
}
