import ArgumentParser
import Engine
import Foundation
import Logging
import Transport

/// From text to searchable: where the time goes, and whether it stays the same as a collection grows.
struct BenchIngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Cost of a chunk from text to searchable, and of searches among many.")

  @Option(help: "Megabytes of prose to take in, vectors computed.") var megabytes = 10.0
  @Option(help: "Chunks in one namespace at which a chunk and a search are measured, vectors drawn.")
  var sizes: [Int] = [1_000, 10_000, 100_000]
  @Option(help: "Searches at each size.") var searches = 200
  @OptionGroup var options: SettingsOptions

  func validate() throws {
    guard megabytes >= 0, searches > 0, sizes.allSatisfy({ $0 > 0 }), sizes == sizes.sorted() else {
      throw ValidationError("--sizes is to be ascending, --searches above 0.")
    }
  }

  func run() async throws {
    let settings = try options.load()
    let source = try settings.embedding.source(
      directory: settings.modelDirectory, client: HTTPClient(policy: .trusted))
    if megabytes > 0 {
      try await withBenchmark(source) { print(try await $0.steps(megabytes: megabytes).text(megabytes)) }
    }
    try await withBenchmark(source) { benchmark in
      print("one namespace, vectors drawn at random, \(searches) searches of six words")
      try await benchmark.grow(to: sizes, searches: searches) { print($0.text) }
    }
  }

  private func withBenchmark(
    _ source: Embedder.Source, _ body: (IngestBenchmark) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let benchmark = try IngestBenchmark(
        directory: folder.path, embedding: source, logger: Logger(label: "bench"))
      defer { benchmark.close() }
      try await body(benchmark)
    }
  }
}

extension IngestBenchmark.Steps {
  fileprivate func text(_ megabytes: Double) -> String {
    func line(_ name: String, _ cost: IngestBenchmark.Cost) -> String {
      String(
        format: "  %@ %7.1f s of CPU  %4.1f %%  %7.3f ms a chunk  (%.1f s by the clock)", name,
        cost.processorSeconds, 100 * cost.processorSeconds / total.processorSeconds,
        1_000 * cost.processorSeconds / Double(max(chunks, 1)), cost.seconds)
    }
    return
      ([
        String(
          format: "%.0f MB of prose, %d chunks: %.0f a second of CPU, %.0f a second by the clock", megabytes,
          chunks, Double(chunks) / total.processorSeconds, Double(chunks) / total.seconds)
      ] + [
        line("chunking ", chunking), line("embedding", embedding), line("storing  ", storing),
        line("indexing ", indexing),
      ]).joined(separator: "\n")
  }
}

extension IngestBenchmark.Size {
  fileprivate var text: String {
    let perChunk = 1_000 / Double(IngestBenchmark.measuredChunks)
    let head = String(
      format: "  %6d chunks: %.3f ms of CPU a chunk stored (%.3f by the clock)", chunks,
      storing.processorSeconds * perChunk, storing.seconds * perChunk)
    return
      ([head]
      + searches.map { search in
        let times = search.milliseconds
        return String(
          format: "    %@ p50 %6.1f  p99 %6.1f ms  (%.1f ms of CPU)",
          search.ranking.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0), times[times.count / 2],
          times[min(times.count * 99 / 100, times.count - 1)],
          1_000 * search.cost.processorSeconds / Double(max(times.count, 1)))
      }).joined(separator: "\n")
  }
}
