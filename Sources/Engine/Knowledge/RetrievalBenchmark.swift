package import Conversation
package import Documents
import Foundation
package import Logging
import Store

/// Texts, questions, and which texts answer which question how well.
package struct RetrievalSet: Sendable {
  package struct Text: Sendable {
    package var id: String
    package var title: String
    package var text: String

    package init(id: String, title: String, text: String) {
      (self.id, self.title, self.text) = (id, title, text)
    }
  }

  package var documents: [Text]
  package var queries: [(id: String, text: String)]
  /// For each query the gains of the documents that are relevant to it, all above 0.
  package var gains: [String: [String: Double]]

  package init(
    documents: [Text], queries: [(id: String, text: String)], gains: [String: [String: Double]]
  ) {
    (self.documents, self.queries, self.gains) = (documents, queries, gains)
  }
}

/// How good the searcher's rankings are on a set of questions with known answers, through the doors that
/// everybody searches by.
package struct RetrievalBenchmark: Sendable {
  /// Passages asked for, so that ten documents are among them.
  private static let passages = 40
  /// Documents that count, as is usual.
  private static let cut = 10

  private let store: Store
  private let embedder: Embedder
  private let searcher: Searcher
  private let chunker: Chunker

  /// - Parameters:
  ///   - directory: where the texts are indexed; what lies there from before is used again.
  ///   - embedding: the model that makes the vectors.
  package init(
    directory: String, embedding: Embedder.Source, chunker: Chunker, logger: Logger
  ) throws {
    store = try Store(directory: directory)
    embedder = Embedder(embedding, logger: logger)
    let indexes = IndexKeeper(
      store: store, directory: directory + "/indexes", space: embedder.space, logger: logger)
    searcher = Searcher(
      store: store, spaces: Spaces(serving: OpenSpace(embedder: embedder, indexes: indexes)))
    self.chunker = chunker
  }

  package func close() {
    store.close()
  }

  // MARK: Indexing

  /// Makes the texts searchable, unless they are.
  /// - Parameter progress: told how many are done.
  /// - Returns: where they are.
  package func index(
    _ documents: [RetrievalSet.Text], progress: @Sendable (Int) -> Void
  ) async throws -> Namespace {
    try await store.rebuildWords()
    let user = try await store.user(subject: "bench").id
    if let known = try await store.assistants(of: user).first { return .assistant(known.id) }
    let assistant = try await store.saveAssistant(
      .random(), of: user, name: "bench", config: [:], isPublic: false)
    for (number, document) in documents.enumerated() {
      try await index(document, in: .assistant(assistant.id), of: user)
      progress(number + 1)
    }
    return .assistant(assistant.id)
  }

  private func index(
    _ document: RetrievalSet.Text, in namespace: Namespace, of user: Identifier<User>
  ) async throws {
    let source = document.source
    let file = File(
      userID: user, namespace: namespace, name: document.id, mediaType: "text/plain",
      sizeBytes: source.text.utf8.count, hash: .unusedHash())
    _ = try await store.receive(file)
    let chunks = chunker.chunks(of: source).enumerated().map {
      Conversation.Chunk($1, of: file.id, ordinal: $0)
    }
    _ = try await store.index(
      file.id, text: ExtractedText(text: source.text), mediaType: "text/plain", chunks: chunks,
      vectors: try await embedder.embed(chunks.map(\.textInContext)), model: embedder.space.model)
  }

  // MARK: Judging

  /// The rankings by words, by meaning and by both, over all queries.
  package func reports(
    on set: RetrievalSet, in namespace: Namespace
  ) async throws -> [(ranking: Search.Ranking, report: Report)] {
    let queries = set.queries.filter { set.gains[$0.id]?.isEmpty == false }
    _ = try await searcher.search("warm up", in: [namespace])
    var sums = Search.Ranking.allCases.map { (ranking: $0, report: Report()) }
    for query in queries {
      let gains = set.gains[query.id] ?? [:]
      for place in sums.indices {
        let start = ContinuousClock.now
        let found = try await documents(for: query.text, in: namespace, by: sums[place].ranking)
        sums[place].report.milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
        sums[place].report.add(found, gains: gains)
      }
    }
    return sums
  }

  /// The best documents: each where its best passage is.
  private func documents(
    for query: String, in namespace: Namespace, by ranking: Search.Ranking
  ) async throws -> [String] {
    let search = Search(query, in: [namespace], ranking: ranking, count: Self.passages)
    var documents: [String] = []
    for passage in try await searcher.outcome(of: search).passages where !documents.contains(passage.source) {
      documents.append(passage.source)
    }
    return Array(documents.prefix(Self.cut))
  }

  /// What the first ten documents are worth, on average over the queries.
  package struct Report: Sendable {
    private var discounted: [Double] = []
    private var recalled: [Double] = []
    fileprivate var milliseconds: [Double] = []

    /// Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002, with the
    /// gains as they are.
    package var nDCG: Double { discounted.mean }
    /// The share of all relevant documents that is among them.
    package var recall: Double { recalled.mean }
    package var medianMilliseconds: Double { milliseconds.sorted()[milliseconds.count / 2] }
    package var queryCount: Int { discounted.count }

    fileprivate mutating func add(_ documents: [String], gains: [String: Double]) {
      let found = documents.map { gains[$0] ?? 0 }
      let best = Array(gains.values.sorted(by: >).prefix(cut))
      discounted.append(Self.discounted(found) / Self.discounted(best))
      recalled.append(Double(found.count { $0 > 0 }) / Double(gains.count))
    }

    private static func discounted(_ gains: [Double]) -> Double {
      gains.enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }
  }
}

extension [Double] {
  fileprivate var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}

extension RetrievalSet.Text {
  /// With its title as a heading, unless the text begins with it.
  fileprivate var source: SourceText {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let title = title.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !title.isEmpty, !text.hasPrefix(title) else { return SourceText(text: text) }
    let heading = SourceText.Heading(
      level: 1, range: 0..<title.unicodeScalars.count,
      title: String(title.unicodeScalars.prefix(SourceText.Heading.longestTitle)))
    return SourceText(text: title + "\n\n" + text, headings: [heading])
  }
}

extension String {
  /// In the place of the SHA-256 of bytes that are nowhere: no two files are taken for the same.
  static func unusedHash() -> String {
    (0..<4).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
