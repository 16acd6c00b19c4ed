import Synchronization

/// Opens a file as rows and a graph, reading a hundredth of it.
///
/// 1. The header must be whole and the file as long as it says.
/// 2. The checksums of what addresses are computed from must be right (`Section.isReadAtOnce`): at 200,000
///    rows of 384 dimensions 4.5 MB of 376. Even then each number is checked to lead to a row, for a file may
///    have been made by anyone.
/// 3. Vectors and codes are only numbers, and each link on the ground level is compared with the number of rows
///    as it is followed (`Graph`, 6). They are mapped, and checked when there is time (`checkAll`).
/// 4. Walks want codes and links in memory, and nobody wants the vectors there but those that are scored:
///    the system is told not to read ahead among them, and a check lets go of what it brought in.
struct SnapshotReader {
  let header: Snapshot.Header
  private let words: [UInt64]
  let memory: Memory

  init(path: String) throws(IndexError) {
    let memory = try Memory(mapping: path)
    guard memory.byteCount >= Snapshot.pageSize else { throw .damaged("the file is cut short") }
    let page = UnsafeRawBufferPointer(start: memory.base, count: Snapshot.pageSize)
    words = (0..<Snapshot.headerWordCount).map { page.load(fromByteOffset: $0 * 8, as: UInt64.self) }
    header = try Snapshot.Header(words: words, fileByteCount: memory.byteCount)
    self.memory = memory
  }

  /// Reads the whole file and checks that it is what was saved.
  ///
  /// What walks want in memory is read first, and remains there.
  func checkAll() throws(IndexError) {
    let rows = try rows(threadCount: 1)
    for section in [.codes, .halfSquares, .ground] as [Snapshot.Section] { try check(section) }
    guard isWithin(.ground, UInt32(header.rowCount), orNone: true) else { throw .damaged("links") }
    guard Set(rows.ids).count == header.liveCount else { throw .damaged("the number of ids") }
    memory.willBeRead(.inOrder, range(.vectors))
    try check(.vectors, lettingGo: true)
  }

  private static let pieceSize = 8 << 20

  /// Checks a section against its checksum.
  private func check(_ section: Snapshot.Section, lettingGo: Bool = false) throws(IndexError) {
    var checksum = Checksum()
    var rest = range(section)
    while !rest.isEmpty {
      let piece = rest.prefix(SnapshotReader.pieceSize)
      checksum.take(UnsafeRawBufferPointer(rebasing: memory.bytes[piece]))
      if lettingGo { memory.letGo(of: piece) }
      rest = rest.dropFirst(piece.count)
    }
    guard checksum.value == words[Snapshot.firstSectionWord + 3 * section.rawValue + 2] else {
      throw .damaged("\(section)")
    }
  }

  /// Where a section lies in the file, with the zeros after it.
  func range(_ section: Snapshot.Section) -> Range<Int> {
    header.offset(section)..<header.offset(section) + header.paddedByteCount(section)
  }

  func rows(threadCount: Int) throws(IndexError) -> Rows {
    for section in Snapshot.Section.allCases where section.isReadAtOnce { try check(section) }
    guard hasAsManyLiving else { throw .damaged("the number of ids") }
    if header.hasGraph { memory.willBeRead(.byChance, range(.vectors)) }
    var view = View()
    view.rowCount = header.rowCount
    view.liveCount = header.liveCount
    view.blocks = try blocks()
    if header.hasGraph { view.graph = try graph() }
    var parameters = header.parameters
    parameters.threadCount = threadCount
    return Rows(
      dimensions: header.dimensions, metric: header.metric, parameters: parameters.bounded, view: view)
  }

  /// Whether all flags are 0 or 1, and as many are 1 as the header says.
  private var hasAsManyLiving: Bool {
    let flags = pointer(.alive, to: UInt8.self, count: header.rowCount)
    var sum = 0
    var largest: UInt8 = 0
    for row in 0..<header.rowCount {
      sum += Int(flags[row])
      largest = max(largest, flags[row])
    }
    return sum == header.liveCount && largest <= 1
  }

  private func pointer<T: ~Copyable>(
    _ section: Snapshot.Section, to type: T.Type, count: Int
  ) -> UnsafeMutablePointer<T> {
    (memory.base + header.offset(section)).bindMemory(to: type, capacity: count)
  }

  /// Full blocks lie in the file; the last one is copied, because rows are still to be appended to it.
  private func blocks() throws(IndexError) -> [Block] {
    let count = header.rowCount
    let vectors = pointer(.vectors, to: Float.self, count: count * header.dimensions)
    let ids = pointer(.ids, to: Int64.self, count: count)
    let alive = pointer(.alive, to: Atomic<Bool>.self, count: count)
    return try stride(from: 0, to: count, by: Block.rowCount).map { first throws(IndexError) in
      let rowCount = min(Block.rowCount, count - first)
      guard rowCount < Block.rowCount else {
        return Block(
          vectors: vectors + first * header.dimensions, ids: ids + first, alive: alive + first, in: memory)
      }
      let block = try Block(dimensions: header.dimensions)
      block.vectors.update(from: vectors + first * header.dimensions, count: rowCount * header.dimensions)
      block.ids.update(from: ids + first, count: rowCount)
      for i in 0..<rowCount {
        block.alive[i].store(alive[first + i].load(ordering: .relaxed), ordering: .relaxed)
      }
      return block
    }
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

  /// Whether every number that becomes an address unlooked at is one of a row, or of a list that is there.
  private func leadsToRows(_ graph: Graph) -> Bool {
    let count = UInt32(header.rowCount)
    guard header.entryRow < count, graph.height(Int(header.entryRow)) == header.entryLevel
    else { return false }
    return isWithin(.upper, count, orNone: true) && isWithin(.twins, count, orNone: false)
      && towersHold(graph) && chainsEnd(graph)
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
