import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// # Vectors in four bits a dimension, or eight
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
/// 4. A walk waits for memory, so the fewer bytes a code has the faster it is. Of the 8-bit code the upper
///    four bits are kept, the *nibble*; it stands for the middle of the codes it may have been. The scale is
///    the one that loses least in four bits, and the query keeps all eight. A score is then off by 0.006 of
///    the cosine at 384 dimensions. Data that lose too much by it (`CodeScale`) keep eight bits.
/// 5. At single precision the "code" is the vector, and a float score is turned into the integer with
///    the same order, so that the walk through the graph is one and the same.
final class Codes: @unchecked Sendable {
  // SAFETY: a row's code is written by the one writer before any link leads to the row, and is
  // constant from then on; the memory lives as long as this object.

  /// How a component is kept.
  enum Kind: Int, CaseIterable {
    case nibble, byte, float
  }

  let metric: VectorIndex.Metric
  let kind: Kind
  let dimensions: Int
  let scale: Float
  /// Bytes from one code to the next: whole cache lines for whole numbers, so that none is fetched twice.
  let stride: Int
  let capacity: Int
  let base: UnsafeMutablePointer<UInt8>
  /// Half the squared length of each code of whole numbers, unless the metric is the inner product.
  let halfSquares: UnsafeMutablePointer<Int32>?
  private let memory: [Memory]

  init(
    metric: VectorIndex.Metric, kind: Kind, dimensions: Int, scale: Float, capacity: Int
  ) throws(IndexError) {
    self.metric = metric
    self.kind = kind
    self.dimensions = dimensions
    self.scale = scale
    self.capacity = capacity
    stride = kind.stride(dimensions: dimensions)
    let codes = try Memory(byteCount: capacity * stride)
    base = codes.base.bindMemory(to: UInt8.self, capacity: capacity * stride)
    guard Codes.keepsHalfSquares(metric, kind) else {
      halfSquares = nil
      memory = [codes]
      return
    }
    let squares = try Memory(byteCount: capacity * MemoryLayout<Int32>.stride)
    halfSquares = squares.base.bindMemory(to: Int32.self, capacity: capacity)
    memory = [codes, squares]
  }

  /// Codes that lie in memory already, with no room for more.
  init(
    metric: VectorIndex.Metric, kind: Kind, dimensions: Int, scale: Float, rowCount: Int,
    base: UnsafeMutablePointer<UInt8>, halfSquares: UnsafeMutablePointer<Int32>, in memory: Memory
  ) {
    self.metric = metric
    self.kind = kind
    self.dimensions = dimensions
    self.scale = scale
    self.capacity = rowCount
    stride = kind.stride(dimensions: dimensions)
    self.base = base
    self.halfSquares = Codes.keepsHalfSquares(metric, kind) ? halfSquares : nil
    self.memory = [memory]
  }

  static func keepsHalfSquares(_ metric: VectorIndex.Metric, _ kind: Kind) -> Bool {
    metric != .innerProduct && kind != .float
  }

  /// Writes the code of a vector.
  func write(_ vector: UnsafePointer<Float>, at row: Int) {
    let code = base + row * stride
    switch kind {
    case .nibble: withBytes(of: vector) { distance_pack_nibbles($0, stride, code) }
    case .byte: encode(vector, into: code)
    case .float: return UnsafeMutableRawPointer(code).copyMemory(from: vector, byteCount: stride)
    }
    halfSquares?[row] = withQuery(row: row) { $0.halfSquare }
  }

