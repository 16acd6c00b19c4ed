import Conversation
import Foundation
import Logging
import Store
import Testing
import VectorIndex

@testable import Engine

/// Files of large indexes: whatever becomes of them, searches find what SQLite holds.
@Suite(.timeLimit(.minutes(1))) struct IndexKeeperTests {
  @Test func `a large index is saved and opened again, a small one is not`() async throws {
    let shelf = try await Shelf()
    let vectors = try await shelf.store(count: 300)
    try await shelf.save()
    let keeper = shelf.keeper()
    try await shelf.expect(vectors, from: keeper)
    #expect(await keeper.loaded[shelf.namespace]?.index.openedChange != nil)

    let small = try await Shelf()
    let few = try await small.store(count: Shelf.exactLimit - 1)
    try await small.save()
    #expect(!FileManager.default.fileExists(atPath: small.path))
    try await small.expect(few, from: small.keeper())
  }

  @Test(
    arguments: [
      .lost, .torn(0), .torn(5000), .torn(-1), .flipped(0), .flipped(8), .flipped(4100), .flipped(-5000),
    ] as [Damage])
  func `a file that is lost or damaged is built again`(damage: Damage) async throws {
    let shelf = try await Shelf()
    let vectors = try await shelf.store(count: 300)
    try await shelf.save()
    try damage.strike(shelf.path)
    let keeper = shelf.keeper()
    try await shelf.expect(vectors, from: keeper)
    #expect(await keeper.loaded[shelf.namespace]?.index.openedChange == nil)
    try await shelf.save(keeper)
    try VectorIndex.verifyFile(shelf.path)
  }

  /// What is not read when a file is opened; the number of a section is its place in the header.
  @Test(arguments: [(2, "vectors"), (3, "codes"), (5, "ground")])
  func `damage among vectors, codes or links is found after opening, and mended`(section: Int, name: String)
    async throws
  {
    let shelf = try await Shelf()
    let vectors = try await shelf.store(count: 300)
    try await shelf.save()
    let start = try Data(contentsOf: URL(filePath: shelf.path)).withUnsafeBytes {
      $0.load(fromByteOffset: (32 + 3 * section) * 8, as: Int.self)
    }
    try Damage.flipped(start + 1603).strike(shelf.path)
    #expect(throws: IndexError.damaged(name)) { try VectorIndex.verifyFile(shelf.path) }
    let keeper = shelf.keeper()
    _ = try await keeper.search(vectors[0].vector, in: [shelf.namespace], count: 1)
    while await keeper.loaded[shelf.namespace]?.index.openedChange != nil {
      try await Task.sleep(for: .milliseconds(5))
    }
    try await shelf.expect(vectors, from: keeper)
    try await shelf.save(keeper)
    try VectorIndex.verifyFile(shelf.path)
  }

  @Test func `what changed after the file was saved is made up for, in whatever order it came`() async throws
  {
    let shelf = try await Shelf()
    let early = try await shelf.store(count: 20, withVectors: false)
    let doomed = try await shelf.store(count: 60)
    let stay = try await shelf.store(count: 300)
    try await shelf.save()
    try await shelf.bench.store.addVectors(
      early.map { (key: $0.id, vector: $0.vector) }, model: VectorSpace.standard.model)
    let late = try await shelf.store(count: 50)
    let first = try #require(await shelf.files.dropFirst().first)
    _ = try await shelf.bench.store.deleteFile(first, of: shelf.bench.user.id)
    let keeper = shelf.keeper()
    try await shelf.expect(early + stay + late, from: keeper)
    #expect(await keeper.loaded[shelf.namespace]?.index.openedChange != nil)
    let found = try await keeper.search(doomed[0].vector, in: [shelf.namespace], count: 5)
    #expect(!found.contains { $0.id == doomed[0].id })
  }

  @Test
  func `with other parameters the earlier index serves until the new one is built, and can be taken back`()
    async throws
  {
    let shelf = try await Shelf()
    let vectors = try await shelf.store(count: 300)
    try await shelf.save()
    var other = IndexSettings()
    other.exactLimit = Shelf.exactLimit
    other.linksPerRow = 8
    let keeper = shelf.keeper(other)
    _ = try await keeper.search(vectors[0].vector, in: [shelf.namespace], count: 1)
    let earlier = await keeper.loaded[shelf.namespace]
    #expect(earlier?.index.parameters.linksPerRow == 16)
    // Changes while the other is being built.
    let late = try await shelf.store(count: 140)
    try await keeper.add(late, to: shelf.namespace)
    let first = try #require(await shelf.files.first)
    _ = try await shelf.bench.store.deleteFile(first, of: shelf.bench.user.id)
    await keeper.drop(shelf.namespace)
    while await keeper.rebuildingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    await keeper.finishSaving()
    try await shelf.expect(late, from: keeper)
    let new = await keeper.loaded[shelf.namespace]
    #expect(new !== earlier && new?.index.parameters.linksPerRow == 8)
    // Both files are there: with either set of parameters a start finds its own.
    for settings in [other, shelf.settings] {
      let next = shelf.keeper(settings)
      try await shelf.expect(late, from: next)
      #expect(await next.rebuildingCount == 0)
      #expect(await next.loaded[shelf.namespace]?.index.parameters.linksPerRow == settings.linksPerRow)
      #expect(await next.loaded[shelf.namespace]?.index.openedChange != nil)
    }
    // Of a third set's predecessors only the last is kept.
    other.linksPerRow = 12
    let third = shelf.keeper(other)
    try await shelf.expect(late, from: third)
    while await third.rebuildingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    await third.finishSaving()
    #expect(try FileManager.default.contentsOfDirectory(atPath: shelf.directory).count == 2)
  }

  @Test func `of thousands of namespaces only as many stay open as the budget allows`() async throws {
    let shelf = try await Shelf()
    var settings = IndexSettings()
    settings.residentVectors = 100
    let keeper = shelf.keeper(settings)
    let query = [Float](repeating: 1, count: VectorSpace.standard.dimensions)
    let vectors = try await shelf.store(count: 120)
    try await shelf.expect(vectors.prefix(3), from: keeper, all: vectors)
    // Others come and go; each holds nothing, but is held.
    for _ in 0..<1100 {
      _ = try await keeper.search(query, in: [.assistant(.random())], count: 1)
    }
    #expect(await keeper.loaded.count <= IndexKeeper.openLimit + 1)
    #expect(await keeper.loaded[shelf.namespace] == nil)
    try await shelf.expect(vectors.prefix(3), from: keeper, all: vectors)
  }

  @Test func `what is added while a namespace is open is found and counted`() async throws {
    let shelf = try await Shelf()
    var vectors = try await shelf.store(count: 90)
    let keeper = shelf.keeper()
    try await shelf.expect(vectors, from: keeper)
    for _ in 0..<5 {
      let more = try await shelf.store(count: 20)
      try await keeper.add(more, to: shelf.namespace)
      vectors += more
    }
    while await keeper.buildingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    try await shelf.expect(vectors, from: keeper)
    #expect(await keeper.residentCount == vectors.count)
  }

  @Test(arguments: [30, 300]) func `chunks that go while a namespace is open are found no more`(count: Int)
    async throws
  {
    let shelf = try await Shelf()
    let doomed = try await shelf.store(count: 20)
    let stay = try await shelf.store(count: count)
    let keeper = shelf.keeper()
    // While a graph is still being built, if there is to be one.
    _ = try await keeper.search(doomed[0].vector, in: [shelf.namespace], count: 1)
    let before = await keeper.loaded[shelf.namespace]
    let first = try #require(await shelf.files.first)
    _ = try await shelf.bench.store.deleteFile(first, of: shelf.bench.user.id)
    await keeper.drop(shelf.namespace)
    while await keeper.residentCount > count { try await Task.sleep(for: .milliseconds(2)) }
    try await shelf.expect(stay, from: keeper)
    #expect(await keeper.loaded[shelf.namespace] === before)
  }

  @Test func `the file goes with its namespace, at once or at the next start`() async throws {
    let shelf = try await Shelf()
    _ = try await shelf.store(count: 300)
    let keeper = try await shelf.save()
    try await keeper.sweep(models: [VectorSpace.standard.model])
    await keeper.finishSaving()
    #expect(FileManager.default.fileExists(atPath: shelf.path))

    let orphan = shelf.path.replacing("\(shelf.assistant)", with: "\(Identifier<Assistant>.random())")
    try FileManager.default.copyItem(atPath: shelf.path, toPath: orphan)
    try FileManager.default.copyItem(atPath: shelf.path, toPath: shelf.path + ".part")
    try await keeper.sweep(models: [VectorSpace.standard.model])
    await keeper.delete(shelf.namespace)
    await keeper.finishSaving()
    for path in [shelf.path, shelf.path + ".part", orphan] {
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}

/// What can become of a file.
enum Damage: Sendable {
  case lost
  /// Cut at that byte, counted from the end when it is negative.
  case torn(Int)
  /// One bit turned in that byte, counted from the end when it is negative.
  case flipped(Int)

  func strike(_ path: String) throws {
    let url = URL(filePath: path)
    var bytes = try Data(contentsOf: url)
    // As a crash leaves it: another file, since a mapped one must not be shortened.
    try FileManager.default.removeItem(at: url)
    switch self {
    case .lost: return
    case .torn(let byte): bytes = bytes.prefix(byte < 0 ? bytes.count + byte : byte)
    case .flipped(let byte): bytes[byte < 0 ? bytes.count + byte : byte] ^= 0x10
    }
    try bytes.write(to: url)
  }
}

/// An assistant's files in a store, with made-up vectors.
actor Shelf {
  static let exactLimit = 100

  let bench: TestBench
  let assistant: Identifier<Assistant>
  let namespace: Namespace
  private(set) var files: [Identifier<File>] = []
  private var state: UInt64 = 1

  init() async throws {
    bench = try await TestBench(ScriptedModel([]))
    assistant = try await bench.store.saveAssistant(
      .random(), of: bench.user.id, name: "A", config: [:], isPublic: false
    ).id
    namespace = .assistant(assistant)
  }

  nonisolated var directory: String { bench.directory.path + "/indexes" }

  nonisolated private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  nonisolated var settings: IndexSettings {
    var settings = IndexSettings()
    settings.exactLimit = Shelf.exactLimit
    return settings
  }

  nonisolated var path: String {
    IndexCache(
      directory: directory, parameters: settings.parameters, space: .standard, logger: logger
    ).path(of: namespace)
  }

  /// As a process that starts finds things.
  nonisolated func keeper(_ settings: IndexSettings? = nil) -> IndexKeeper {
    IndexKeeper(
      store: bench.store, directory: directory, settings: settings ?? self.settings, logger: logger)
  }

  /// Reads what is there into a keeper and lets it save.
  @discardableResult
  nonisolated func save(_ keeper: IndexKeeper? = nil) async throws -> IndexKeeper {
    let keeper = keeper ?? self.keeper()
    let query = [Float](repeating: 1, count: VectorSpace.standard.dimensions)
    _ = try await keeper.search(query, in: [namespace], count: 1)
    // Counted as changed once it is linked.
    while await keeper.loaded[namespace]?.hasUnsavedChanges == false {
      try await Task.sleep(for: .milliseconds(2))
    }
    await keeper.saveQuiet(since: .zero)
    await keeper.finishSaving()
    return keeper
  }

  /// Stores a file of so many chunks.
  func store(count: Int, withVectors: Bool = true) async throws -> [(id: Int64, vector: [Float])] {
    let blob = try bench.store.blobs.create()
    try blob.append(Array("\(UUID())".utf8))
    let file = File(
      userID: bench.user.id, namespace: namespace, name: "\(UUID()).txt", mediaType: "text/plain",
      sizeBytes: 1,
      hash: try await blob.finish())
    files.append(file.id)
    try await bench.store.receive(file)
    let chunks = (0..<count).map { place in
      Chunk(
        fileID: file.id, ordinal: place, text: "\(place)", start: 0, end: 1, page: nil, endPage: nil,
        headings: [])
    }
    let vectors = (0..<count).map { _ in
      (0..<VectorSpace.standard.dimensions).map { _ in random() }
    }
    let stored = try await bench.store.index(
      file.id, text: ExtractedText(text: "x"), mediaType: "text/plain", chunks: chunks,
      vectors: withVectors ? vectors : nil, model: VectorSpace.standard.model)
    return zip(stored, vectors).map { (id: $0.key, vector: $1) }
  }

  /// SplitMix64 from seed 1, -1 to 1.
  private func random() -> Float {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Float(Int32(truncatingIfNeeded: (z ^ (z >> 31)) >> 32)) / 0x1p31
  }

  /// That the keeper knows these and no others, and finds each.
  nonisolated func expect(
    _ vectors: some Collection<(id: Int64, vector: [Float])>, from keeper: IndexKeeper,
    all: [(id: Int64, vector: [Float])]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for (id, vector) in vectors {
      let found = try await keeper.search(vector, in: [namespace], count: 3)
      #expect(found.first?.id == id, sourceLocation: sourceLocation)
      #expect(abs((found.first?.score ?? 0) - 1) < 1e-4, sourceLocation: sourceLocation)
    }
    let ids = await keeper.loaded[namespace]?.index.ids ?? []
    #expect(Set(ids) == Set(all?.map(\.id) ?? vectors.map(\.id)), sourceLocation: sourceLocation)
  }
}
