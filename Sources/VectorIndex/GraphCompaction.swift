import Synchronization

/// # Taking the dead out of the graph, step by step
///
/// Dead rows stay in the graph as stepping stones. When there are too many, the living are copied into
/// a new graph, as FreshDiskANN consolidates its deletions (Singh et al., 2021, algorithm 4): about a
/// tenth of the work of building it again.
///
/// 1. Each living row gets its number in the new graph, in the order of the old.
/// 2. A dead row with living twins leaves its place in the graph, links and level, to the first of them:
///    an *heir*. Every other dead row has none.
/// 3. A place whose neighbours all have heirs keeps its links, under the new numbers. One that lost a
///    neighbour takes the neighbours of that neighbour as candidates too, and chooses again.
/// 4. Readers go on with the old graph until the new one is published.
struct GraphCompaction {
  let old: Graph
  let new: Graph
  /// The new number of each old row, `Graph.none` for the dead.
  let newRow: [UInt32]
  /// The new number of the row that takes each old row's place, `Graph.none` where nobody does.
  private let heirs: [UInt32]
  private let parameters: VectorIndex.Parameters

  init(of old: Graph, newRow: [UInt32], count: Int, parameters: VectorIndex.Parameters) throws(IndexError) {
    self.old = old
    self.newRow = newRow
    self.parameters = parameters
    new = try Graph(codes: old.codes.emptied(capacity: 2 * count), linksPerRow: old.linksPerRow)
    var heirs = newRow
    for row in 0..<old.rowCount where newRow[row] == Graph.none {
      heirs[row] = GraphCompaction.firstLivingTwin(of: row, in: old, newRow)
    }
    self.heirs = heirs
  }

  private static func firstLivingTwin(of row: Int, in graph: Graph, _ newRow: [UInt32]) -> UInt32 {
    var twin = Int(graph.twins[row].load(ordering: .relaxed))
    while twin != 0 {
      if newRow[twin] != Graph.none { return newRow[twin] }
      twin = Int(graph.twins[twin].load(ordering: .relaxed))
    }
    return Graph.none
  }

  /// The new graph, complete.
  func run() -> Graph {
    copyRows()
    Workers.run(0..<old.rowCount, threadCount: parameters.threadCount) { row in
      guard heirs[row] != Graph.none, old.isLinked(row) else { return }
      new.scratches.withScratch { scratch in
        for level in 0...Int(old.levels[row]) { relink(row, level, scratch) }
      }
    }
    chainTwins()
    chooseEntry()
    return new
  }

  /// Step 1: numbers, codes and levels. An heir takes the level of the place.
  private func copyRows() {
    var placeOf = [UInt32](repeating: Graph.none, count: newRow.count)
    for row in 0..<old.rowCount where heirs[row] != Graph.none && old.isLinked(row) {
      placeOf[Int(heirs[row])] = UInt32(row)
    }
    for row in 0..<old.rowCount where newRow[row] != Graph.none {
      let place = placeOf[Int(newRow[row])]
      let number = new.append(level: place == Graph.none ? 0 : Int(old.levels[Int(place)]))
      if place == Graph.none { new.markAsTwin(number) }
      new.codes.copy(row: row, from: old.codes, to: number)
    }
  }

  /// Step 3 for one list.
  private func relink(_ row: Int, _ level: Int, _ scratch: Scratch) {
    let heir = heirs[row]
    // A level that did not fit into the new graph was lowered there.
    guard level <= new.height(Int(heir)) else { return }
    var count = 0
    var lost: [Int] = []
    forEachLink(of: row, level) { neighbour in
      if heirs[neighbour] == Graph.none { lost.append(neighbour) }
      take(heirs[neighbour], for: heir, level, &count, scratch)
    }
    guard !lost.isEmpty else { return new.write(scratch.rows, count: count, to: Int(heir), level) }
    for neighbour in lost {
      forEachLink(of: neighbour, level) { take(heirs[$0], for: heir, level, &count, scratch) }
    }
    new.chooseAgain(among: count, for: Int(heir), level, scratch)
  }

  private func forEachLink(of row: Int, _ level: Int, _ body: (Int) -> Void) {
    let links = old.links(row, level)
    for i in 0..<old.width(level) {
      let neighbour = links[i].load(ordering: .relaxed)
      if neighbour >= old.rowCount { return }
      body(Int(neighbour))
    }
  }

  /// Adds a candidate that exists, is on the level, is not the row itself and was not taken before.
  private func take(
    _ candidate: UInt32, for row: UInt32, _ level: Int, _ count: inout Int, _ scratch: Scratch
  ) {
    guard candidate != Graph.none, candidate != row, count < Scratch.rowRoom,
      new.height(Int(candidate)) >= level,
      !UnsafeBufferPointer(start: scratch.rows, count: count).contains(candidate)
    else { return }
    scratch.rows[count] = candidate
    count += 1
  }

  /// Chains the living twins of each place behind its heir, in their old order.
  private func chainTwins() {
    for row in 0..<old.rowCount where old.isLinked(row) && heirs[row] != Graph.none {
      var last = Int(heirs[row])
      var twin = Int(old.twins[row].load(ordering: .relaxed))
      while twin != 0 {
        if newRow[twin] != Graph.none, newRow[twin] != heirs[row] {
          new.chain(newRow[twin], to: last)
          last = Int(newRow[twin])
        }
        twin = Int(old.twins[twin].load(ordering: .relaxed))
      }
    }
  }

  /// The heir of the old entry, or else a row of the highest level.
  private func chooseEntry() {
    guard new.rowCount > 0 else { return }
    var row = (0..<new.rowCount).reduce(0) { new.height($1) > new.height($0) ? $1 : $0 }
    if let entry = old.entry, heirs[Int(entry.row)] != Graph.none {
      let heir = Int(heirs[Int(entry.row)])
      if new.height(heir) == new.height(row) { row = heir }
    }
    new.enter(at: UInt32(row), level: new.height(row))
  }
}
