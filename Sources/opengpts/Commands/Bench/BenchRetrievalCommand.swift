import ArgumentParser
import Documents
import Engine
import Foundation
import Logging
import Transport

/// How good search is on questions whose answers are known.
struct BenchRetrievalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval", abstract: "nDCG@10 and recall@10 of search by words, by meaning and by both.",
    discussion: """
      The folder holds a set of texts, questions and judgements in one of two layouts.
      BEIR: corpus.jsonl ({"_id", "title", "text"} a line), queries.jsonl ({"_id", "text"} a line) and \
      qrels/test.tsv (query, text and gain, tab-separated, after a head line).
      JSON: NAME_docs.json ([{"id", "title", "body"}]), NAME_queries.json ([{"query"}], numbered from 1 in \
      their order) and NAME_qrels.json ([{"query_num", "id", "position"}], position 1 best to 4 least).
      """)

  @Argument(help: "Folder of the set.") var corpus: String
  @Option(help: "Keep the index in this folder, and use it again.") var index: String?
  @Option(help: "Characters of a chunk at most.") var chunk = 1000
  @Option(help: "Characters that neighbouring chunks share at most.") var overlap = 200
  @OptionGroup var options: SettingsOptions

  func validate() throws {
    guard chunk > 0, (0..<chunk).contains(overlap) else {
      throw ValidationError("--chunk is to be above 0, and --overlap below it.")
    }
  }

  func run() async throws {
    let set = try RetrievalSet(folder: URL(filePath: corpus))
    let settings = try options.load()
    let source = try settings.embedding.source(
      directory: settings.modelDirectory, client: HTTPClient(policy: .trusted))
    if let index {
      try await measure(set, in: URL(filePath: index), source)
    } else {
      try await withTemporaryFolder { try await measure(set, in: $0, source) }
    }
  }

  private func measure(_ set: RetrievalSet, in folder: URL, _ source: Embedder.Source) async throws {
    let benchmark = try RetrievalBenchmark(
      directory: folder.path, embedding: source,
      chunker: Chunker(maxCharacters: chunk, overlapCharacters: overlap), logger: Logger(label: "bench"))
    defer { benchmark.close() }
    let total = set.documents.count
    let namespace = try await benchmark.index(set.documents) { done in
      if done.isMultiple(of: 100) || done == total {
        FileHandle.standardError.write(Data("\r\(done) of \(total) texts indexed".utf8))
      }
    }
    FileHandle.standardError.write(Data("\r".utf8))
    let reports = try await benchmark.reports(on: set, in: namespace)
    print("\(total) texts, \(reports.first?.report.queryCount ?? 0) queries, chunks of \(chunk)/\(overlap)")
    for (ranking, report) in reports {
      print(
        String(
          format: "  %@ nDCG@10 %.4f  recall@10 %.4f  %6.1f ms", ranking.name, report.nDCG, report.recall,
          report.medianMilliseconds))
    }
  }
}

extension Search.Ranking {
  fileprivate var name: String {
    switch self {
    case .both: "both     "
    case .text: "full text"
    case .vectors: "vectors  "
    }
  }
}
