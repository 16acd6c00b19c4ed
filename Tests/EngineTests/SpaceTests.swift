import Conversation
import Embedding
import Foundation
import Providers
import Store
import Synchronization
import Testing

@testable import Engine

/// Changing the embedding model: the earlier one serves until the new one is ready, and can be had back.
@Suite(.timeLimit(.minutes(1))) struct SpaceTests {
  private let house = House()

  @Test func `the earlier model serves until each chunk has its new vector, then the new one does`()
    async throws
  {
    let assistant = try await house.filled(files: 5)
    house.new.gate.close()
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.beside?.progress != nil }
      let report = await bench.engine.spaceKeeper.report
      #expect(report.serving == "old" && report.wanted == "new" && report.beside?.model == "new")
      #expect(report.beside?.state == .building)
      let asked = house.old.texts.count
      let found = try await bench.engine.searcher.outcome(of: Search("honey 3", in: [assistant]))
      #expect(found.comparedMeaning && found.passages.first?.vectorRank == 1)
      #expect(house.old.texts.count == asked + 1, "the question was embedded by the model that serves")
      // What comes meanwhile is searchable at once, and gets both vectors.
      try await bench.add("honey late", to: assistant)
      house.new.gate.open()
      try await bench.wait { $0.serving == "new" }
      #expect(try await bench.store.vectorCounts(model: "new") == (6, 6))
      #expect(await bench.engine.spaceKeeper.report.beside?.state == .earlier)
      let after = try await bench.engine.searcher.outcome(of: Search("honey 3", in: [assistant]))
      #expect(after.comparedMeaning && after.passages.first?.vectorRank == 1)
      #expect(house.new.texts.last == "honey 3")
    }
    try await house.open(wanting: .new) { bench in
      try await bench.wait { _ in true }
      #expect(await bench.engine.spaceKeeper.report.serving == "new")
    }
  }

  @Test func `a change can be taken back, and stays so through a restart`() async throws {
    let assistant = try await house.filled(files: 3)
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.serving == "new" }
      try await bench.add("honey late", to: assistant)
      try await bench.engine.spaceKeeper.undo()
      #expect(await bench.engine.spaceKeeper.report.serving == "old")
      // What the former model had not seen gets its vectors behind the searches.
      while try await bench.store.vectorCounts(model: "old").made < 4 {
        try await Task.sleep(for: .milliseconds(5))
      }
      await #expect(throws: EngineError.self) { try await bench.engine.spaceKeeper.undo() }
    }
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.beside?.state == .stopped }
      #expect(await bench.engine.spaceKeeper.report.serving == "old")
      try await bench.engine.spaceKeeper.start()
      try await bench.wait { $0.serving == "new" }
    }
  }

  @Test func `a process that ends in between leaves what it made to the next`() async throws {
    _ = try await house.filled(files: 12)
    house.new.gate.close(after: 2)
    try await house.open(wanting: .new) { bench in
      while house.new.texts.count < 4 { try await Task.sleep(for: .milliseconds(2)) }
      while try await bench.store.vectorCounts(model: "new").made < 4 {
        try await Task.sleep(for: .milliseconds(2))
      }
    }
    let before = house.new.texts.count
    house.new.gate.open()
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.serving == "new" }
      #expect(try await bench.store.vectorCounts(model: "new") == (12, 12))
    }
    #expect(house.new.texts.count - before <= 12 - 4)
  }

  @Test func `what is stopped goes on only when it is begun again`() async throws {
    _ = try await house.filled(files: 6)
    house.new.gate.close(after: 1)
    try await house.open(wanting: .new) { bench in
      try await bench.wait { ($0.beside?.progress?.made ?? 0) > 0 }
      try await bench.engine.spaceKeeper.cancel()
      #expect(await bench.engine.spaceKeeper.report.beside?.state == .stopped)
      await #expect(throws: EngineError.self) { try await bench.engine.spaceKeeper.cancel() }
    }
    house.new.gate.open()
    try await house.open(wanting: .new) { bench in
      try await Task.sleep(for: .milliseconds(50))
      #expect(await bench.engine.spaceKeeper.report.serving == "old")
    }
    // The settings name the earlier model again: what was begun goes.
    try await house.open(wanting: .old) { bench in
      try await bench.wait { $0.beside == nil }
      while try await bench.store.vectorCounts(model: "new").made > 0 {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try await bench.store.vectorCounts(model: "old") == (6, 6))
    }
  }

  @Test func `wishes that come together begin one work, and what was dropped stays so`() async throws {
    _ = try await house.filled(files: 6)
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.serving == "new" }
      let keeper = bench.engine.spaceKeeper
      try await keeper.undo()
      try await keeper.drop()
      #expect(await keeper.report.beside?.state == .stopped)
    }
    let before = house.new.texts.count
    try await house.open(wanting: .new) { bench in
      try await Task.sleep(for: .milliseconds(50))
      #expect(await bench.engine.spaceKeeper.report.serving == "old" && house.new.texts.count == before)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try await bench.engine.spaceKeeper.start() } }
        try await group.waitForAll()
      }
      try await bench.wait { $0.serving == "new" }
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(house.new.texts.count - before == 6)
  }

  @Test(arguments: [1e300, 1e9]) func `no server makes us wait for more than an hour`(asked: Double) {
    var pause = RetryPause()
    #expect(pause.next(after: ModelError.rateLimited(retryAfterSeconds: asked)) == 3_600)
  }

  @Test func `what holds the new model up is told, and it is tried again`() async throws {
    let assistant = try await house.filled(files: 2)
    house.new.failure.withLock { $0 = .rateLimited(retryAfterSeconds: 600) }
    try await house.open(wanting: .new) { bench in
      try await bench.wait { $0.beside?.progress?.problem != nil }
      let part = try #require(await bench.engine.readiness().first { $0.name == "embedding" })
      #expect(part.detail.contains("0 of 2 chunks") && part.detail.contains("takes no more requests"))
      #expect(part.state == .ok, "searches are as good as before")
      #expect(try await bench.engine.searcher.outcome(of: Search("honey 1", in: [assistant])).comparedMeaning)
    }
  }

  @Test func `a model that is silent or refuses costs its meaning, and the person is told why`() async throws
  {
    let assistant = try await house.filled(files: 2)
    try await house.open(wanting: .old) { bench in
      for (failure, words) in [
        (ModelError.timedOut(cause: "secret address"), "silent"),
        (.rateLimited(retryAfterSeconds: 1), "no more requests"),
        (.unauthorized, "refused the key"),
      ] {
        house.old.failure.withLock { $0 = failure }
        let embedder = bench.engine.spaces.serving.embedder
        embedder.forgetFailure()
        let found = try await bench.engine.searcher.outcome(of: Search("honey", in: [assistant]))
        #expect(!found.comparedMeaning && found.passages.count == 2)
        let part = try #require(await bench.engine.readiness().first { $0.name == "embedding" })
        #expect(part.state == .degraded && part.detail.contains(words) && !part.detail.contains("secret"))
        // The next question does not wait for it.
        let asked = house.old.texts.count
        _ = try await bench.engine.searcher.outcome(of: Search("honey", in: [assistant]))
        #expect(house.old.texts.count == asked)
      }
    }
  }
}

