extension VectorIndex {
  /// Vectors on their way into an index: checked one by one as they are appended, so that an
  /// insertion as a whole either happens or never began.
  public struct Batch: Sendable {
    public let dimensions: Int
    public private(set) var ids: [Int64] = []
    /// The rows one after the other, `dimensions` values each.
    private(set) var values: [Float] = []

    public var count: Int { ids.count }

    public init(dimensions: Int) {
      self.dimensions = dimensions
    }

    /// Makes room for `count` vectors, so that appending them moves none.
    public mutating func reserveCapacity(_ count: Int) {
      ids.reserveCapacity(count)
      values.reserveCapacity(count * dimensions)
    }

    /// Adds one vector.
    ///
    /// - Throws: `wrongDimensions`, or `notFinite` for a NaN or an infinity; the batch is then unchanged.
    public mutating func append(id: Int64, _ vector: [Float]) throws(IndexError) {
      guard vector.count == dimensions else {
        throw .wrongDimensions(expected: dimensions, found: vector.count)
      }
      values.append(contentsOf: vector)
      try keepLast(id: id)
    }

    /// Adds one vector from its bytes: little-endian 32-bit floats, as SQLite stores them, at any alignment.
    ///
    /// - Throws: `wrongDimensions`, or `notFinite` for a NaN or an infinity; the batch is then unchanged.
    public mutating func append(id: Int64, bytes: UnsafeRawBufferPointer) throws(IndexError) {
      let width = MemoryLayout<Float>.size
      guard bytes.count == dimensions * width else {
        throw .wrongDimensions(expected: dimensions, found: bytes.count / width)
      }
      let start = values.count
      values.append(contentsOf: repeatElement(0, count: dimensions))
      values.withUnsafeMutableBytes { values in
        UnsafeMutableRawBufferPointer(rebasing: values[(start * width)...]).copyMemory(from: bytes)
      }
      #if _endian(big)
        for i in start..<values.count {
          values[i] = Float(bitPattern: UInt32(littleEndian: values[i].bitPattern))
        }
      #endif
      try keepLast(id: id)
    }

    /// Accepts the row just written, or takes it away again.
    ///
    /// Without its sign bit, a float's bits grow with its size, and infinity and NaN come last: one
    /// integer maximum over the row finds both.
    private mutating func keepLast(id: Int64) throws(IndexError) {
      let largest = values[(values.count - dimensions)...].reduce(UInt32(0)) { largest, value in
        max(largest, value.bitPattern & 0x7fff_ffff)
      }
      guard largest < Float.infinity.bitPattern else {
        values.removeLast(dimensions)
        throw .notFinite(id: id)
      }
      ids.append(id)
    }
  }
}
