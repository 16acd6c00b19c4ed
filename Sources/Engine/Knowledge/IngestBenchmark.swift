import Conversation
import Documents
import Foundation
package import Logging
import Store

/// What it costs to make texts searchable and to search many, through the doors that uploads and questions take.
package struct IngestBenchmark: Sendable {
  /// Chunks of one file.
  private static let chunksOfFile = 100

  private let store: Store
  private let embedder: Embedder
  private let indexes: IndexKeeper
  private let searcher: Searcher

  package init(directory: String, embedding: Embedder.Source, logger: Logger) throws {
    store = try Store(directory: directory)
    embedder = Embedder(embedding, logger: logger)
    indexes = IndexKeeper(
      store: store, directory: directory + "/indexes", space: embedder.space, logger: logger)
    searcher = Searcher(
      store: store, spaces: Spaces(serving: OpenSpace(embedder: embedder, indexes: indexes)))
  }

  package func close() {
    store.close()
  }

  // MARK: Where the time goes

  /// What each step from text to searchable took.
  package struct Steps: Sendable {
    package var chunks = 0
    package var chunking = Cost()
    package var embedding = Cost()
    /// Rows, vectors and the full-text index, flushed.
    package var storing = Cost()
    package var indexing = Cost()

    package var total: Cost {
      [chunking, embedding, storing, indexing].reduce(into: Cost()) { sum, step in
        sum.seconds += step.seconds
        sum.processorSeconds += step.processorSeconds
      }
    }
  }

  /// By the clock, and of processors: where others want the machine too, only the latter says much.
  package struct Cost: Sendable {
    package var seconds = 0.0
    package var processorSeconds = 0.0

    fileprivate mutating func measure<Value>(_ work: () async throws -> Value) async rethrows -> Value {
      let start = (ContinuousClock.now, Self.processorSeconds)
      defer {
        seconds += (ContinuousClock.now - start.0) / .seconds(1)
        processorSeconds += Self.processorSeconds - start.1
      }
      return try await work()
    }

    private static var processorSeconds: Double {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  /// Takes in so much prose, file by file.
  package func steps(megabytes: Double) async throws -> Steps {
    let namespace = try await self.namespace()
    var steps = Steps()
    var prose = Prose(seed: 1)
    var rest = Int(megabytes * 1_000_000)
    while rest > 0 {
      let text = prose.text(characters: min(rest, 80_000))
      rest -= text.utf8.count
      try await take(text, into: namespace, &steps)
    }
    return steps
  }

  private func take(_ text: String, into namespace: Namespace, _ steps: inout Steps) async throws {
    let file = try await receive(in: namespace)
    let rows = await steps.chunking.measure {
      Chunker().chunks(of: SourceText(text: text)).enumerated().map {
        Conversation.Chunk($1, of: file.id, ordinal: $0)
      }
    }
    let vectors = try await steps.embedding.measure { try await embedder.embed(rows.map(\.textInContext)) }
    let stored = try await steps.storing.measure {
      try await store.index(
        file.id, text: ExtractedText(text: text), mediaType: "text/plain", chunks: rows, vectors: vectors,
        model: embedder.space.model)
    }
    try await steps.indexing.measure {
      if let vectors { try await indexes.add(Array(zip(stored.map(\.key), vectors)), to: namespace) }
    }
    steps.chunks += rows.count
  }

  // MARK: Many chunks

  /// What a chunk costs and how long a search takes once a namespace holds so many.
  package struct Size: Sendable {
    package var chunks: Int
    /// Of the last thousand together.
    package var storing: Cost
    package var searches: [Searches]

    /// How long searches by one ranking took.
    package struct Searches: Sendable {
      package var ranking: Search.Ranking
      /// Ascending.
      package var milliseconds: [Double] = []
      /// Of all together.
      package var cost = Cost()
    }
  }

  /// Fills one namespace with chunks whose vectors are drawn, not computed, and stops at each size.
  /// - Parameter whenReached: told what was found at a size.
  package func grow(
    to sizes: [Int], searches: Int, whenReached: (Size) -> Void
  ) async throws {
    let namespace = try await self.namespace()
    var prose = Prose(seed: 2)
    var count = 0
    for size in sizes {
      var storing = Cost()
      while count < size {
        if size - count == Self.measuredChunks { storing = Cost() }
        try await addFile(to: namespace, &prose, &storing)
        count += Self.chunksOfFile
      }
      let times = try await search(namespace, searches, &prose)
      whenReached(Size(chunks: count, storing: storing, searches: times))
    }
  }

  /// The last so many before a size are measured.
  package static let measuredChunks = 1_000

  private func addFile(
    to namespace: Namespace, _ prose: inout Prose, _ storing: inout Cost
  ) async throws {
    let file = try await receive(in: namespace)
    let chunks = (0..<Self.chunksOfFile).map { place in
      let text = prose.text(characters: 900)
      return Conversation.Chunk(
        fileID: file.id, ordinal: place, text: text, start: place * 1_000,
        end: place * 1_000 + text.unicodeScalars.count, page: nil, endPage: nil, headings: [])
    }
    let vectors = chunks.map { _ in prose.vector(dimensions: embedder.space.dimensions) }
    try await storing.measure {
      let stored = try await store.index(
        file.id, text: ExtractedText(text: ""), mediaType: "text/plain", chunks: chunks, vectors: vectors,
        model: embedder.space.model)
      try await indexes.add(Array(zip(stored.map(\.key), vectors)), to: namespace)
    }
  }

  private func search(
    _ namespace: Namespace, _ count: Int, _ prose: inout Prose
  ) async throws -> [Size.Searches] {
    // The first search reads the vectors into memory.
    _ = try await searcher.search("water", in: [namespace])
    while await indexes.buildingCount > 0 { try await Task.sleep(for: .milliseconds(100)) }
    var all = Search.Ranking.allCases.map { Size.Searches(ranking: $0) }
    for _ in 0..<count {
      let query = prose.sentence(words: 6)
      for place in all.indices {
        let before = all[place].cost.seconds
        let search = Search(query, in: [namespace], ranking: all[place].ranking)
        _ = try await all[place].cost.measure { try await searcher.outcome(of: search) }
        all[place].milliseconds.append(1_000 * (all[place].cost.seconds - before))
      }
    }
    for place in all.indices { all[place].milliseconds.sort() }
    return all
  }

  // MARK: Parts

  private func namespace() async throws -> Namespace {
    let user = try await store.user(subject: "bench").id
    return .assistant(
      try await store.saveAssistant(.random(), of: user, name: "bench", config: [:], isPublic: false).id)
  }

  private func receive(in namespace: Namespace) async throws -> File {
    let file = File(
      userID: try await store.user(subject: "bench").id, namespace: namespace, name: "\(UUID()).txt",
      mediaType: "text/plain", sizeBytes: 1, hash: .unusedHash())
    _ = try await store.receive(file)
    return file
  }
}

/// Text with the word frequencies of prose (Zipf 1935): the same for the same seed.
private struct Prose {
  private var random: UInt64
  private static let syllables = [
    "wa", "ter", "ri", "ver", "hou", "se", "gar", "den", "mu", "sic", "let", "num", "ber", "pa", "per", "ta",
    "ble",
    "win", "dow", "street", "school", "mar", "ket", "doc", "tor", "law", "sum", "mer", "bridge", "is", "land",
  ]

  init(seed: UInt64) {
    random = seed
  }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    random &+= 0x9E37_79B9_7F4A_7C15
    var value = random
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  private mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// The rarer of 30,000 words the longer, of two to four syllables.
  private mutating func word() -> String {
    let rank = Int(pow(30_000, unit()))
    let (base, count) = (Self.syllables.count, rank < 200 ? 2 : rank < 5_000 ? 3 : 4)
    var rest = rank
    return (0..<count).map { _ in
      defer { rest /= base }
      return Self.syllables[(rest + rank * 7) % base]
    }.joined()
  }

  mutating func sentence(words: Int) -> String {
    (0..<words).map { _ in word() }.joined(separator: " ")
  }

  mutating func text(characters: Int) -> String {
    var text = ""
    while text.utf8.count < characters {
      text += sentence(words: 8 + Int(next() % 12)) + ". "
      if next() % 6 == 0 { text += "\n\n" }
    }
    return text
  }

  mutating func vector(dimensions: Int) -> [Float] {
    let numbers = (0..<dimensions).map { _ in Float(unit() - 0.5) }
    let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return numbers.map { $0 / length }
  }
}
