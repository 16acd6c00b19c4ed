import Testing
import VectorIndex

@Suite("Filters")
struct FilterTests {
  @Test(
    "recall is at least 0.95 whether half of the ids are allowed, a tenth or a hundredth",
    arguments: [2, 10, 100])
  func recall(one inMany: Int64) throws {
    var random = Random(seed: UInt64(inMany))
    let vectors = random.clusteredVectors(8000, dimensions: 24)
    let index = try graphIndex(dimensions: 24)
    let exact = try VectorIndex(dimensions: 24)
    try index.insert(numbered(vectors))
    try exact.insert(numbered(vectors))
    var found = 0
    for query in random.clusteredVectors(40, dimensions: 24) {
      let truth = Set(try exact.search(query, count: 10) { $0 % inMany == 1 }.map(\.id))
      let matches = try index.search(query, count: 10, width: 32) { $0 % inMany == 1 }
      #expect(matches.count == 10)
      #expect(matches.allSatisfy { $0.id % inMany == 1 })
      found += matches.filter { truth.contains($0.id) }.count
    }
    #expect(found >= 380, "\(found) of 400, \(random)")
  }

  @Test("allowed ids that all lie far from the query are found all the same")
  func farAway() throws {
    var random = Random(seed: 41)
    let index = try graphIndex(dimensions: 12)
    let near = random.vectors(3000, dimensions: 12).map { [5 + $0[0]] + $0.dropFirst() }
    let far = random.vectors(3000, dimensions: 12).map { [-5 + $0[0]] + $0.dropFirst() }
    try index.insert(numbered(near + far))
    let query: [Float] = [1] + [Float](repeating: 0, count: 11)
    let matches = try index.search(query, count: 10, width: 10) { $0 >= 3000 }
    let truth = plainSearch(query, in: far, metric: .cosine, count: 10)
    #expect(matches.map { $0.id - 3000 } == truth.map(\.id))
  }

  @Test("a filter that allows nothing finds nothing, one that allows a single id finds it")
  func extremes() throws {
    var random = Random(seed: 42)
    let index = try graphIndex(dimensions: 12)
    try index.insert(numbered(random.vectors(3000, dimensions: 12)))
    #expect(try index.search(random.vector(12), count: 5) { _ in false }.isEmpty)
    #expect(try index.search(random.vector(12), count: 5) { $0 == 1234 }.map(\.id) == [1234])
  }
}
