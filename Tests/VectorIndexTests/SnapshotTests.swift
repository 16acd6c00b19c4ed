import Foundation
import Testing
import VectorIndex

@Suite("The file")
struct SnapshotTests {
  private let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("vector-index-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  private func path(_ name: String = "index") -> String { directory.appendingPathComponent(name).path }

  @Test(
    "an opened index answers as the saved one did, exact or graph, for every metric and precision",
    arguments: VectorIndex.Metric.allCases, [VectorIndex.Parameters.Precision.int4, .int8, .float32])
  func roundTrip(metric: VectorIndex.Metric, precision: VectorIndex.Parameters.Precision) throws {
    for count in [0, 1, 50, 1024, 1300] {
      var random = Random(seed: UInt64(count) + 50)
      let index = try graphIndex(dimensions: 130, metric: metric, precision: precision)
      try index.insert(numbered(random.clusteredVectors(count, dimensions: 130)))
      index.remove([3, 4, 5])
      try index.save(to: path("\(metric)\(precision)"), lastChange: -77)
      let opened = try VectorIndex(path: path("\(metric)\(precision)"))
      #expect(opened.openedChange == -77)
      #expect(opened.parameters == index.parameters)
      #expect(opened.metric == metric)
      #expect(opened.count == index.count)
      #expect(Set(opened.ids) == Set(index.ids))
      #expect(opened.brokenInvariants() == index.brokenInvariants())
      for query in random.clusteredVectors(10, dimensions: 130) {
        #expect(try opened.search(query, count: 10) == index.search(query, count: 10), "\(random)")
      }
    }
  }

  @Test("an opened index goes on: inserts, replaces, removes, is saved over its own file and opened again")
  func goesOn() throws {
    var random = Random(seed: 51)
    let vectors = random.clusteredVectors(1800, dimensions: 16)
    let exact = try VectorIndex(dimensions: 16)
    try exact.insert(numbered(vectors))
    let first = try graphIndex(dimensions: 16)
    try first.insert(Array(numbered(vectors)[0..<1000]))
    try first.save(to: path())
    for start in stride(from: 1000, to: 1800, by: 200) {
      let index = try VectorIndex(path: path())
      try index.insert(Array(numbered(vectors)[start..<start + 200]))
      index.remove([Int64(start)])
      try index.insert([(id: Int64(start), vector: vectors[start])])
      try index.save(to: path(), lastChange: Int64(start))
    }
    let last = try VectorIndex(path: path())
    #expect(last.count == 1800)
    #expect(last.brokenInvariants() == [])
    let queries = random.clusteredVectors(50, dimensions: 16)
    #expect(try meanRecall(of: last, against: exact, queries) >= 0.98)
  }

  @Test("each of 200 flipped bits is found, and none stops the program")
  func bitFlips() throws {
    var random = Random(seed: 52)
    let index = try graphIndex(dimensions: 24)
    try index.insert(numbered(random.clusteredVectors(1500, dimensions: 24)))
    try index.save(to: path())
    let original = try Data(contentsOf: URL(fileURLWithPath: path()))
    let query = random.vector(24)
    for _ in 0..<200 {
      var bytes = original
      let bit = Int.random(in: 0..<bytes.count * 8, using: &random)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: URL(fileURLWithPath: path("flipped")))
      #expect(throws: IndexError.self, "bit \(bit), \(random)") {
        try VectorIndex.verifyFile(path("flipped"))
      }
      // Opened without the full check, a flip in vectors or codes may pass, but is searched safely.
      if let opened = try? VectorIndex(path: path("flipped")) {
        _ = try opened.search(query, count: 10)
      }
    }
  }

  @Test("links that lead anywhere stop no search and no writer, and the full check finds them")
  func wildLinks() throws {
    var random = Random(seed: 54)
    let vectors = random.clusteredVectors(1500, dimensions: 24)
    let index = try graphIndex(dimensions: 24)
    try index.insert(numbered(vectors))
    try index.save(to: path())
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path()))
    // Word 32 + 3 · 5 of the header says where the ground links lie, the next how many bytes they are.
    let (start, count) = bytes.withUnsafeBytes {
      ($0.load(fromByteOffset: 47 * 8, as: Int.self), $0.load(fromByteOffset: 48 * 8, as: Int.self))
    }
    for _ in 0..<count / 8 {
      let place = start + Int.random(in: 0..<count, using: &random)
      bytes[place] = UInt8.random(in: .min ... .max, using: &random)
    }
    try bytes.write(to: URL(fileURLWithPath: path("wild")))
    #expect(throws: IndexError.damaged("ground")) { try VectorIndex.verifyFile(path("wild")) }
    let opened = try VectorIndex(path: path("wild"))
    #expect(Set(opened.ids) == Set(index.ids))
    for query in vectors.prefix(50) { _ = try opened.search(query, count: 10) }
    try opened.insert((5000..<5100).map { (id: $0, vector: random.vector(24)) })
    opened.remove(0..<900)
    try expectNoneBelow900(opened, vectors.suffix(50))
    // Taken apart by a compaction while it is as it was opened.
    let other = try VectorIndex(path: path("wild"))
    other.remove(0..<900)
    try expectNoneBelow900(other, vectors.suffix(50))
  }

  private func expectNoneBelow900(_ index: VectorIndex, _ queries: ArraySlice<[Float]>) throws {
    for query in queries {
      let found = try index.search(query, count: 10)
      #expect(found.allSatisfy { $0.id >= 900 })
    }
  }

  @Test("a file cut short anywhere is refused")
  func cutShort() throws {
    var random = Random(seed: 53)
    let index = try graphIndex(dimensions: 8)
    try index.insert(numbered(random.vectors(300, dimensions: 8)))
    try index.save(to: path())
    let original = try Data(contentsOf: URL(fileURLWithPath: path()))
    for count in [0, 1, 100, 4095, 4096, 5000, original.count - 1] {
      try original.prefix(count).write(to: URL(fileURLWithPath: path("short")))
      #expect(throws: IndexError.self) { try VectorIndex(path: path("short")) }
    }
    try (original + [0]).write(to: URL(fileURLWithPath: path("short")))
    #expect(throws: IndexError.self) { try VectorIndex(path: path("short")) }
  }

  @Test("a file that is not there, and a directory that is not, say so")
  func missing() throws {
    #expect(throws: IndexError.file(operation: "open", code: ENOENT)) { try VectorIndex(path: path("no")) }
    let index = try VectorIndex(dimensions: 3)
    #expect(throws: IndexError.file(operation: "create", code: ENOENT)) {
      try index.save(to: path("no/index"))
    }
  }
}
