import Testing
import VectorIndex

@Suite("Deleting and replacing in the graph")
struct CompactionTests {
  @Test(
    "recall after deleting and replacing 30 % three times is within 0.01 of a fresh build",
    arguments: [VectorIndex.Metric.cosine, .squaredEuclidean])
  func recallLasts(metric: VectorIndex.Metric) throws {
    var random = Random(seed: 31)
    let index = try graphIndex(dimensions: 32, metric: metric)
    var vectors = random.clusteredVectors(3000, dimensions: 32)
    try index.insert(numbered(vectors))
    for _ in 0..<3 {
      let chosen = (0..<vectors.count).shuffled(using: &random).prefix(1800)
      index.remove(chosen.prefix(900).map(Int64.init))
      for id in chosen { vectors[id] = random.clusteredVectors(1, dimensions: 32)[0] }
      try index.insert(chosen.map { (id: Int64($0), vector: vectors[$0]) })
      #expect(index.brokenInvariants().isEmpty, "\(random)")
    }
    let fresh = try graphIndex(dimensions: 32, metric: metric)
    let exact = try VectorIndex(dimensions: 32, metric: metric)
    try fresh.insert(numbered(vectors))
    try exact.insert(numbered(vectors))
    let queries = random.clusteredVectors(100, dimensions: 32)
    let lasting = try meanRecall(of: index, against: exact, queries, width: 32)
    let new = try meanRecall(of: fresh, against: exact, queries, width: 32)
    #expect(lasting >= new - 0.01, "\(lasting) against \(new), \(random)")
    #expect(index.count == 3000)
  }

  @Test("the graph never finds what was removed, and finds what was put in its place")
  func modelledByDictionary() throws {
    var random = Random(seed: 32)
    let index = try graphIndex(dimensions: 8)
    var model: [Int64: [Float]] = [:]
    for round in 0..<120 {
      let first = Int64.random(in: 0..<1500, using: &random)
      let ids = (0..<60).map { _ in first + Int64.random(in: 0..<300, using: &random) }
      if round % 3 == 2 {
        index.remove(ids)
        for id in ids { model[id] = nil }
      } else {
        // One vector in ten is a copy of another, so that twins come and go as well.
        let rows = ids.map { id in
          (id: id, vector: id % 10 == 0 ? [1, 2, 3, 4, 5, 6, 7, 8] : random.vector(8))
        }
        try index.insert(rows)
        for row in rows { model[row.id] = row.vector }
      }
      #expect(index.count == model.count, "\(random)")
      #expect(index.brokenInvariants() == [], "round \(round), \(random)")
      let query = random.vector(8)
      for match in try index.search(query, count: 20) {
        let vector = try #require(model[match.id], "id \(match.id) came back, \(random)")
        #expect(abs(Double(match.score) - plainScore(vector, query, .cosine)) < 1e-4, "\(random)")
      }
    }
    let found = try model.values.filter { vector in
      try index.search(vector, count: 1).first?.score ?? 0 > 0.9999
    }
    #expect(found.count * 100 >= model.count * 99, "\(found.count) of \(model.count), \(random)")
    #expect(Set(index.ids) == Set(model.keys))
  }

  @Test("an emptied graph is searched and filled again")
  func emptied() throws {
    var random = Random(seed: 33)
    let index = try graphIndex(dimensions: 5)
    for round in 0..<3 {
      try index.insert((0..<500).map { (id: Int64(round * 500 + $0), vector: random.vector(5)) })
      #expect(try index.search(random.vector(5), count: 3).count == 3)
      index.remove(index.ids)
      #expect(index.count == 0)
      #expect(try index.search(random.vector(5), count: 3).isEmpty)
      #expect(index.brokenInvariants().isEmpty)
    }
  }

  @Test("most rows dead but not yet reclaimed, the living are still found")
  func sparse() throws {
    var random = Random(seed: 34)
    let index = try graphIndex(dimensions: 16)
    try index.insert((0..<2000).map { (id: Int64($0), vector: random.vector(16)) })
    index.remove(0..<1)
    index.remove(1..<480)
    #expect(try index.search(random.vector(16), count: 100, width: 10).count == 100)
    #expect(try index.search(random.vector(16), count: 1520).count == 1520)
  }
}
