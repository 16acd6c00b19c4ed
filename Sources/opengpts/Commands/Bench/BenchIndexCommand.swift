import ArgumentParser
import Foundation
import VectorIndex

/// What the vector index costs and finds on a given set of vectors, so that it can be put beside others.
struct BenchIndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Build time, size, recall and speed of the vector index on your vectors.",
    discussion: """
      Files hold raw little-endian rows without a header: vectors and queries of 32-bit floats, truth of the \
      numbers (32-bit integers) of the 100 vectors nearest to each query, nearest first.
      """)

  @Option(help: "File of the vectors.") var vectors: String
  @Option(help: "File of the queries.") var queries: String
  @Option(help: "File of the true neighbours.") var truth: String
  @Option(help: "Floats of a row.") var dimensions: Int
  @Option(help: "Links of a row (M).") var m = 16
  @Option(help: "Candidates looked at while building.") var efConstruction = 200
  @Option(help: "Candidates kept by a search: widths to measure.")
  var ef: SearchWidths = [10, 20, 50, 100, 200]
  @Option(help: "Vectors to use, from the first on; all without this.") var rows: Int?
  @Option(
    help:
      "Where the index is kept: opened if it is there, else built. Without this it is built and forgotten.")
  var index: String?
  @Flag(help: "Also measure filters, 20 indexes at once, and recall after replacing 30 % three times.")
  var changes = false
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let report = try await withTemporaryFolder { folder in
      do throws(IndexError) {
        return try IndexBenchmark(
          vectorsPath: vectors, queriesPath: queries, truthPath: truth, dimensions: dimensions, limit: rows,
          parameters: parameters
        ).run(
          widths: ef.values, indexPath: index ?? folder.appending(path: "bench.index").path,
          withChanges: changes)
      } catch {
        throw CommandFailure(message: error.advice)
      }
    }
    print(json ? try JSONText.of(report) : report.text)
  }

  /// A graph whatever the size: it is what is measured.
  private var parameters: VectorIndex.Parameters {
    var parameters = VectorIndex.Parameters()
    parameters.linksPerRow = m
    parameters.buildWidth = efConstruction
    parameters.exactLimit = 2
    return parameters
  }
}

/// Whole numbers from 1 on with commas between them.
struct SearchWidths: ExpressibleByArgument, ExpressibleByArrayLiteral {
  let values: [Int]

  init(arrayLiteral values: Int...) {
    self.values = values
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    values = parts.compactMap { $0 }.filter { (1...VectorIndex.maximumWidth).contains($0) }
    if values.count != parts.count { return nil }
  }

  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

extension IndexBenchmark.Report {
  fileprivate var text: String {
    let head = [
      "\(vectorCount) vectors of \(dimensions) dimensions",
      buildCPUSeconds.map { String(format: "  built in     %9.2f s of CPU time", $0) },
      saveSeconds.map { String(format: "  saved in     %9.1f ms", $0 * 1000) },
      String(format: "  opened in    %9.1f ms", openSeconds * 1000),
      String(
        format: "  bytes/vector %9.0f touched by walks, %.0f on disk", walkBytesPerVector,
        fileBytesPerVector),
      residence.text,
      "     ef  recall@10  queries/s of CPU  queries/s, 2 threads   p50 µs   p99 µs",
    ]
    return (head.compactMap { $0 } + widths.map(\.line) + (changes?.lines ?? [])).joined(separator: "\n")
  }
}

extension IndexBenchmark.Residence {
  fileprivate var text: String {
    let bytes = [anonymousBytesPerVector, walkBytesPerVector, floatBytesPerVector]
    return [
      String(
        format: "  from disk    %9.1f ms to open, %.0f µs for each of the first searches", openSeconds * 1000,
        firstSearchMicroseconds),
      String(
        format: "  in memory    %9.0f bytes/vector after %d searches: %.0f of the process, of the file "
          + "%.0f of codes and links and %.0f of floats", bytes.reduce(0, +), searchCount, bytes[0], bytes[1],
        bytes[2]),
    ].joined(separator: "\n")
  }
}

extension IndexBenchmark.Width {
  fileprivate var line: String {
    String(
      format: "  %5d  %9.4f  %16.0f  %20.0f  %7.1f  %7.1f", width, recallAt10, queriesPerCPUSecond,
      queriesPerSecondOnTwoThreads, p50Microseconds, p99Microseconds)
  }
}

extension IndexBenchmark.Changes {
  fileprivate var lines: [String] {
    filters.map { filter in
      String(
        format: "  filter of %.0f %%: recall@10 %.4f, %.0f queries/s of CPU", filter.share * 100,
        filter.recallAt10, filter.queriesPerCPUSecond)
    } + [
      String(
        format: "  %d indexes at once: recall@10 %.4f, %.0f queries/s of CPU", namespaces.count,
        namespaces.recallAt10, namespaces.queriesPerCPUSecond),
      String(
        format: "  30 %% replaced three times: recall@10 %.4f, built afresh %.4f", replaced.recallAt10,
        replaced.recallAt10OfFreshBuild),
      String(
        format: "  %d searches beside %d writes: %d waited, the longest %.0f µs", readers.searchCount,
        readers.writeCount, readers.waitCount, readers.longestWaitMicroseconds),
    ]
  }
}

extension IndexError {
  /// What to do about it, for the one who named the files.
  fileprivate var advice: String {
    switch self {
    case .unusableDimensions:
      "--dimensions is to be from 1 to \(VectorIndex.maximumDimensions)."
    case .wrongDimensions(let expected, _):
      "A file does not hold whole rows of \(expected) floats; look at --dimensions."
    case .notFinite(let id):
      "Vector \(id.map(String.init) ?? "of a query") holds a value that is not finite."
    case .full: "There are more vectors than an index holds."
    case .damaged(let what): "The files do not fit each other: \(what)."
    case .otherVersion: "The index file was written by another version."
    case .file(let operation, let code):
      "The system refused (\(operation)): \(String(cString: strerror(code)))."
    }
  }
}
