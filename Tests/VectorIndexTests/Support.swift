import VectorIndex

/// SplitMix64: the same numbers for the same seed on every machine. Printed, it is its seed.
struct Random: RandomNumberGenerator, CustomStringConvertible {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  var description: String { "seed \(seed)" }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func vector(_ dimensions: Int) -> [Float] {
    (0..<dimensions).map { _ in Float(Int32(truncatingIfNeeded: next())) / 0x1p31 }
  }

  mutating func vectors(_ count: Int, dimensions: Int) -> [[Float]] {
    (0..<count).map { _ in vector(dimensions) }
  }
}

/// Search by its definition: every score in double precision, sorted.
func plainSearch(
  _ query: [Float], in vectors: [[Float]], metric: VectorIndex.Metric, count: Int
) -> [VectorIndex.Match] {
  let matches = vectors.enumerated().map { (id, vector) in
    VectorIndex.Match(id: Int64(id), score: Float(plainScore(vector, query, metric)))
  }
  return Array(matches.sorted { ($1.score, $0.id) < ($0.score, $1.id) }.prefix(count))
}

func plainScore(_ a: [Float], _ b: [Float], _ metric: VectorIndex.Metric) -> Double {
  func dot(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for i in 0..<a.count { sum += Double(a[i]) * Double(b[i]) }
    return sum
  }
  switch metric {
  case .innerProduct: return dot(a, b)
  case .squaredEuclidean:
    let difference = zip(a, b).map { $0 - $1 }
    return -dot(difference, difference)
  case .cosine:
    let lengths = (dot(a, a) * dot(b, b)).squareRoot()
    return lengths == 0 ? 0 : dot(a, b) / lengths
  }
}

extension Random {
  /// Vectors as embeddings lie: in clouds around a few centres.
  mutating func clusteredVectors(_ count: Int, dimensions: Int) -> [[Float]] {
    var centres = Random(seed: 1)
    let around = centres.vectors(20, dimensions: dimensions)
    return (0..<count).map { _ in
      let centre = around[Int.random(in: 0..<around.count, using: &self)]
      return centre.map { $0 + 0.8 * Float(Int32(truncatingIfNeeded: next())) / 0x1p31 }
    }
  }
}

func numbered(_ vectors: [[Float]]) -> [(id: Int64, vector: [Float])] {
  vectors.enumerated().map { (id: Int64($0.offset), vector: $0.element) }
}

/// An index that becomes a graph at 64 ids.
func graphIndex(
  dimensions: Int, metric: VectorIndex.Metric = .cosine,
  precision: VectorIndex.Parameters.Precision = .automatic, threadCount: Int = 2
) throws -> VectorIndex {
  var parameters = VectorIndex.Parameters()
  parameters.exactLimit = 64
  parameters.precision = precision
  parameters.threadCount = threadCount
  return try VectorIndex(dimensions: dimensions, metric: metric, parameters: parameters)
}

/// The share of the ten true nearest that the index finds.
func meanRecall(
  of index: VectorIndex, against exact: VectorIndex, _ queries: [[Float]], width: Int? = nil
) throws -> Double {
  var found = 0
  var wanted = 0
  for query in queries {
    let truth = Set(try exact.search(query, count: 10).map(\.id))
    found += try index.search(query, count: 10, width: width).filter { truth.contains($0.id) }.count
    wanted += truth.count
  }
  return Double(found) / Double(wanted)
}
