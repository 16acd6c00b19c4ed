import Testing
import VectorIndex

@Suite("Exact search")
struct ExactSearchTests {
  @Test(
    "finds what a plain sort of all scores finds, for every metric",
    arguments: VectorIndex.Metric.allCases)
  func agreesWithDefinition(metric: VectorIndex.Metric) throws {
    for (dimensions, count) in [(1, 5), (3, 100), (17, 1023), (384, 2100)] {
      var random = Random(seed: UInt64(dimensions))
      let vectors = random.vectors(count, dimensions: dimensions)
      let index = try VectorIndex(dimensions: dimensions, metric: metric)
      try index.insert(vectors.enumerated().map { (id: Int64($0.offset), vector: $0.element) })
      for _ in 0..<5 {
        let query = random.vector(dimensions)
        let expected = plainSearch(query, in: vectors, metric: metric, count: 10)
        let found = try index.search(query, count: 10)
        #expect(found.map(\.id) == expected.map(\.id), "\(random)")
        for (a, b) in zip(found, expected) {
          #expect(abs(a.score - b.score) <= 1e-4 * max(1, abs(b.score)), "\(random)")
        }
      }
    }
  }

  @Test("equal vectors come in order of id, wherever they lie")
  func tiesAreBrokenByID() throws {
    var random = Random(seed: 7)
    let index = try VectorIndex(dimensions: 33)
    let twin = random.vector(33)
    let ids = (0..<20).map { Int64($0 * 37 % 20) }
    for id in ids {
      try index.insert([(id: id, vector: twin), (id: 1000 + id, vector: random.vector(33))])
    }
    #expect(try index.search(twin, count: 20).map(\.id) == Array(0..<20))
  }

  @Test("asking for more than there is gives all, for none gives none, and an empty index nothing")
  func counts() throws {
    let index = try VectorIndex(dimensions: 2)
    #expect(try index.search([1, 0], count: 3).isEmpty)
    try index.insert([(id: 5, vector: [1, 0]), (id: 6, vector: [0, 1])])
    #expect(try index.search([1, 0], count: .max) == [.init(id: 5, score: 1), .init(id: 6, score: 0)])
    #expect(try index.search([1, 0], count: 0).isEmpty)
    #expect(try index.search([1, 0], count: -1).isEmpty)
  }

  @Test("a vector of zeros is stored and scores 0")
  func zeroVector() throws {
    let index = try VectorIndex(dimensions: 3)
    try index.insert([(id: 1, vector: [0, 0, 0]), (id: 2, vector: [-1, 0, 0])])
    #expect(try index.search([1, 0, 0], count: 2) == [.init(id: 1, score: 0), .init(id: 2, score: -1)])
  }

  @Test("very long and very short vectors keep their direction")
  func extremeLengths() throws {
    let index = try VectorIndex(dimensions: 2)
    try index.insert([(id: 1, vector: [3e38, 0]), (id: 2, vector: [0, 1e-38])])
    let found = try index.search([0, 2e38], count: 2)
    #expect(found.map(\.id) == [2, 1])
    #expect(found.map(\.score) == [1, 0])
  }

  @Test("only allowed ids are found, and as many as were asked for")
  func filter() throws {
    var random = Random(seed: 3)
    let index = try VectorIndex(dimensions: 8)
    try index.insert((0..<3000).map { (id: Int64($0), vector: random.vector(8)) })
    let found = try index.search(random.vector(8), count: 30) { $0 % 100 == 7 }
    #expect(found.count == 30)
    #expect(found.allSatisfy { $0.id % 100 == 7 })
  }

  @Test("several indexes are searched as one, and an id in two of them is reported once")
  func merge() throws {
    var random = Random(seed: 11)
    let vectors = random.vectors(300, dimensions: 12)
    let indexes = try (0..<3).map { part in
      let index = try VectorIndex(dimensions: 12, metric: .innerProduct)
      try index.insert((0..<100).map { (id: Int64(part * 100 + $0), vector: vectors[part * 100 + $0]) })
      return index
    }
    try indexes[2].insert([(id: 0, vector: vectors[0])])
    let query = random.vector(12)
    let expected = plainSearch(query, in: vectors, metric: .innerProduct, count: 15)
    #expect(try VectorIndex.search(query, in: indexes, count: 15).map(\.id) == expected.map(\.id))
  }
}
