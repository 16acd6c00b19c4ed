import Testing
import VectorIndex

@Suite("Held against the definition")
struct PropertyTests {
  /// Around whole cache lines of codes, both ends, and whatever the seed gives.
  private static let widths: [Int] = {
    var random = Random(seed: 91)
    let drawn = (0..<6).map { _ in Int.random(in: 1...VectorIndex.maximumDimensions, using: &random) }
    return [1, 2, 15, 64, 65, 127, 128, 384, 1536, 4096] + drawn
  }()

  @Test(
    "at every width from 1 to 4,096 and after any changes, exact search is the definition and the graph is near it",
    arguments: widths)
  func changes(dimensions: Int) throws {
    var random = Random(seed: UInt64(dimensions))
    let metric = VectorIndex.Metric.allCases.randomElement(using: &random) ?? .cosine
    let precision = VectorIndex.Parameters.Precision.allCases.randomElement(using: &random) ?? .automatic
    let exact = try VectorIndex(dimensions: dimensions, metric: metric)
    let graph = try graphIndex(dimensions: dimensions, metric: metric, precision: precision)
    var vectors = random.clusteredVectors(Int.random(in: 70...100, using: &random), dimensions: dimensions)
    for _ in 0..<3 {
      let changed = (0..<vectors.count).shuffled(using: &random).prefix(20)
      for index in [exact, graph] {
        try index.insert(numbered(vectors))
        index.remove(changed.map(Int64.init))
      }
      let others = random.clusteredVectors(changed.count, dimensions: dimensions)
      for (id, other) in zip(changed, others) { vectors[id] = other }
    }
    for index in [exact, graph] { try index.insert(numbered(vectors)) }
    #expect(graph.brokenInvariants() == [], "\(metric), \(precision), \(random)")
    var found = 0
    for query in random.clusteredVectors(3, dimensions: dimensions) {
      let expected = plainSearch(query, in: vectors, metric: metric, count: 10)
      let exactly = try exact.search(query, count: 10)
      for (a, b) in zip(exactly, expected) {
        // At one dimension most cosines are equal but for rounding, and ids follow the rounding.
        #expect(abs(a.score - b.score) <= 1e-4 * max(1, abs(b.score)), "\(metric), \(random)")
        if dimensions > 2 { #expect(a.id == b.id, "\(metric), \(random)") }
      }
      let walked = try graph.search(query, count: 10)
      let all = try exact.search(query, count: vectors.count)
      #expect(walked.count == 10 && walked.allSatisfy(all.contains), "\(metric), \(precision), \(random)")
      let least = (exactly.last?.score ?? 0) - 1e-5
      found += walked.count { $0.score >= least }
    }
    #expect(found >= 28, "\(found) of 30, \(metric), \(precision), \(random)")
  }
}
