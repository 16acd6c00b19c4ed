/// Brings a graph up to the rows of a view.
struct GraphBuilder {
  let view: View
  let parameters: VectorIndex.Parameters

  /// The smallest graph has room for this many rows; what is not used takes no memory.
  private static let smallestCapacity = 1 << 14

  /// A graph over all rows of the view.
  func build(dimensions: Int, metric: VectorIndex.Metric) -> Graph {
    let codes = Codes(
      metric: metric, precision: parameters.precision, dimensions: dimensions,
      scale: scale(dimensions: dimensions),
      capacity: max(GraphBuilder.smallestCapacity, 2 * view.rowCount))
    let graph = Graph(codes: codes, linksPerRow: parameters.linksPerRow)
    extend(graph)
    return graph
  }

  /// Encodes and links the rows of the view that the graph does not have yet.
  func extend(_ graph: Graph) {
    let first = graph.rowCount
    let view = view
    let dimensions = graph.codes.dimensions
    for row in first..<view.rowCount {
      let id = view.withRow(row) { block, place in block.ids[place] }
      _ = graph.append(level: GraphInserter.level(of: id, parameters))
    }
    Workers.run(first..<view.rowCount, threadCount: parameters.threadCount) { row in
      view.withRow(row) { block, place in
        graph.codes.write(block.vectors + place * dimensions, at: row)
      }
    }
    let inserter = GraphInserter(graph: graph, parameters: parameters)
    var start = first
    while start < view.rowCount {
      let size = GraphInserter.roundSize(existing: start, remaining: view.rowCount - start)
      inserter.link(start..<start + size)
      start += size
    }
  }

  /// The scale that loses least: of the largest component of a sample and ever smaller ones, that whose
  /// codes differ least from the sample in the sum of squares. Smaller steps are paid for by the
  /// components that no longer fit.
  private func scale(dimensions: Int) -> Float {
    let sample = sampled(dimensions: dimensions)
    let largest = sample.reduce(Float(0)) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return 1 }
    var best: (scale: Float, loss: Double) = (127 / largest, .infinity)
    for attempt in 0..<GraphBuilder.scaleAttempts {
      let scale = best.scale * (attempt == 0 ? 1 : GraphBuilder.scaleStep)
      guard scale.isFinite else { break }
      let loss = sample.reduce(0.0) { sum, value in
        let code = min(max(value * scale, -127), 127).rounded()
        let error = Double(value - code / scale)
        return sum + error * error
      }
      guard loss < best.loss else { break }
      best = (scale, loss)
    }
    return best.scale
  }

  private static let scaleStep: Float = 1.05
  private static let scaleAttempts = 64

  /// Components of rows spread over the view.
  private func sampled(dimensions: Int) -> [Float] {
    let rowCount = min(view.rowCount, max(1, (1 << 17) / dimensions))
    return (0..<rowCount).flatMap { i in
      view.withRow(i * view.rowCount / rowCount) { block, place in
        Array(UnsafeBufferPointer(start: block.vectors + place * dimensions, count: dimensions))
      }
    }
  }
}
