import Conversation
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct UsageTests {
  private func use(_ run: Run, _ model: String, _ output: Int, cost: Int?, day: String = "2026-11-24") throws
    -> UsageRecord
  {
    let time = try #require(Timestamp("\(day)T10:00:00.000000Z"))
    return UsageRecord(
      run: run, model: model, usage: TokenUsage(inputTokens: 10, outputTokens: output, cacheReadTokens: 4),
      costMicros: cost, createdAt: time)
  }

  @Test func `a checkpoint and what its call took are stored together`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let run = anna.run()
    try await test.store.beginRun(run)
    try await test.store.commit(
      anna.checkpoint(run: run), update: StateUpdate(messages: [.human("hi")]),
      use: use(run, "M", 5, cost: 70))
    let total = try await test.store.usage(of: run.id)
    #expect(total == UsageTotal(calls: 1, inputTokens: 10, cachedTokens: 4, outputTokens: 5, costMicros: 70))
    // One that cannot be stored leaves no use behind.
    let orphan = Checkpoint(
      threadID: .random(), parentID: nil, runID: run.id, step: 0, source: .loop, node: nil, next: [])
    await #expect(throws: StoreError.self) {
      try await test.store.commit(orphan, update: StateUpdate(), use: use(run, "M", 5, cost: 70))
    }
    #expect(try await test.store.usage(of: run.id).calls == 1)
  }

  @Test func `use is summed up by day, model and assistant, each user's alone`() async throws {
    let test = try TestStore()
    let (anna, bert) = (try await Person(in: test.store), try await Person(in: test.store))
    for (person, model, cost, day) in [
      (anna, "A", 5, "2026-11-23"), (anna, "A", 6, "2026-11-24"), (anna, "B", nil, "2026-11-24"),
      (bert, "A", 100, "2026-11-24"),
    ] as [(Person, String, Int?, String)] {
      try await test.store.record(use(person.run(), model, 1, cost: cost, day: day))
    }
    let own = UsageScope(user: anna.user.id)
    #expect(try await test.store.usageTotal(in: own).costMicros == 11)
    #expect(try await test.store.usageTotal(in: own).unpricedCalls == 1)
    #expect(try await test.store.usageTotal(in: UsageScope(user: nil)).costMicros == 111)
    let days = try await test.store.usage(by: .day, in: own)
    #expect(days.map(\.key) == ["2026-11-24", "2026-11-23"] && days.map(\.calls) == [2, 1])
    #expect(try await test.store.usage(by: .model, in: own).map(\.key) == ["A", "B"])
    #expect(
      try await test.store.usage(by: .model, in: own, page: Page(limit: 1, offset: 1)).map(\.key) == ["B"])
    #expect(
      try await test.store.usage(by: .assistant, in: own).map(\.key) == [anna.assistant.id.description])
    let yesterday = UsageScope(user: anna.user.id, firstDay: "2026-11-22", lastDay: "2026-11-23")
    #expect(try await test.store.usageTotal(in: yesterday).costMicros == 5)
    let since = try #require(Timestamp("2026-11-24T00:00:00.000000Z"))
    #expect(try await test.store.usage(of: anna.user.id, since: since).costMicros == 6)
  }

  @Test func `what was spent stays spent when the thread goes`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    try await test.store.record(use(anna.run(), "A", 1, cost: 9))
    try await test.store.deleteThread(anna.thread.id, of: anna.user.id)
    #expect(try await test.store.usageTotal(in: UsageScope(user: anna.user.id)).costMicros == 9)
  }

  @Test func `a model's key stays with its server and is kept when it is not given again`() async throws {
    let test = try TestStore()
    var definition = ModelDefinition(name: "Mine", provider: "compatible", model: "m")
    definition.baseURL = "https://a.example/v1"
    try await test.store.saveModel(definition, apiKey: "key")
    let held = try await test.store.pool.read { db in
      try Data.fetchOne(db, sql: "SELECT api_key FROM model")
    }
    #expect(held != nil && held?.range(of: Data("key".utf8)) == nil, "the database alone tells no key")
    definition.images = true
    try await test.store.saveModel(definition, apiKey: nil)
    #expect(try await test.store.models() == [StoredModel(definition: definition, apiKey: "key")])
    definition.baseURL = "https://b.example/v1"
    try await test.store.saveModel(definition, apiKey: nil)
    #expect(try await test.store.models().first?.apiKey == nil)
    #expect(try await test.store.deleteModel("Mine"))
    #expect(try await !test.store.deleteModel("Mine"))
  }

  @Test func `the least used answers make room`() async throws {
    let test = try TestStore()
    let body: JSON = .string(String(repeating: "x", count: 998))
    let fitting = 30
    for number in 0...fitting + 1 {
      try await test.store.keepModelResponse(body, under: "k\(number)", roomBytes: fitting * 1_000)
      if number == fitting - 10 { #expect(try await test.store.modelResponse("k0") == body) }
    }
    #expect(try await test.store.modelResponse("k0") != nil)
    #expect(try await test.store.modelResponse("k1") == nil)
    #expect(try await test.store.modelResponse("k\(fitting + 1)") != nil)
    try await test.store.keepModelResponse(.string(String(repeating: "x", count: 300_000)), under: "big")
    #expect(try await test.store.modelResponse("big") == nil)
  }
}
