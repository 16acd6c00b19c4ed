/// The best few of many candidates: a binary heap with the worst one kept on top.
///
/// - Complexity: one comparison for a candidate that is not good enough, O(log limit) otherwise.
struct Best {
  struct Candidate {
    var score: Float
    var id: Int64
    var row: UInt32

    func precedes(_ other: Candidate) -> Bool {
      score > other.score || (score == other.score && id < other.id)
    }
  }

  let limit: Int
  private(set) var heap: [Candidate] = []

  init(limit: Int) {
    self.limit = limit
    heap.reserveCapacity(limit)
  }

  /// A score below this one cannot enter.
  var threshold: Float {
    heap.count < limit ? -.infinity : heap.first?.score ?? .infinity
  }

  mutating func offer(_ candidate: Candidate) {
    if heap.count < limit {
      heap.append(candidate)
      siftUp(heap.count - 1)
    } else if let worst = heap.first, candidate.precedes(worst) {
      heap[0] = candidate
      siftDown(0)
    }
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[parent].precedes(heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var worst = parent
      for child in (2 * parent + 1)...(2 * parent + 2)
      where child < heap.count && heap[worst].precedes(heap[child]) { worst = child }
      guard worst != parent else { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
