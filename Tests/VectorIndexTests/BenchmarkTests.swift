import Foundation
import Testing
import VectorIndex

@Suite("The benchmark")
struct BenchmarkTests {
  @Test("reports recall, speed and size for files of raw rows, and refuses files of other rows")
  func report() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("index-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
    func write<T>(_ rows: [[T]], _ name: String) throws {
      let values = rows.reduce(into: [T]()) { $0 += $1 }
      try values.withUnsafeBytes { Data($0) }.write(to: directory.appendingPathComponent(name))
    }
    var random = Random(seed: 61)
    let vectors = random.clusteredVectors(600, dimensions: 16)
    let queries = random.clusteredVectors(20, dimensions: 16)
    try write(vectors, "v")
    try write(queries, "q")
    try write(
      queries.map { query in
        plainSearch(query, in: vectors, metric: .cosine, count: 100).map { Int32($0.id) }
      }, "t")
    var parameters = VectorIndex.Parameters()
    parameters.exactLimit = 64
    let benchmark = try IndexBenchmark(
      vectorsPath: path("v"), queriesPath: path("q"), truthPath: path("t"), dimensions: 16,
      parameters: parameters)
    let report = try benchmark.run(widths: [100], indexPath: path("i"), withChanges: true)
    #expect(report.vectorCount == 600)
    #expect(report.widths.map(\.width) == [100])
    #expect(report.widths.allSatisfy { $0.recallAt10 > 0.95 && $0.queriesPerCPUSecond > 0 })
    #expect(report.walkBytesPerVector > 64 + 128 && report.fileBytesPerVector > 64 + 64 + 128)
    #expect(report.buildCPUSeconds != nil)
    #expect(report.residence.searchCount == 600 && report.residence.walkBytesPerVector > 64 + 128)
    let changes = try #require(report.changes)
    #expect(changes.filters.allSatisfy { $0.recallAt10 >= 0.95 } && changes.namespaces.recallAt10 >= 0.95)
    #expect(changes.replaced.recallAt10 >= changes.replaced.recallAt10OfFreshBuild - 0.01)
    #expect(changes.readers.searchCount > 0 && changes.readers.writeCount > 0)
    #expect(try benchmark.run(widths: [100], indexPath: path("i")).buildCPUSeconds == nil)
    #expect(throws: IndexError.self) {
      try IndexBenchmark(
        vectorsPath: path("v"), queriesPath: path("q"), truthPath: path("q"), dimensions: 16)
    }
  }
}
