import Testing
import VectorIndex

@Suite("The graph")
struct GraphTests {
  @Test(
    "finds at least 95 % of the true ten nearest, for every metric and precision",
    arguments: VectorIndex.Metric.allCases, VectorIndex.Parameters.Precision.allCases)
  func recall(metric: VectorIndex.Metric, precision: VectorIndex.Parameters.Precision) throws {
    for (dimensions, count) in [(2, 600), (20, 1500), (160, 1200)] {
      var random = Random(seed: UInt64(dimensions) + 100)
      let vectors = random.clusteredVectors(count, dimensions: dimensions)
      let index = try graphIndex(dimensions: dimensions, metric: metric, precision: precision)
      let exact = try VectorIndex(dimensions: dimensions, metric: metric)
      try index.insert(numbered(vectors))
      try exact.insert(numbered(vectors))
      #expect(index.brokenInvariants().isEmpty, "\(random)")
      let queries = random.clusteredVectors(50, dimensions: dimensions)
      let recall = try meanRecall(of: index, against: exact, queries)
      #expect(recall >= 0.95, "recall \(recall), \(dimensions) dimensions, \(random)")
    }
  }

  @Test("data that four bits would blur keep eight")
  func precisionFitsTheData() throws {
    var random = Random(seed: 25)
    var vectors = random.vectors(300, dimensions: 128)
    let even = try graphIndex(dimensions: 128)
    try even.insert(numbered(vectors))
    // Components of one size take 64 bytes in four bits; with a few much larger ones they need 128.
    for i in vectors.indices { vectors[i][7] *= 40 }
    let uneven = try graphIndex(dimensions: 128)
    try uneven.insert(numbered(vectors))
    let more = (uneven.footprint.walkBytes - even.footprint.walkBytes) / vectors.count
    #expect((60...68).contains(more), "\(more), \(random)")
  }

  @Test("a result carries the exact score, found exactly or through the graph")
  func scoresAreExact() throws {
    var random = Random(seed: 21)
    let vectors = random.clusteredVectors(800, dimensions: 48)
    let index = try graphIndex(dimensions: 48)
    let exact = try VectorIndex(dimensions: 48)
    try index.insert(numbered(vectors))
    try exact.insert(numbered(vectors))
    let query = random.vector(48)
    let truth = try exact.search(query, count: 800)
    for match in try index.search(query, count: 20) { #expect(truth.contains(match)) }
  }

  @Test("the same insertions give the same graph, on one thread and on several")
  func isDeterministic() throws {
    var random = Random(seed: 22)
    let vectors = random.clusteredVectors(3000, dimensions: 24)
    let queries = random.clusteredVectors(40, dimensions: 24)
    let results = try [1, 2, 3].map { threadCount in
      let index = try graphIndex(dimensions: 24, threadCount: threadCount)
      try index.insert(numbered(vectors))
      return try queries.map { try index.search($0, count: 10, width: 10) }
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test("inserted one by one, in lumps or all at once, recall is the same")
  func growth() throws {
    var random = Random(seed: 23)
    let vectors = random.clusteredVectors(1500, dimensions: 32)
    let exact = try VectorIndex(dimensions: 32)
    try exact.insert(numbered(vectors))
    let queries = random.clusteredVectors(50, dimensions: 32)
    for lump in [1, 7, 400, 1500] {
      let index = try graphIndex(dimensions: 32)
      for start in stride(from: 0, to: vectors.count, by: lump) {
        try index.insert(Array(numbered(vectors)[start..<min(start + lump, vectors.count)]))
      }
      #expect(index.brokenInvariants().isEmpty)
      #expect(try meanRecall(of: index, against: exact, queries) >= 0.97, "lumps of \(lump), \(random)")
    }
  }

  @Test("a thousand copies of one vector are all there and all found")
  func duplicates() throws {
    var random = Random(seed: 24)
    let index = try graphIndex(dimensions: 16)
    let twin = random.vector(16)
    try index.insert((0..<1000).map { (id: Int64($0), vector: twin) })
    #expect(try index.search(twin, count: 10).count == 10)
    try index.insert((1000..<2000).map { (id: Int64($0), vector: random.vector(16)) })
    #expect(try index.search(twin, count: 10).allSatisfy { $0.id < 1000 })
    let far = twin.map { -$0 }
    try index.insert([(id: 5000, vector: far)])
    #expect(try index.search(far, count: 1).map(\.id) == [5000])
    #expect(index.brokenInvariants().isEmpty)
  }

  @Test("a document of near copies is found page by page, inserted at once among others")
  func nearCopies() throws {
    var random = Random(seed: 26)
    let index = try graphIndex(dimensions: 64)
    try index.insert((0..<2000).map { (id: Int64($0), vector: random.vector(64)) })
    let page = random.vector(64)
    let pages = (0..<200).map { _ in zip(page, random.vector(64)).map { $0 + 0.02 * $1 } }
    try index.insert(pages.enumerated().map { (id: Int64(9000 + $0.offset), vector: $0.element) })
    #expect(index.brokenInvariants().isEmpty)
    let found = try pages.enumerated().filter { number, page in
      try index.search(page, count: 1).first?.id == Int64(9000 + number)
    }
    #expect(found.count >= 198)
  }

  @Test("more results than the walk keeps come from exact search")
  func largeCounts() throws {
    var random = Random(seed: 25)
    let index = try graphIndex(dimensions: 8)
    try index.insert(numbered(random.vectors(6000, dimensions: 8)))
    #expect(try index.search(random.vector(8), count: 5500).count == 5500)
    #expect(try index.search(random.vector(8), count: .max, width: .max).count == 6000)
    #expect(try index.search(random.vector(8), count: 300, width: -4).count == 300)
    #expect(try index.search(random.vector(8), count: 0).isEmpty)
  }

  @Test("vectors of zeros do not break the graph")
  func zeros() throws {
    let index = try graphIndex(dimensions: 4)
    try index.insert((0..<500).map { (id: Int64($0), vector: [0, 0, 0, 0]) })
    #expect(try index.search([1, 0, 0, 0], count: 3).map(\.score) == [0, 0, 0])
  }
}
