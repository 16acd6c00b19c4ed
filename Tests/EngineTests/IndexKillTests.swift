import Conversation
import Foundation
import Logging
import Store
import Testing
import VectorIndex

@testable import Engine

/// The process dies while an index changes and is saved: the next one finds what SQLite holds, and finds it well.
@Suite(.serialized) struct IndexKillTests {
  /// As many as one has time for: `make test-kills`.
  private static let cycles =
    ProcessInfo.processInfo.environment["OPENGPTS_KILL_CYCLES"].flatMap { Int($0) } ?? 3

  @Test func `killed again and again while it inserts, deletes and saves, the index holds what SQLite does`()
    async throws
  {
    let directory = FileManager.default.temporaryDirectory.appending(path: "index-kills-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let assistant = try await ChangingIndex.make(in: directory)
    var fromFile = 0
    var recalls: [Double] = []
    for cycle in 0..<Self.cycles {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [directory = directory as String, assistant = assistant as String, cycle = cycle as Int] in
        try await ChangingIndex(directory, assistant).change(untilKilledFrom: UInt64(cycle))
      }
      let found = try await ChangingIndex(directory, assistant).examined(seed: UInt64(cycle))
      #expect(found.ids == found.stored, "cycle \(cycle)")
      #expect(found.brokenInvariants == [], "cycle \(cycle)")
      #expect(found.recall >= 0.95, "cycle \(cycle)")
      fromFile += found.isFromFile ? 1 : 0
      recalls.append(found.recall)
      if cycle % 100 == 99 {
        print("\(cycle + 1) kills, \(fromFile) files opened, recall at least \(recalls.min() ?? 0)")
      }
    }
  }
}

/// An assistant's vectors in a store, and the index over them, as one process sees them.
private final class ChangingIndex: Sendable {
  private static let exactLimit = 100
  /// Vectors, about: enough for several blocks.
  private static let wantedCount = 2500
  private let store: Store
  private let keeper: IndexKeeper
  private let user: Identifier<User>
  private let namespace: Namespace
  private let path: String

  init(_ directory: String, _ assistant: String) async throws {
    store = try Store(directory: directory)
    user = try await store.user(subject: "tester").id
    let id: Identifier<Assistant> = try #require(Identifier(assistant))
    namespace = .assistant(id)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    var settings = IndexSettings()
    settings.exactLimit = Self.exactLimit
    let folder = directory + "/indexes"
    keeper = IndexKeeper(store: store, directory: folder, settings: settings, logger: logger)
    path = IndexCache(
      directory: folder, parameters: settings.parameters, space: .standard, logger: logger
    ).path(of: namespace)
  }

  deinit { store.close() }

  /// A store with an assistant that has no files yet; gives back its id.
  static func make(in directory: String) async throws -> String {
    let store = try Store(directory: directory)
    defer { store.close() }
    let user = try await store.user(subject: "tester")
    let assistant = try await store.saveAssistant(
      .random(), of: user.id, name: "A", config: [:], isPublic: false)
    return "\(assistant.id)"
  }

  // MARK: What the process does that is killed

