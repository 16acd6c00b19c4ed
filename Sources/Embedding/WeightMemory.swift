import Foundation

/// One block for all weights of the layers, on large pages where the system has them.
///
/// Filled piece by piece while a model is opened, only read afterwards.
final class WeightMemory: @unchecked Sendable {
  // SAFETY: `take` runs only inside `Transformer.init`, before the memory is shared; deinit frees it once.
  private let start: UnsafeMutableRawPointer
  private let capacity: Int
  private var taken = 0

  /// Large pages spare most of the address look-ups of a pass over 42 MB of weights.
  private static let alignment = 2 << 20

  init(floats: Int) {
    let byteCount =
      (floats * MemoryLayout<Float>.stride + Self.alignment - 1) / Self.alignment * Self.alignment
    start = .allocate(byteCount: byteCount, alignment: Self.alignment)
    madvise(start, byteCount, MADV_HUGEPAGE)
    capacity = floats
  }

  deinit { start.deallocate() }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    precondition(taken + count <= capacity, "the capacity is the sum of all pieces")
    defer { taken += count }
    return start.bindMemory(to: Float.self, capacity: capacity) + taken
  }
}
