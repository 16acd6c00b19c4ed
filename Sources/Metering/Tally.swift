import Synchronization

/// Counts by a key of few values, such as a route and a status.
package final class Tally<Key: Hashable & Sendable>: Sendable {
  private let counts = Mutex<[Key: Int]>([:])

  package init() {}

  package func add(_ key: Key, _ count: Int = 1) {
    counts.withLock { $0[key, default: 0] += count }
  }

  package var reading: [Key: Int] { counts.withLock { $0 } }
}
