import Synchronization

/// # The graph, and how it lies in memory
///
/// A hierarchical navigable small world (Malkov and Yashunin, "Efficient and robust approximate nearest
/// neighbor search using hierarchical navigable small world graphs", 2016/2018). Every row has a list of
/// near rows; a search walks from row to row towards the query. Upper levels hold ever fewer rows, one in
/// `linksPerRow` of the level below, and bridge long distances: they are the express lines.
///
/// 1. Everything is flat: row r's links on the ground level are `2 · linksPerRow` 32-bit row numbers
///    from `ground + r · 2 · linksPerRow`, ended by `none` where there are fewer. No objects, no counts.
/// 2. Few rows reach higher. `levels[r]` is how high row r reaches; its lists for levels 1…levels[r] lie
///    one after the other in `upper`, from list number `towers[r]`.
/// 3. Links are atomics. Readers walk while a writer links: they may see a list half old and half new,
///    which is a list of rows all the same, each of them a fair place to go.
/// 4. A row's code and own links are complete before the first link to it is stored (release), and
///    are read after that link was loaded (acquire).
/// 5. Memory is reserved for `capacity` rows and used only as rows come. A graph that is full is copied
///    into one of twice the capacity; readers of the old one go on with it until they are done.
/// 6. A list ends at the first number that is no row of the graph. That costs no more than to look for `none`,
///    and it lets a file be searched before its links were checked: a wrong one leads to a wrong row, or ends
///    the list, but never to memory that is not the graph's.
final class Graph: @unchecked Sendable {
  // SAFETY: see 3 and 4: what readers and the writer share are atomics, or constant once reachable.
  // `rowCount` and `upperListCount` are touched by the writer alone.

  /// Ends a list of links.
  static let none = UInt32.max
  /// Higher levels than this would be empty for any number of rows that fits.
  static let maximumLevel = 15
  /// In `levels`, a row that is the twin of another and has no links.
  private static let twinLevel = UInt8.max

  let codes: Codes
  let linksPerRow: Int
  let ground: UnsafeMutablePointer<Atomic<UInt32>>
  let levels: UnsafeMutablePointer<UInt8>
  let towers: UnsafeMutablePointer<UInt32>
  let upper: UnsafeMutablePointer<Atomic<UInt32>>
  let upperListCapacity: Int
  /// The next row with the same code as this one, or 0: row 0 is never the next of another. Only the
  /// first of such a chain is linked.
  let twins: UnsafeMutablePointer<Atomic<UInt32>>
  /// Working memory for walks through this graph.
  let scratches: ScratchPool
  /// Where every walk begins, and how high that row reaches.
  private let top = Atomic<UInt64>(0)
  var rowCount = 0
  var upperListCount = 0
  private let memory: Memory

  var capacity: Int { codes.capacity }

  /// - Parameter upperLists: how many lists above the ground there are to be room for at least.
  init(codes: Codes, linksPerRow: Int, upperLists: Int = 0) throws(IndexError) {
    self.codes = codes
    self.linksPerRow = linksPerRow
    let capacity = codes.capacity
    scratches = ScratchPool(capacity: capacity)
    // A row has 1 / (linksPerRow - 1) upper lists on average; room for twice that costs nothing until used.
    upperListCapacity = max(2 * capacity / (linksPerRow - 1) + 64, upperLists)
    let link = MemoryLayout<UInt32>.stride
    let groundBytes = capacity * 2 * linksPerRow * link
    let towerBytes = capacity * link
    let upperBytes = upperListCapacity * linksPerRow * link
    memory = try Memory(byteCount: groundBytes + 2 * towerBytes + upperBytes + capacity)
    ground = memory.base.bindMemory(to: Atomic<UInt32>.self, capacity: capacity * 2 * linksPerRow)
    towers = (memory.base + groundBytes).bindMemory(to: UInt32.self, capacity: capacity)
    twins = (memory.base + groundBytes + towerBytes).bindMemory(to: Atomic<UInt32>.self, capacity: capacity)
    upper = (memory.base + groundBytes + 2 * towerBytes)
      .bindMemory(to: Atomic<UInt32>.self, capacity: upperListCapacity * linksPerRow)
    levels = (memory.base + groundBytes + 2 * towerBytes + upperBytes)
      .bindMemory(to: UInt8.self, capacity: capacity)
  }

