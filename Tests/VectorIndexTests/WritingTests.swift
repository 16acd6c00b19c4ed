import Testing
import VectorIndex

@Suite("Inserting and removing")
struct WritingTests {
  @Test("a batch is found, by exact search, before the graph it makes necessary is built")
  func foundBeforeLinked() throws {
    var random = Random(seed: 83)
    let vectors = random.vectors(200, dimensions: 8)
    var batch = VectorIndex.Batch(dimensions: 8)
    for (id, vector) in numbered(vectors) { try batch.append(id: id, vector) }
    let index = try graphIndex(dimensions: 8)
    var calls = 0
    try index.insert(batch) {
      calls += 1
      #expect(index.footprint.walkBytes == 0)
      let found = vectors.map { try? index.search($0, count: 1).first?.id }
      #expect(found == vectors.indices.map(Int64.init))
    }
    #expect(calls == 1)
    #expect(index.footprint.walkBytes > 0)
  }

  @Test("a second vector under an id takes the place of the first")
  func replaces() throws {
    let index = try VectorIndex(dimensions: 2)
    try index.insert([(id: 1, vector: [1, 0]), (id: 2, vector: [0, 1])])
    try index.insert([(id: 1, vector: [0, 1]), (id: 1, vector: [-1, 0])])
    #expect(index.count == 2)
    #expect(try index.search([1, 0], count: 2) == [.init(id: 2, score: 0), .init(id: 1, score: -1)])
  }

  @Test("removed ids never come back, through any number of insertions, removals and replacements")
  func modelledByDictionary() throws {
    var random = Random(seed: 42)
    let index = try VectorIndex(dimensions: 6, metric: .squaredEuclidean)
    var model: [Int64: [Float]] = [:]
    for _ in 0..<400 {
      let id = Int64.random(in: 0..<500, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        let ids = (id..<id + 40).filter { $0 % 2 == 0 }
        index.remove(ids)
        for id in ids { model[id] = nil }
      default:
        let rows = (id..<id + 30).map { (id: $0, vector: random.vector(6)) }
        try index.insert(rows)
        for row in rows { model[row.id] = row.vector }
      }
      #expect(index.count == model.count, "\(random)")
    }
    #expect(Set(index.ids) == Set(model.keys), "\(random)")
    let query = random.vector(6)
    let expected =
      model
      .map { VectorIndex.Match(id: $0.key, score: Float(plainScore($0.value, query, .squaredEuclidean))) }
      .sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    #expect(try index.search(query, count: .max).map(\.id) == expected.map(\.id), "\(random)")
  }

  @Test("bytes and floats are the same door, at any alignment")
  func bytes() throws {
    var random = Random(seed: 1)
    let vectors = random.vectors(50, dimensions: 5)
    let index = try VectorIndex(dimensions: 5, metric: .innerProduct)
    var batch = VectorIndex.Batch(dimensions: 5)
    for (id, vector) in vectors.enumerated() {
      let bits: [UInt32] = vector.map(\.bitPattern.littleEndian)
      let bytes: [UInt8] = [0] + bits.withUnsafeBytes { Array($0) }
      try bytes.withUnsafeBytes { bytes in
        try batch.append(id: Int64(id), bytes: UnsafeRawBufferPointer(rebasing: bytes[1...]))
      }
    }
    try index.insert(batch)
    let query = random.vector(5)
    let expected = plainSearch(query, in: vectors, metric: .innerProduct, count: 50)
    #expect(try index.search(query, count: 50).map(\.id) == expected.map(\.id))
  }

  @Test("what cannot be compared is refused, and a refused insertion changes nothing")
  func refusals() throws {
    #expect(throws: IndexError.unusableDimensions(0)) { try VectorIndex(dimensions: 0) }
    #expect(throws: IndexError.unusableDimensions(4097)) { try VectorIndex(dimensions: 4097) }
    let index = try VectorIndex(dimensions: 2)
    #expect(throws: IndexError.wrongDimensions(expected: 2, found: 3)) {
      try index.insert([(id: 1, vector: [1, 0]), (id: 2, vector: [1, 0, 0])])
    }
    for bad in [Float.nan, -.nan, .infinity, -.infinity, .signalingNaN] {
      #expect(throws: IndexError.notFinite(id: 2)) {
        try index.insert([(id: 1, vector: [1, 0]), (id: 2, vector: [bad, 0])])
      }
      #expect(throws: IndexError.notFinite(id: nil)) { try index.search([0, bad], count: 1) }
    }
    #expect(throws: IndexError.wrongDimensions(expected: 2, found: 1)) { try index.search([0], count: 1) }
    #expect(index.count == 0)
  }

  @Test("readers search while a writer inserts, replaces and removes")
  func concurrentReaders() async throws {
    let index = try VectorIndex(dimensions: 16)
    var random = Random(seed: 5)
    let keepers = random.vectors(200, dimensions: 16)
    try index.insert(keepers.enumerated().map { (id: Int64($0.offset), vector: $0.element) })
    await withTaskGroup(of: Void.self) { group in
      for reader in 0..<3 {
        group.addTask {
          for round in 0..<200 {
            let wanted = (reader * 67 + round) % keepers.count
            let found = try? index.search(keepers[wanted], count: 1)
            #expect(found?.first?.id == Int64(wanted))
          }
        }
      }
      group.addTask {
        var random = Random(seed: 6)
        for round in 0..<100 {
          let first = Int64(1000 + round % 7 * 50)
          try? index.insert((first..<first + 50).map { (id: $0, vector: random.vector(16)) })
          index.remove((first..<first + 50).filter { $0 % 3 == 0 })
        }
      }
    }
    #expect(Set(index.ids).isSuperset(of: (0..<200).map(Int64.init)))
  }
}
