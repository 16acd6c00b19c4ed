import Synchronization

/// The writer's side: which row holds which id, and where the next row goes.
///
/// Rows are only ever appended, so that readers need no lock. A replaced or removed row is marked
/// dead; when a third of the rows are dead the living are copied into new blocks, and the old ones go
/// with their last reader.
struct Rows {
  let dimensions: Int
  private(set) var view = View()
  private(set) var rowOfID: [Int64: UInt32] = [:]

  init(dimensions: Int) {
    self.dimensions = dimensions
  }

  mutating func insert(_ batch: VectorIndex.Batch, metric: VectorIndex.Metric) throws(IndexError) {
    guard view.rowCount + batch.count <= VectorIndex.maximumRowCount else { throw .full }
    batch.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for (i, id) in batch.ids.enumerated() {
        append(id: id, base + i * dimensions, prepare: metric.prepare)
      }
    }
    compactIfSparse()
  }

  mutating func remove(_ id: Int64) {
    guard let row = rowOfID.removeValue(forKey: id) else { return }
    bury(row)
    view.liveCount -= 1
  }

  /// Copies the living into new blocks once the dead are a third of the rows.
  mutating func compactIfSparse() {
    let dead = view.rowCount - view.liveCount
    guard dead > Rows.tolerableDeadCount, dead * 3 > view.rowCount else { return }
    let old = view
    view = View()
    rowOfID.removeAll(keepingCapacity: true)
    for row in 0..<old.rowCount {
      old.withRow(row) { block, place in
        guard block.alive[place].load(ordering: .relaxed) else { return }
        append(id: block.ids[place], block.vectors + place * dimensions) { _ in }
      }
    }
  }

  /// Too few to be worth a copy.
  private static let tolerableDeadCount = 64

  private mutating func append(
    id: Int64, _ vector: UnsafePointer<Float>, prepare: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let row = view.rowCount
    if row >> Block.shift == view.blocks.count { view.blocks.append(Block(dimensions: dimensions)) }
    view.withRow(row) { block, place in
      let target = block.vectors + place * dimensions
      target.update(from: vector, count: dimensions)
      prepare(UnsafeMutableBufferPointer(start: target, count: dimensions))
      block.ids[place] = id
      block.alive[place].store(true, ordering: .releasing)
    }
    view.rowCount += 1
    if let replaced = rowOfID.updateValue(UInt32(row), forKey: id) {
      bury(replaced)
    } else {
      view.liveCount += 1
    }
  }

  private func bury(_ row: UInt32) {
    view.withRow(Int(row)) { block, place in
      block.alive[place].store(false, ordering: .releasing)
    }
  }
}
