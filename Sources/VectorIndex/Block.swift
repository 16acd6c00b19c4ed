import Synchronization

/// A fixed number of rows, in memory that never moves: vectors one after the other, the id of each,
/// and whether it still counts.
///
/// A row is written once, before any reader can know of it; after that only its `alive` flag changes.
final class Block: @unchecked Sendable {
  // SAFETY: vectors and ids are written by the one writer before the row is published and are
  // constant from then on; the flags are atomics; the memory is freed when the last holder lets go.

  /// A power of two, so that a row number splits into block and place by shifting.
  static let rowCount = 1 << shift
  static let shift = 10

  let vectors: UnsafeMutablePointer<Float>
  let ids: UnsafeMutablePointer<Int64>
  let alive: UnsafeMutablePointer<Atomic<Bool>>
  private let memory: Memory

  /// Rows that lie in memory already.
  init(
    vectors: UnsafeMutablePointer<Float>, ids: UnsafeMutablePointer<Int64>,
    alive: UnsafeMutablePointer<Atomic<Bool>>, in memory: Memory
  ) {
    self.vectors = vectors
    self.ids = ids
    self.alive = alive
    self.memory = memory
  }

  init(dimensions: Int) throws(IndexError) {
    let vectorBytes = Block.rowCount * dimensions * MemoryLayout<Float>.stride
    let idBytes = Block.rowCount * MemoryLayout<Int64>.stride
    memory = try Memory(byteCount: vectorBytes + idBytes + Block.rowCount)
    vectors = memory.base.bindMemory(to: Float.self, capacity: Block.rowCount * dimensions)
    ids = (memory.base + vectorBytes).bindMemory(to: Int64.self, capacity: Block.rowCount)
    alive = (memory.base + vectorBytes + idBytes)
      .bindMemory(to: Atomic<Bool>.self, capacity: Block.rowCount)
  }
}
