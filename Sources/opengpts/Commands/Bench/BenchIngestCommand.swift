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
    func line(_ name: String, _ seconds: Double) -> String {
      String(
        format: "  %@ %8.1f s  %4.1f %%  %8.3f ms a chunk", name, seconds, 100 * seconds / total,
        1_000 * seconds / Double(max(chunks, 1)))
    }
    return
      ([
        String(
          format: "%.0f MB of prose, %d chunks: %.1f s, %.0f chunks a second", megabytes, chunks, total,
          Double(chunks) / total)
      ] + [
        line("chunking ", chunking), line("embedding", embedding), line("storing  ", storing),
        line("indexing ", indexing),
      ]).joined(separator: "\n")
  }
}

extension IngestBenchmark.Size {
  fileprivate var text: String {
    let times = searches.map { ranking, milliseconds in
      String(
        format: "%@ p50 %.1f p99 %.1f ms", ranking.rawValue, milliseconds[milliseconds.count / 2],
        milliseconds[min(milliseconds.count * 99 / 100, milliseconds.count - 1)])
    }
    return String(format: "  %6d chunks: %.3f ms a chunk stored; ", chunks, millisecondsPerChunk)
      + times.joined(separator: ", ")
  }
}