  /// A graph that lies in memory already, with no room for more rows.
  init(
    codes: Codes, linksPerRow: Int, ground: UnsafeMutablePointer<Atomic<UInt32>>,
    levels: UnsafeMutablePointer<UInt8>, towers: UnsafeMutablePointer<UInt32>,
    twins: UnsafeMutablePointer<Atomic<UInt32>>, upper: UnsafeMutablePointer<Atomic<UInt32>>,
    upperListCount: Int, in memory: Memory
  ) {
    self.codes = codes
    self.linksPerRow = linksPerRow
    self.ground = ground
    self.levels = levels
    self.towers = towers
    self.twins = twins
    self.upper = upper
    self.upperListCapacity = upperListCount
    self.upperListCount = upperListCount
    self.memory = memory
    rowCount = codes.capacity
    scratches = ScratchPool(capacity: codes.capacity)
  }

  /// How many links a list of this level holds.
  @inline(__always)
  func width(_ level: Int) -> Int { level == 0 ? 2 * linksPerRow : linksPerRow }

  /// The links of a row on one level, `width(level)` of them or ended by `none`.
  @inline(__always)
  func links(_ row: Int, _ level: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    level == 0
      ? ground + row * 2 * linksPerRow
      : upper + (Int(towers[row]) + level - 1) * linksPerRow
  }

  /// Numbers from here on are no rows; `none` is one of them.
  @inline(__always)
  var end: UInt32 { UInt32(truncatingIfNeeded: codes.capacity) }

  /// The row to start from and its level; nil in a graph without rows.
  var entry: (row: UInt32, level: Int)? {
    let packed = top.load(ordering: .acquiring)
    return packed == 0 ? nil : (UInt32(truncatingIfNeeded: packed), Int(packed >> 32) - 1)
  }

  func enter(at row: UInt32, level: Int) {
    top.store(UInt64(level + 1) << 32 | UInt64(row), ordering: .releasing)
  }

  /// Adds a row that nothing leads to yet.
  func append(level: Int) -> Int {
    let row = rowCount
    var level = min(level, Graph.maximumLevel)
    if upperListCount + level > upperListCapacity { level = 0 }
    levels[row] = UInt8(level)
    towers[row] = UInt32(upperListCount)
    upperListCount += level
    rowCount += 1
    for level in 0...level { clear(links(row, level), from: 0, width: width(level)) }
    return row
  }

  /// The highest level of a row, -1 for a twin.
  @inline(__always)
  func height(_ row: Int) -> Int { levels[row] == Graph.twinLevel ? -1 : Int(levels[row]) }

  /// Whether the row has lists of links, and is not merely chained to one that has.
  func isLinked(_ row: Int) -> Bool { levels[row] != Graph.twinLevel }

  func markAsTwin(_ row: Int) { levels[row] = Graph.twinLevel }

  /// Puts a row, and those already chained to it, after another that has the same code.
  func chain(_ row: UInt32, to other: Int) {
    markAsTwin(Int(row))
    var last = Int(row)
    while case let next = Int(twins[last].load(ordering: .relaxed)), next != 0 { last = next }
    twins[last].store(twins[other].load(ordering: .relaxed), ordering: .relaxed)
    twins[other].store(row, ordering: .releasing)
  }

  func clear(_ links: UnsafeMutablePointer<Atomic<UInt32>>, from start: Int, width: Int) {
    for i in start..<width { links[i].store(Graph.none, ordering: .releasing) }
  }

  /// The same graph with room for more rows. Numbers that are no rows here could be some there, and are left out.
  func grown(capacity: Int) throws(IndexError) -> Graph {
    let wider = try codes.emptied(capacity: capacity)
    wider.copy(rowCount, from: codes)
    let graph = try Graph(codes: wider, linksPerRow: linksPerRow, upperLists: upperListCount)
    for i in 0..<rowCount * 2 * linksPerRow {
      let link = ground[i].load(ordering: .relaxed)
      graph.ground[i].store(link < rowCount ? link : Graph.none, ordering: .relaxed)
    }
    for i in 0..<rowCount {
      graph.twins[i].store(twins[i].load(ordering: .relaxed), ordering: .relaxed)
    }
    for i in 0..<upperListCount * linksPerRow {
      graph.upper[i].store(upper[i].load(ordering: .relaxed), ordering: .relaxed)
    }
    graph.levels.update(from: levels, count: rowCount)
    graph.towers.update(from: towers, count: rowCount)
    graph.rowCount = rowCount
    graph.upperListCount = upperListCount
    if let entry { graph.enter(at: entry.row, level: entry.level) }
    return graph
  }
}
