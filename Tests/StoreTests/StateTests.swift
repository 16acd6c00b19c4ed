import Conversation
import Store
import Testing

struct StateTests {
  @Test func `a message is replaced in place, removed, and may come back at the end`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    var parent: Checkpoint?
    for update in [
      StateUpdate(messages: [.human("a", id: "1"), .assistant("b", id: "2"), .human("c", id: "3")]),
      StateUpdate(messages: [.assistant("B", id: "2")]),
      StateUpdate(removed: ["1"]),
      StateUpdate(messages: [.human("again", id: "1")], removed: ["3"]),
      StateUpdate(messageCount: 2),
    ] {
      let checkpoint = anna.checkpoint(after: parent)
      try await store.commit(checkpoint, update: update)
      parent = checkpoint
    }
    test.store.close()
    let again = try Store(directory: test.directory)
    defer { again.close() }
    let state = try #require(try await again.snapshot(of: anna.thread.id)).state
    #expect(state.messages.map(\.text) == ["B", "again"])
    #expect(state.messageCount == 2)
    #expect(
      try await again.history(of: anna.thread.id).map(\.texts)
        == [["B", "again"], ["B", "again"], ["B", "c"], ["a", "B", "c"], ["a", "b", "c"]])
  }

  @Test func `every field of a message comes back`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    var answer = Message.assistant(
      "NUL \0 and 🦜 \u{FEFF}",
      toolCalls: [ToolCall(name: "t", arguments: ["x": [1, 2.5, nil, true]], id: "c")])
    answer.usage = TokenUsage(inputTokens: 1, outputTokens: 2)
    answer.responseMetadata = ["model": "m"]
    answer.additionalKwargs = ["k": ["deep": ["er": "\""]]]
    answer.invalidToolCalls = [["name": "bad", "args": "{"]]
    var result = Message.toolResult(
      ["any": "json"], of: answer.toolCalls[0], artifact: [["page": 1]], status: .error)
    result.name = "t"
    let messages = [answer, result, Message(role: .human, content: [["type": "text", "text": "part"]])]
    let checkpoint = anna.checkpoint()
    try await test.store.commit(checkpoint, update: StateUpdate(messages: messages))
    let stored = try await test.store.history(of: anna.thread.id)
    #expect(stored.first?.state.messages == messages)
    #expect(stored.first?.checkpoint == checkpoint)
  }

  @Test(arguments: (0..<12).map { _ in UInt64.random(in: 0...UInt64.max) })
  func `random histories with forks fold as a plain list does`(seed: UInt64) async throws {
    print("seed \(seed)")
    var random = SplitMix(seed: seed)
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    var model = HistoryModel()
    for _ in 0..<60 {
      let parent = model.nextParent(&random)
      let checkpoint = anna.checkpoint(after: parent)
      let update = HistoryModel.update(&random)
      try await test.store.commit(checkpoint, update: update)
      model.add(checkpoint, update: update)
      if random.chance(1, in: 4) { try await expectSame(test.store, anna, model, &random) }
    }
    test.store.close()
    let again = try Store(directory: test.directory)
    try await expectSame(again, anna, model, &random)
    for checkpoint in model.checkpoints {
      let snapshot = try await again.snapshot(of: anna.thread.id, at: checkpoint.id)
      #expect(snapshot == model.snapshot(at: checkpoint))
    }
    again.close()
  }

  /// The head, one checkpoint, and the whole history in pages of a random size.
  private func expectSame(
    _ store: Store, _ anna: Person, _ model: HistoryModel, _ random: inout SplitMix
  ) async throws {
    #expect(try await store.snapshot(of: anna.thread.id) == model.checkpoints.last.map(model.snapshot))
    let limit = Int.random(in: 1...20, using: &random)
    var history: [Snapshot] = []
    while true {
      let page = try await store.history(
        of: anna.thread.id, before: history.last?.checkpoint.id, limit: limit)
      if page.isEmpty { break }
      #expect(page.count <= limit)
      history += page
    }
    #expect(history == model.checkpoints.reversed().map(model.snapshot))
  }
}

/// The same history, kept as simply as can be: each checkpoint with the list of all updates up to it.
private struct HistoryModel {
  var checkpoints: [Checkpoint] = []
  var paths: [Identifier<Checkpoint>: [StateUpdate]] = [:]

  mutating func add(_ checkpoint: Checkpoint, update: StateUpdate) {
    let path = checkpoint.parentID.flatMap { paths[$0] } ?? []
    paths[checkpoint.id] = path + [update]
    checkpoints.append(checkpoint)
  }

  func snapshot(at checkpoint: Checkpoint) -> Snapshot {
    var state = ThreadState()
    for update in paths[checkpoint.id] ?? [] { state.apply(update) }
    return Snapshot(checkpoint: checkpoint, state: state)
  }

  /// Mostly the head; sometimes any, or none.
  func nextParent(_ random: inout SplitMix) -> Checkpoint? {
    if random.chance(1, in: 30) { return nil }
    return random.chance(1, in: 4) ? checkpoints.randomElement(using: &random) : checkpoints.last
  }

  static func update(_ random: inout SplitMix) -> StateUpdate {
    var update = StateUpdate()
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let id = "m\(Int.random(in: 0..<20, using: &random))"
      update.messages.append(.human("text \(random.next() % 1000)", id: id))
    }
    if random.chance(1, in: 4) {
      update.removed = (0..<2).map { _ in "m\(Int.random(in: 0..<20, using: &random))" }
    }
    update.messageCount = Int.random(in: 0...2, using: &random)
    return update
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  mutating func chance(_ times: UInt64, in outOf: UInt64) -> Bool {
    next() % outOf < times
  }
}
