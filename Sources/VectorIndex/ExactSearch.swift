import Synchronization

/// # Exact search, step by step
///
/// 1. Rows lie together in blocks. One call a block gives the scores of all its rows in a single
///    pass over memory, which is what bounds it: at 384 dimensions 20 ns a row, and 60 once the rows
///    no longer fit into the cache.
/// 2. A heap keeps the best, with a margin over what was asked for. A dead row, or one the caller
///    does not allow, is passed over only when its score was good enough to look at.
/// 3. Scores of a pass and of a single row are summed in different orders, so their last bits differ. The
///    ones kept are scored again, each by itself: the same vector gets the same score however it was
///    found, here or in a graph, and equal scores are put in order of id.
struct ExactSearch {
  let metric: VectorIndex.Metric
  let dimensions: Int

  /// How many more than asked for are scored again, so that rounding in step 1 cannot push out a
  /// row that belongs among the best.
  static let margin = 32

  /// The `count` best of the view, nearest first.
  ///
  /// - Parameter share: how many of the rows the caller allows, as far as known. Where it is few,
  ///   they are picked out first and scored one by one.
  /// - Complexity: O(rows × dimensions).
  func search(
    _ view: View, _ query: UnsafePointer<Float>, count: Int, share: Double = 1,
    allowing: ((Int64) -> Bool)?
  ) -> [VectorIndex.Match] {
    guard count > 0, view.liveCount > 0 else { return [] }
    var best = Best(limit: min(count, view.liveCount) + ExactSearch.margin)
    if let allowing, share < ExactSearch.fewShare {
      pick(view, query, allowing: allowing, into: &best)
    } else {
      scan(view, query, allowing: allowing, into: &best)
    }
    return ranked(best.heap, in: view, query, count: count)
  }

  /// Asking about a row costs about a third of scoring it in passing, and fetching it alone twice that.
  private static let fewShare = 0.25

  private func pick(
    _ view: View, _ query: UnsafePointer<Float>, allowing: (Int64) -> Bool, into best: inout Best
  ) {
    for row in 0..<view.rowCount {
      view.withRow(row) { block, place in
        guard block.alive[place].load(ordering: .acquiring), allowing(block.ids[place]) else { return }
        let score = metric.score(block.vectors + place * dimensions, query, dimensions: dimensions)
        best.offer(Best.Candidate(score: score, id: block.ids[place], row: UInt32(row)))
      }
    }
  }

  private func scan(
    _ view: View, _ query: UnsafePointer<Float>, allowing: ((Int64) -> Bool)?, into best: inout Best
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Block.rowCount) { buffer in
      guard let scores = buffer.baseAddress else { return }
      for (number, block) in view.blocks.enumerated() {
        let first = number * Block.rowCount
        let rowCount = min(Block.rowCount, view.rowCount - first)
        metric.scores(block.vectors, rowCount: rowCount, query, dimensions: dimensions, into: scores)
        collect(scores, rowCount: rowCount, of: block, first: first, allowing: allowing, into: &best)
      }
    }
  }

  private func collect(
    _ scores: UnsafePointer<Float>, rowCount: Int, of block: Block, first: Int,
    allowing: ((Int64) -> Bool)?, into best: inout Best
  ) {
    var threshold = best.threshold
    for place in 0..<rowCount where scores[place] >= threshold {
      guard block.alive[place].load(ordering: .acquiring) else { continue }
      let id = block.ids[place]
      if let allowing, !allowing(id) { continue }
      best.offer(Best.Candidate(score: scores[place], id: id, row: UInt32(first + place)))
      threshold = best.threshold
    }
  }

  /// Scores candidates one by one, puts them in order and keeps the first of each id.
  func ranked(
    _ candidates: [Best.Candidate], in view: View, _ query: UnsafePointer<Float>, count: Int
  ) -> [VectorIndex.Match] {
    var matches: [VectorIndex.Match] = []
    matches.reserveCapacity(candidates.count)
    for candidate in candidates {
      let score = view.withRow(Int(candidate.row)) { block, place in
        metric.score(block.vectors + place * dimensions, query, dimensions: dimensions)
      }
      matches.append(VectorIndex.Match(id: candidate.id, score: score))
    }
    return VectorIndex.merged(matches, count: count)
  }
}
