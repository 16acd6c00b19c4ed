import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// # Vectors in one byte a dimension
///
/// 1. A component x becomes the code round(x · scale), held to -127…127, with one scale for the whole
///    index, chosen from the data so that all but the rarest components fit. For vectors of 384
///    dimensions the score of two codes is off by about 0.002 from the cosine: too coarse to rank the
///    best ten, ample to find the hundred they are among.
/// 2. Codes are stored with 128 added, as unsigned bytes, because the fastest instruction multiplies
///    unsigned by signed: Σ(c + 128)q = Σcq + 128·Σq. The last term is the same for all rows asked
///    about; it is subtracted once per score.
/// 3. Codes are compared by distance: -|a - b|² / 2 = ab - |a|²/2 - |b|²/2, with half the squared length
///    of each row's code kept beside it. Everything is a 32-bit integer, and nearer is always higher.
///    For vectors of length 1 this is the order of the cosine; their codes are not quite of one length,
///    and by their product alone near copies would all take the longest of them for their nearest. Only
///    the inner product, which is no distance, is compared as a product.
/// 4. At single precision the "code" is the vector, and a float score is turned into the integer with
///    the same order, so that the walk through the graph is one and the same.
final class Codes: @unchecked Sendable {
  // SAFETY: a row's code is written by the one writer before any link leads to the row, and is
  // constant from then on; the memory lives as long as this object.

  let metric: VectorIndex.Metric
  let precision: VectorIndex.Parameters.Precision
  let dimensions: Int
  let scale: Float
  /// Bytes from one code to the next: whole cache lines for 8-bit codes, so that none is fetched twice.
  let stride: Int
  let capacity: Int
  let base: UnsafeMutablePointer<UInt8>
  /// Half the squared length of each 8-bit code, unless the metric is the inner product.
  let halfSquares: UnsafeMutablePointer<Int32>?
  private let memory: [Memory]

  init(
    metric: VectorIndex.Metric, precision: VectorIndex.Parameters.Precision, dimensions: Int,
    scale: Float, capacity: Int
  ) {
    self.metric = metric
    self.precision = precision
    self.dimensions = dimensions
    self.scale = scale
    self.capacity = capacity
    stride = Codes.stride(dimensions: dimensions, precision: precision)
    let codes = Memory(byteCount: capacity * stride)
    base = codes.base.bindMemory(to: UInt8.self, capacity: capacity * stride)
    guard Codes.keepsHalfSquares(metric, precision) else {
      halfSquares = nil
      memory = [codes]
      return
    }
    let squares = Memory(byteCount: capacity * MemoryLayout<Int32>.stride)
    halfSquares = squares.base.bindMemory(to: Int32.self, capacity: capacity)
    memory = [codes, squares]
  }

  /// Codes that lie in memory already, with no room for more.
  init(
    metric: VectorIndex.Metric, precision: VectorIndex.Parameters.Precision, dimensions: Int,
    scale: Float, rowCount: Int, base: UnsafeMutablePointer<UInt8>,
    halfSquares: UnsafeMutablePointer<Int32>, in memory: Memory
  ) {
    self.metric = metric
    self.precision = precision
    self.dimensions = dimensions
    self.scale = scale
    self.capacity = rowCount
    stride = Codes.stride(dimensions: dimensions, precision: precision)
    self.base = base
    self.halfSquares = Codes.keepsHalfSquares(metric, precision) ? halfSquares : nil
    self.memory = [memory]
  }

  static func keepsHalfSquares(
    _ metric: VectorIndex.Metric, _ precision: VectorIndex.Parameters.Precision
  ) -> Bool {
    metric != .innerProduct && precision == .int8
  }

  static func stride(dimensions: Int, precision: VectorIndex.Parameters.Precision) -> Int {
    switch precision {
    case .int8: (dimensions + 63) / 64 * 64
    case .float32: dimensions * MemoryLayout<Float>.stride
    }
  }

  /// Writes the code of a vector.
  func write(_ vector: UnsafePointer<Float>, at row: Int) {
    let code = base + row * stride
    switch precision {
    case .int8:
      encode(vector, into: code)
      halfSquares?[row] = withQuery(row: row) { $0.halfSquare }
    case .float32:
      UnsafeMutableRawPointer(code).copyMemory(from: vector, byteCount: stride)
    }
  }

  private func encode(_ vector: UnsafePointer<Float>, into code: UnsafeMutablePointer<UInt8>) {
    distance_encode(vector, dimensions, scale, code)
    (code + dimensions).update(repeating: 128, count: stride - dimensions)
  }

  /// Codes of the same kind, with room for `capacity` rows and none yet.
  func emptied(capacity: Int) -> Codes {
    Codes(metric: metric, precision: precision, dimensions: dimensions, scale: scale, capacity: capacity)
  }

  /// Copies the first rows of codes of the same kind.
  func copy(_ rowCount: Int, from other: Codes) {
    base.update(from: other.base, count: rowCount * stride)
    if let halfSquares, let source = other.halfSquares { halfSquares.update(from: source, count: rowCount) }
  }

