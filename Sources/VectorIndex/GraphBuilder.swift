/// Brings a graph up to the rows of a view.
struct GraphBuilder {
  let view: View
  let parameters: VectorIndex.Parameters

  /// The smallest graph has room for this many rows; what is not used takes no memory.
  private static let smallestCapacity = 1 << 14

  /// A graph over all rows of the view.
  func build(dimensions: Int, metric: VectorIndex.Metric) throws(IndexError) -> Graph {
    let scale = CodeScale(
      parameters.precision, for: sampled(dimensions: dimensions), dimensions: dimensions)
    let codes = try Codes(
      metric: metric, kind: scale.kind, dimensions: dimensions, scale: scale.scale,
      capacity: max(GraphBuilder.smallestCapacity, 2 * view.rowCount))
    let graph = try Graph(codes: codes, linksPerRow: parameters.linksPerRow)
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
