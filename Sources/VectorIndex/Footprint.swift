extension VectorIndex {
  /// How many bytes an index takes.
  public struct Footprint: Sendable, Codable, Equatable {
    /// Rows, the dead ones that are not reclaimed yet included.
    public var rowCount: Int
    /// What a walk touches and so belongs into memory: codes and links. 0 without a graph.
    public var walkBytes: Int
    /// The float vectors and ids: all of them are read by exact search, a few by a search of the graph.
    public var vectorBytes: Int
  }

  public var footprint: Footprint {
    let current = currentView
    let rowBytes = dimensions * MemoryLayout<Float>.stride + MemoryLayout<Int64>.stride + 1
    return Footprint(
      rowCount: current.rowCount, walkBytes: current.graph?.byteCount ?? 0,
      vectorBytes: current.rowCount * rowBytes)
  }
}

extension Graph {
  /// What the rows of this graph take, not what is reserved for more.
  var byteCount: Int {
    let link = MemoryLayout<UInt32>.stride
    let code = codes.stride + (codes.halfSquares == nil ? 0 : MemoryLayout<Int32>.stride)
    let ground = 2 * linksPerRow * link
    // Towers, twins and levels.
    let perRow = 2 * link + 1
    return rowCount * (code + ground + perRow) + upperListCount * linksPerRow * link
  }
}