  /// Copies one row of codes of the same kind.
  func copy(row source: Int, from other: Codes, to row: Int) {
    (base + row * stride).update(from: other.base + source * stride, count: stride)
    if let halfSquares, let squares = other.halfSquares { halfSquares[row] = squares[source] }
  }

  func areEqual(_ a: Int, _ b: Int) -> Bool {
    memcmp(base + a * stride, base + b * stride, stride) == 0
  }

  /// A number that is the same for equal codes and rarely for others (FNV-1a by words).
  func hash(_ row: Int) -> UInt64 {
    let words = UnsafeRawPointer(base + row * stride)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for offset in Swift.stride(from: 0, to: stride, by: 4) {
      hash = (hash ^ UInt64(words.load(fromByteOffset: offset, as: UInt32.self))) &* 0x100_0000_01b3
    }
    return hash
  }

  @inline(__always)
  func prefetch(_ row: UInt32) {
    distance_prefetch(base + Int(row) * stride, stride)
  }
}

/// The side of a comparison that is held while rows are scored against it.
struct CodedQuery {
  /// Signed codes, or the vector's floats.
  let code: UnsafeRawPointer
  /// What is to be subtracted from a product to make it a score (step 2 and 3 above).
  let offset: Int32
  let halfSquare: Int32
}

extension Codes {
  /// Lends a vector as a query.
  func withQuery<R>(_ vector: UnsafePointer<Float>, _ body: (CodedQuery) -> R) -> R {
    switch precision {
    case .float32: return body(CodedQuery(code: vector, offset: 0, halfSquare: 0))
    case .int8:
      return withUnsafeTemporaryAllocation(byteCount: stride, alignment: 64) { buffer in
        let code = buffer.bindMemory(to: UInt8.self)
        guard let address = code.baseAddress else { preconditionFailure("dimensions are at least 1") }
        encode(vector, into: address)
        return withSigned(address, body)
      }
    }
  }

  /// Lends a stored row as a query.
  @inline(__always)
  func withQuery<R>(row: Int, _ body: (CodedQuery) -> R) -> R {
    switch precision {
    case .float32: body(CodedQuery(code: base + row * stride, offset: 0, halfSquare: 0))
    case .int8: withSigned(base + row * stride, body)
    }
  }

  @inline(__always)
  private func withSigned<R>(_ code: UnsafePointer<UInt8>, _ body: (CodedQuery) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: stride, alignment: 64) { buffer in
      guard let signed = buffer.bindMemory(to: Int8.self).baseAddress else {
        preconditionFailure("dimensions are at least 1")
      }
      let sum = distance_signed(code, stride, signed)
      var halfSquare: Int32 = 0
      if metric != .innerProduct {
        var first: UInt32 = 0
        distance_dot_codes(code, stride, &first, 1, signed, &halfSquare)
        halfSquare = (halfSquare - 128 * sum) / 2
      }
      return body(CodedQuery(code: signed, offset: 128 * sum + halfSquare, halfSquare: halfSquare))
    }
  }

  /// The scores of some rows against the query: integers that only compare, higher is nearer.
  @inline(__always)
  func score(
    _ rows: UnsafePointer<UInt32>, count: Int, _ query: CodedQuery, into scores: UnsafeMutablePointer<Int32>
  ) {
    switch precision {
    case .int8:
      distance_dot_codes(
        base, stride, rows, count, query.code.assumingMemoryBound(to: Int8.self), scores)
      if let halfSquares {
        for i in 0..<count { scores[i] -= query.offset + halfSquares[Int(rows[i])] }
      } else {
        for i in 0..<count { scores[i] -= query.offset }
      }
    case .float32:
      scoreFloats(rows, count: count, query, into: scores)
    }
  }

  private func scoreFloats(
    _ rows: UnsafePointer<UInt32>, count: Int, _ query: CodedQuery, into scores: UnsafeMutablePointer<Int32>
  ) {
    let floats = UnsafeRawPointer(base).assumingMemoryBound(to: Float.self)
    let vector = query.code.assumingMemoryBound(to: Float.self)
    scores.withMemoryRebound(to: Float.self, capacity: count) { results in
      switch metric {
      case .cosine, .innerProduct:
        distance_dot_scattered(floats, dimensions, rows, count, vector, results)
      case .squaredEuclidean:
        distance_squared_euclidean_scattered(floats, dimensions, rows, count, vector, results)
        for i in 0..<count { results[i] = -results[i] }
      }
    }
    for i in 0..<count { scores[i] = Codes.ordered(scores[i]) }
  }

  /// The bits of a float as an integer of the same order.
  ///
  /// A float's bits are sign and size, an integer's two's complement: a negative float has its size turned.
  @inline(__always)
  private static func ordered(_ bits: Int32) -> Int32 {
    bits ^ ((bits >> 31) & 0x7fff_ffff)
  }
}
