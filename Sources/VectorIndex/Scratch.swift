import Synchronization

/// What one walk needs to remember: the rows it has seen and the candidates it keeps. Lent out by a
/// pool, because a walk is much shorter than making one of these.
final class Scratch {
  /// One bit a row. Clearing 25 KB for 200,000 rows takes less than half a microsecond, and the
  /// set stays in the first-level cache; marks with an epoch number would be 16 times as large.
  let visited: UnsafeMutablePointer<UInt64>
  let visitedWordCount: Int
  /// Candidates in order, nearest first (see `Candidate`), with room for one more than may be kept.
  let pool: UnsafeMutablePointer<UInt64>
  /// Rows about to be scored, and their scores.
  let rows: UnsafeMutablePointer<UInt32>
  let scores: UnsafeMutablePointer<Int32>
  /// Rows chosen as neighbours.
  let chosen: UnsafeMutablePointer<UInt32>
  /// A row unpacked to be compared with others (`Codes.query(row:in:)`).
  let signed: UnsafeMutablePointer<Int8>
  var poolCount = 0

  static let rowRoom = VectorIndex.maximumWidth

  init(capacity: Int) {
    visitedWordCount = (capacity + 63) / 64
    visited = .allocate(capacity: visitedWordCount)
    pool = .allocate(capacity: VectorIndex.maximumWidth + 1)
    rows = .allocate(capacity: Scratch.rowRoom)
    scores = .allocate(capacity: Scratch.rowRoom)
    chosen = .allocate(capacity: Scratch.rowRoom)
    signed = UnsafeMutableRawPointer.allocate(byteCount: VectorIndex.maximumDimensions, alignment: 64)
      .bindMemory(to: Int8.self, capacity: VectorIndex.maximumDimensions)
  }

  deinit {
    visited.deallocate()
    pool.deallocate()
    rows.deallocate()
    scores.deallocate()
    chosen.deallocate()
    signed.deallocate()
  }

  /// Forgets everything but one candidate, from which a walk begins.
  func start(at candidate: UInt64) {
    visited.update(repeating: 0, count: visitedWordCount)
    _ = visit(Candidate.row(candidate))
    pool[0] = candidate
    poolCount = 1
  }

  /// Marks a row as seen; 1 if it was not before, 0 if it was.
  @inline(__always)
  func visit(_ row: UInt32) -> Int {
    let word = Int(row >> 6)
    let shift = UInt64(row & 63)
    let old = visited[word]
    visited[word] = old | (1 &<< shift)
    return Int(truncatingIfNeeded: ~(old &>> shift) & 1)
  }

  /// Puts a candidate in its place if it is among the `width` nearest so far.
  ///
  /// - Returns: the place, or nil if it is not.
  @inline(__always)
  func keep(_ candidate: UInt64, width: Int) -> Int? {
    var count = poolCount
    if count == width {
      if candidate >= pool[count - 1] { return nil }
      count -= 1
    }
    // Halving without a branch: which half is a coin toss too.
    var low = 0
    var length = count
    while length > 0 {
      let half = (length + 1) / 2
      low &+= pool[low &+ half &- 1] < candidate ? half : 0
      length &-= half
    }
    (pool + low + 1).update(from: pool + low, count: count - low)
    pool[low] = candidate
    poolCount = count + 1
    return low
  }
}

/// Lends scratch memory; keeps what comes back for the next.
final class ScratchPool: Sendable {
  /// As many as are ever kept: a box has fewer cores than this.
  private static let keptCount = 16
  private struct Held: @unchecked Sendable {
    // SAFETY: a scratch is in this list or with one borrower, never both.
    var free: [Scratch] = []
  }
  private let held = Mutex(Held())
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  func withScratch<R>(_ body: (Scratch) -> R) -> R {
    let scratch = held.withLock { $0.free.popLast() } ?? Scratch(capacity: capacity)
    defer {
      held.withLock { held in
        if held.free.count < ScratchPool.keptCount { held.free.append(scratch) }
      }
    }
    return body(scratch)
  }
}

/// A row with its score in one integer, so that sorting and comparing are single instructions:
/// the score in the upper half, turned so that nearer is smaller; then the row; and in the last bit
/// whether its neighbours have been looked at.
enum Candidate {
  static let expanded: UInt64 = 1

  @inline(__always)
  static func key(_ row: UInt32, _ score: Int32) -> UInt64 {
    UInt64(~(UInt32(bitPattern: score) ^ 0x8000_0000)) << 32 | UInt64(row) << 1
  }

  @inline(__always)
  static func row(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key) >> 1 }

  @inline(__always)
  static func score(_ key: UInt64) -> Int32 {
    Int32(bitPattern: ~UInt32(truncatingIfNeeded: key >> 32) ^ 0x8000_0000)
  }
}
