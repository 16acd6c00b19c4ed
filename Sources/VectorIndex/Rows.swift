import Synchronization

/// The writer's side: which row holds which id, and where the next row goes.
///
/// 1. Rows are only ever appended, so that readers need no lock. A replaced row is marked dead once its
///    successor can be found, a removed one at once.
/// 2. With few rows that is all: they are searched exactly. At `exactLimit` ids a graph is built, while
///    readers go on searching exactly, and from then on rows are linked in rounds, each of which is
///    published when it is done.
/// 3. When a quarter of the rows are dead the living are copied into new blocks, and the old ones go
///    with their last reader.
struct Rows {
  let dimensions: Int
  let metric: VectorIndex.Metric
  let parameters: VectorIndex.Parameters
  private(set) var view = View()
  /// Made of the rows when it is first asked for: those who open a file to search it never do. Not `lazy`, whose
  /// changes are made to a copy of the whole.
  private var rowOfID: [Int64: UInt32]?
  /// Memory for rows that are to come, so that writing them cannot fail.
  private var spareBlocks: [Block] = []

  /// - Parameter view: rows that are complete already.
  init(
    dimensions: Int, metric: VectorIndex.Metric, parameters: VectorIndex.Parameters, view: View = View()
  ) {
    self.dimensions = dimensions
    self.metric = metric
    self.parameters = parameters
    self.view = view
  }

  /// Which row holds which id.
  var rowsByID: [Int64: UInt32] {
    mutating get {
      findRows()
      return rowOfID ?? [:]
    }
  }

  private mutating func findRows() {
    guard rowOfID == nil else { return }
    var found = [Int64: UInt32](minimumCapacity: view.liveCount)
    forEachLivingRow { row, id in found[id] = UInt32(row) }
    rowOfID = found
  }

  /// Each id once, in the order of rows.
  var ids: [Int64] {
    var ids: [Int64] = []
    ids.reserveCapacity(view.liveCount)
    forEachLivingRow { _, id in ids.append(id) }
    return ids
  }

  private func forEachLivingRow(_ body: (_ row: Int, _ id: Int64) -> Void) {
    for row in 0..<view.rowCount {
      view.withRow(row) { block, place in
        if block.alive[place].load(ordering: .relaxed) { body(row, block.ids[place]) }
      }
    }
  }

  mutating func insert(
    _ batch: VectorIndex.Batch, whenFound: () -> Void, publish: (View) -> Void
  ) throws(IndexError) {
    guard view.rowCount + batch.count <= VectorIndex.maximumRowCount else { throw .full }
    try reserve(batch.count)
    var first = 0
    while first < batch.count {
      let remaining = batch.count - first
      let count =
        view.graph.map {
          GraphInserter.roundSize(existing: $0.rowCount, remaining: remaining)
        } ?? remaining
      let replaced = append(batch, first..<first + count)
      linkNewRows()
      publish(view)
      for row in replaced { bury(row) }
      first += count
    }
    whenFound()
    reshape(publish)
  }

  mutating func remove(_ ids: some Sequence<Int64>, publish: (View) -> Void) {
    findRows()
    for id in ids {
      guard let row = rowOfID?.removeValue(forKey: id) else { continue }
      bury(row)
      view.liveCount -= 1
    }
    publish(view)
    reshape(publish)
  }

  /// Makes room for so many rows more, in the blocks and in the graph.
  private mutating func reserve(_ count: Int) throws(IndexError) {
    let rowCount = view.rowCount + count
    while (view.blocks.count + spareBlocks.count) << Block.shift < rowCount {
      spareBlocks.append(try Block(dimensions: dimensions))
    }
    if let graph = view.graph, rowCount > graph.capacity {
      view.graph = try graph.grown(capacity: 2 * rowCount)
    }
  }

  /// Writes rows that no reader knows of yet; gives back the rows they replace, which still count.
  private mutating func append(_ batch: VectorIndex.Batch, _ range: Range<Int>) -> [UInt32] {
    findRows()
    var replaced: [UInt32] = []
    batch.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for i in range {
        if let old = rowOfID?.updateValue(UInt32(view.rowCount), forKey: batch.ids[i]) {
          replaced.append(old)
        } else {
          view.liveCount += 1
        }
        append(id: batch.ids[i], base + i * dimensions)
      }
    }
    return replaced
  }

  private mutating func append(id: Int64, _ vector: UnsafePointer<Float>) {
    let row = copy(id: id, vector)
    view.withRow(row) { block, place in
      metric.prepare(
        UnsafeMutableBufferPointer(start: block.vectors + place * dimensions, count: dimensions))
    }
  }

  /// Writes a row after the last one, the vector as it is. There is room for it.
  private mutating func copy(id: Int64, _ vector: UnsafePointer<Float>) -> Int {
    let row = view.rowCount
    if row >> Block.shift == view.blocks.count { view.blocks.append(spareBlocks.removeLast()) }
    view.withRow(row) { block, place in
      (block.vectors + place * dimensions).update(from: vector, count: dimensions)
      block.ids[place] = id
      block.alive[place].store(true, ordering: .releasing)
    }
    view.rowCount += 1
    return row
  }

  private func bury(_ row: UInt32) {
    view.withRow(Int(row)) { block, place in
      block.alive[place].store(false, ordering: .releasing)
    }
  }

  /// Brings the graph up to the rows that were appended.
  private mutating func linkNewRows() {
    guard let graph = view.graph else { return }
    GraphBuilder(view: view, parameters: parameters).extend(graph)
  }

  /// Compacts, builds the graph or drops it, where the number of rows asks for it. Where there is no memory for
  /// that, rows are searched as they lie, until the next change tries again.
  private mutating func reshape(_ publish: (View) -> Void) {
    do {
      try reshaped(publish)
    } catch {
      return
    }
  }

  private mutating func reshaped(_ publish: (View) -> Void) throws(IndexError) {
    let dead = view.rowCount - view.liveCount
    let wantsGraph = view.liveCount >= parameters.exactLimit
    let isSparse = dead > Rows.tolerableDeadCount && dead * 4 > view.rowCount
    if isSparse || (wantsGraph && view.graph == nil && dead > 0) {
      self = try compacted()
      publish(view)
    }
    if wantsGraph, view.graph == nil {
      let builder = GraphBuilder(view: view, parameters: parameters)
      view.graph = try builder.build(dimensions: dimensions, metric: metric)
      publish(view)
    }
  }

  /// Too few to be worth a copy.
  private static let tolerableDeadCount = 64

  /// The living, in new blocks and a new graph; far below `exactLimit` the graph is dropped.
  private func compacted() throws(IndexError) -> Rows {
    var new = Rows(dimensions: dimensions, metric: metric, parameters: parameters)
    try new.reserve(view.liveCount)
    var newRow = [UInt32](repeating: Graph.none, count: view.rowCount)
    forEachLivingRow { row, id in
      view.withRow(row) { block, place in
        newRow[row] = UInt32(new.copy(id: id, block.vectors + place * dimensions))
      }
    }
    new.view.liveCount = new.view.rowCount
    guard let graph = view.graph, new.view.liveCount * 2 >= parameters.exactLimit else { return new }
    new.view.graph = try GraphCompaction(
      of: graph, newRow: newRow, count: new.view.liveCount, parameters: parameters
    ).run()
    return new
  }
}
