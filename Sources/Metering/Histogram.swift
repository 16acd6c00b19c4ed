import Synchronization

/// How long something took, over and over: counts by upper bounds that are fixed from the start.
package final class Histogram: Sendable {
  /// Upper bounds in seconds, growing; a last one without bound is understood.
  package let bounds: [Double]
  private let state: Mutex<Reading>

  /// What was seen so far.
  package struct Reading: Sendable, Equatable {
    /// For each bound how many were below it and above the one before; one more than there are bounds.
    package fileprivate(set) var counts: [Int]
    package fileprivate(set) var sumSeconds = 0.0
    package var count: Int { counts.reduce(0, +) }
  }

  /// From a tenth of a millisecond to ten seconds: what a disk, an index and a model take.
  package static let usualBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

  package init(bounds: [Double] = Histogram.usualBounds) {
    self.bounds = bounds
    state = Mutex(Reading(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  /// - Complexity: O(bounds).
  package func observe(seconds: Double) {
    let place = bounds.firstIndex { seconds <= $0 } ?? bounds.count
    state.withLock { reading in
      reading.counts[place] += 1
      reading.sumSeconds += seconds
    }
  }

  package func observe(_ duration: Duration) {
    observe(seconds: duration / .seconds(1))
  }

  package var reading: Reading { state.withLock { $0 } }
}