  /// Lends the vector in one byte a dimension.
  private func withBytes<R>(of vector: UnsafePointer<Float>, _ body: (UnsafePointer<UInt8>) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: kind.signedCount(stride), alignment: 64) { buffer in
      guard let code = buffer.bindMemory(to: UInt8.self).baseAddress else {
        preconditionFailure("dimensions are at least 1")
      }
      encode(vector, into: code)
      return body(code)
    }
  }

  /// Fills up to the whole lines with what stands for 0.
  private func encode(_ vector: UnsafePointer<Float>, into code: UnsafeMutablePointer<UInt8>) {
    distance_encode(vector, dimensions, scale, code)
    (code + dimensions).update(repeating: 128, count: kind.signedCount(stride) - dimensions)
  }

  /// Codes of the same kind, with room for `capacity` rows and none yet.
  func emptied(capacity: Int) throws(IndexError) -> Codes {
    try Codes(metric: metric, kind: kind, dimensions: dimensions, scale: scale, capacity: capacity)
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

extension Codes.Kind {
  func stride(dimensions: Int) -> Int {
    switch self {
    case .nibble: (dimensions + 127) / 128 * 64
    case .byte: (dimensions + 63) / 64 * 64
    case .float: dimensions * MemoryLayout<Float>.stride
    }
  }

  /// How many numbers a code of whole numbers unpacks to.
  fileprivate func signedCount(_ stride: Int) -> Int { self == .nibble ? 2 * stride : stride }
}

extension Codes {
  /// Lends a vector as a query.
  func withQuery<R>(_ vector: UnsafePointer<Float>, _ body: (CodedQuery) -> R) -> R {
    switch kind {
    case .float: body(CodedQuery(code: vector, offset: 0, halfSquare: 0))
    case .nibble, .byte:
      withBytes(of: vector) { code in
        withSigned { body(query(distance_signed(code, kind.signedCount(stride), $0), $0)) }
      }
    }
  }

  /// Lends a stored row as a query.
  @inline(__always)
  func withQuery<R>(row: Int, _ body: (CodedQuery) -> R) -> R {
    guard kind != .float else { return body(CodedQuery(code: base + row * stride, offset: 0, halfSquare: 0)) }
    return withSigned { body(query(row: row, in: $0)) }
  }

  /// A stored row as a query, unpacked into `signed`: room for a number for each of `maximumDimensions`, on a
  /// cache line. For those who need many, one after the other: lending takes memory from the heap each time.
  @inline(__always)
  func query(row: Int, in signed: UnsafeMutablePointer<Int8>) -> CodedQuery {
    let code = base + row * stride
    return switch kind {
    case .nibble: query(distance_signed_nibbles(code, stride, signed), signed)
    case .byte: query(distance_signed(code, stride, signed), signed)
    case .float: CodedQuery(code: code, offset: 0, halfSquare: 0)
    }
  }

  @inline(__always)
  private func query(_ sums: distance_sums, _ signed: UnsafePointer<Int8>) -> CodedQuery {
    let halfSquare = metric == .innerProduct ? 0 : sums.squares / 2
    let zero: Int32 = kind == .nibble ? 120 : 128
    return CodedQuery(code: signed, offset: zero * sums.sum + halfSquare, halfSquare: halfSquare)
  }

  @inline(__always)
  private func withSigned<R>(_ body: (UnsafeMutablePointer<Int8>) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: kind.signedCount(stride), alignment: 64) { buffer in
      guard let signed = buffer.bindMemory(to: Int8.self).baseAddress else {
        preconditionFailure("dimensions are at least 1")
      }
      return body(signed)
    }
  }

  /// The scores of some rows against the query: integers that only compare, higher is nearer.
  ///
  /// - Parameter next: rows that are to be on their way into the cache meanwhile; without them, those of
  ///   `rows` that come four places later.
  @inline(__always)
  func score(
    _ rows: UnsafePointer<UInt32>, count: Int, _ query: CodedQuery, into scores: UnsafeMutablePointer<Int32>,
    fetching next: UnsafeBufferPointer<UInt32>? = nil
  ) {
    guard kind != .float else { return scoreFloats(rows, count: count, query, into: scores) }
    let task = distance_rows(
      codes: base, stride: stride, numbers: rows, count: count, next: next?.baseAddress ?? rows + 4,
      next_count: next?.count ?? max(count - 4, 0))
    let signed = query.code.assumingMemoryBound(to: Int8.self)
    if kind == .nibble {
      distance_dot_nibbles(task, signed, scores)
      for i in 0..<count { scores[i] &*= 16 }
    } else {
      distance_dot_codes(task, signed, scores)
    }
    if let halfSquares {
      for i in 0..<count { scores[i] &-= query.offset &+ halfSquares[Int(rows[i])] }
    } else {
      for i in 0..<count { scores[i] &-= query.offset }
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
