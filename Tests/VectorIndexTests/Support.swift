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
    (0..<dimensions).map { _ in Float.random(in: -1...1, using: &self) }
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
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
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