/// A data directory, and two models that processes there ask, one after the other.
private final class House: Sendable {
  let directory = FileManager.default.temporaryDirectory.appending(path: "spaces-\(UUID())")
  let old = CountingModel(name: "old", dimensions: 8)
  let new = CountingModel(name: "new", dimensions: 12)

  enum Model { case old, new }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// An engine over the directory that works while `body` does.
  func open(wanting model: Model, _ body: (TestBench) async throws -> Void) async throws {
    let (old, new) = (old, new)
    let setup = EmbeddingSetup(wanted: .builtIn(model == .old ? .float32 : .int8)) { definition in
      guard case .builtIn(let precision) = definition else { throw ModelError.unauthorized }
      return .remote(precision == .float32 ? old : new)
    }
    let copy = directory.appending(path: "data")
    let bench = try await TestBench(
      ScriptedModel([]), directory: copy, embedding: setup, keepsDirectory: true)
    let work = Task { try await bench.engine.run() }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(bench)) } catch { outcome = .failure(error) }
    work.cancel()
    _ = await work.result
    bench.store.close()
    try outcome.get()
  }

  /// An assistant with so many files of one chunk, embedded by the old model.
  func filled(files: Int) async throws -> Namespace {
    var namespace: Namespace?
    try await open(wanting: .old) { bench in
      let assistant = try await bench.store.saveAssistant(
        .random(), of: bench.user.id, name: "A", config: [:], isPublic: false)
      namespace = .assistant(assistant.id)
      for number in 0..<files { try await bench.add("honey \(number)", to: .assistant(assistant.id)) }
    }
    return try #require(namespace)
  }
}

extension TestBench {
  fileprivate func add(_ text: String, to namespace: Namespace) async throws {
    _ = try await ingest(text, named: "\(text).txt", into: namespace)
  }

  fileprivate func wait(for isSo: (SpaceReport) -> Bool) async throws {
    while !isSo(await engine.spaceKeeper.report) { try await Task.sleep(for: .milliseconds(2)) }
  }
}

/// Vectors by a text's letters; counts what it was asked, and holds or fails when told.
private final class CountingModel: EmbeddingModel {
  let name: String
  let dimensions: Int
  let batchSize = 2
  let gate = Gate()
  let failure = Mutex<ModelError?>(nil)
  private let asked = Mutex<[String]>([])

  init(name: String, dimensions: Int) {
    (self.name, self.dimensions) = (name, dimensions)
  }

  var texts: [String] { asked.withLock { $0 } }

  func embed(_ texts: [String], as purpose: EmbeddingPurpose) async throws(ModelError) -> [[Float]] {
    if let failure = failure.withLock({ $0 }) {
      asked.withLock { $0 += texts }
      throw failure
    }
    do { try await gate.pass() } catch { throw .cancelled }
    asked.withLock { $0 += texts }
    return texts.map { text in
      var vector = [Float](repeating: 0.01, count: dimensions)
      for byte in text.utf8 { vector[Int(byte) % dimensions] += 1 }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
  }
}

/// Lets calls through, or holds them until it is opened or their task is cancelled.
private final class Gate: Sendable {
  private let left = Mutex(Int.max)

  func close(after calls: Int = 0) { left.withLock { $0 = calls } }
  func open() { left.withLock { $0 = .max } }

  func pass() async throws {
    while true {
      let mayPass = left.withLock { left in
        if left > 0, left < .max { left -= 1; return true }
        return left > 0
      }
      if mayPass { return }
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