  /// Three at once: files come, files go, the index is saved.
  func change(untilKilledFrom seed: UInt64) async throws {
    var random = Vectors(seed: seed)
    _ = try await keeper.search(random.vector(), in: [namespace], count: 1)
    let delay = UInt32(random.number(below: 400_000))
    Foundation.Thread.detachNewThread {
      usleep(delay)
      kill(getpid(), SIGKILL)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        var random = Vectors(seed: seed + 1_000_000)
        while true { try await insert(20 + random.number(below: 60), &random) }
      }
      group.addTask { [self] in
        var random = Vectors(seed: seed + 2_000_000)
        while true { try await delete(&random) }
      }
      group.addTask { [self] in
        while true {
          await keeper.saveQuiet(since: .zero)
          await keeper.finishSaving()
          try await Task.sleep(for: .milliseconds(1))
        }
      }
      try await group.waitForAll()
    }
  }

  /// A file with so many chunks and their vectors.
  private func insert(_ count: Int, _ random: inout Vectors) async throws {
    let blob = try store.blobs.create()
    try blob.append(Array("\(UUID())".utf8))
    let file = File(
      userID: user, namespace: namespace, name: "\(UUID()).txt", mediaType: "text/plain", sizeBytes: 1,
      hash: try await blob.finish())
    try await store.receive(file)
    let chunks = (0..<count).map { place in
      Chunk(
        fileID: file.id, ordinal: place, text: "\(place)", start: 0, end: 1, page: nil, endPage: nil,
        headings: [])
    }
    let vectors = chunks.map { _ in random.vector() }
    let stored = try await store.index(
      file.id, text: ExtractedText(text: "x"), mediaType: "text/plain", chunks: chunks, vectors: vectors,
      model: VectorSpace.standard.model)
    try await keeper.add(zip(stored, vectors).map { (id: $0.key, vector: $1) }, to: namespace)
  }

  /// Some of the files, where there are enough.
  private func delete(_ random: inout Vectors) async throws {
    let files = try await store.files(in: namespace, page: Page(limit: 100))
    guard files.count > Self.wantedCount / 50, let doomed = files.randomElement(using: &random) else {
      return try await Task.sleep(for: .milliseconds(5))
    }
    _ = try await store.deleteFile(doomed.id, of: user)
    await keeper.drop(namespace)
  }

  // MARK: What the next process finds

  struct Found {
    var ids: Set<Int64>
    var stored: Set<Int64>
    var isFromFile: Bool
    var brokenInvariants: [String]
    var recall: Double
  }

  func examined(seed: UInt64) async throws -> Found {
    if FileManager.default.fileExists(atPath: path) { try VectorIndex.verifyFile(path) }
    var random = Vectors(seed: seed + 3_000_000)
    _ = try await keeper.search(random.vector(), in: [namespace], count: 1)
    while await keeper.buildingCount > 0 { try await Task.sleep(for: .milliseconds(2)) }
    let index = try #require(await keeper.loaded[namespace]?.index)
    var parameters = VectorIndex.Parameters()
    parameters.exactLimit = VectorIndex.maximumRowCount
    let exact = try VectorIndex(dimensions: index.dimensions, parameters: parameters)
    try await store.eachVector(in: namespace, model: VectorSpace.standard.model) { key, bytes in
      var batch = VectorIndex.Batch(dimensions: exact.dimensions)
      try? batch.append(id: key, bytes: bytes)
      try? exact.insert(batch)
    }
    var hits = 0
    var wanted = 0
    for _ in 0..<20 {
      let query = random.vector()
      let truth = Set(try exact.search(query, count: 10).map(\.id))
      hits += try index.search(query, count: 10).count { truth.contains($0.id) }
      wanted += truth.count
    }
    return Found(
      ids: Set(index.ids), stored: Set(exact.ids), isFromFile: index.openedChange != nil,
      brokenInvariants: index.brokenInvariants(), recall: wanted == 0 ? 1 : Double(hits) / Double(wanted))
  }
}

/// Vectors that lie as embeddings do, on far fewer dimensions than they have: sums of 24 directions.
private struct Vectors: RandomNumberGenerator {
  private static let directions: [[Float]] = {
    var random = Vectors(seed: 1)
    return (0..<24).map { _ in (0..<VectorSpace.standard.dimensions).map { _ in random.unit() } }
  }()
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  private mutating func unit() -> Float { Float(Int32(truncatingIfNeeded: next())) / 0x1p31 }

  mutating func vector() -> [Float] {
    var sum = [Float](repeating: 0, count: VectorSpace.standard.dimensions)
    for direction in Self.directions {
      let weight = unit()
      for i in sum.indices { sum[i] += weight * direction[i] }
    }
    return sum
  }
}
