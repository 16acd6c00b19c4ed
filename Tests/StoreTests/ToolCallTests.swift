import Conversation
import Store
import Testing

struct ToolCallTests {
  @Test func `a call is known from before it starts until its result is in`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let checkpoint = try await anna.say("look it up", in: store)
    var calls = ["b", "a"].map { id in
      ToolCallRecord(
        runID: .random(), checkpointID: checkpoint.id, callID: id, name: "search", arguments: ["q": "x"])
    }
    try await store.beginToolCalls(calls)
    #expect(try await store.toolCalls(at: checkpoint.id) == calls)

    let call = ToolCall(name: "search", arguments: ["q": "x"], id: "b")
    calls[0].result = .toolResult("found", of: call, artifact: [["page": 3]])
    try await store.finishToolCall(calls[0])
    #expect(try await store.toolCalls(at: checkpoint.id) == calls)
  }

  @Test func `beginning a call again forgets no result`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let checkpoint = try await anna.say("look it up", in: store)
    var record = ToolCallRecord(
      runID: .random(), checkpointID: checkpoint.id, callID: "1", name: "mail", arguments: [:])
    try await store.beginToolCalls([record])
    record.result = .toolResult("sent", of: ToolCall(name: "mail", arguments: [:], id: "1"))
    try await store.finishToolCall(record)
    var again = record
    again.result = nil
    try await store.beginToolCalls([again])
    #expect(try await store.toolCalls(at: checkpoint.id) == [record])
  }

  @Test func `the same call id at two checkpoints is two calls`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let first = try await anna.say("one", in: store)
    let second = try await anna.say("two", after: first, in: store)
    for checkpoint in [first, second] {
      try await store.beginToolCalls([
        ToolCallRecord(
          runID: .random(), checkpointID: checkpoint.id, callID: "call_0", name: "t", arguments: [:])
      ])
    }
    #expect(try await store.toolCalls(at: first.id).count == 1)
    #expect(try await store.toolCalls(at: second.id).count == 1)
  }

  @Test func `a call of no checkpoint, or one never begun, is not found, and none of its batch is kept`()
    async throws
  {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let checkpoint = try await anna.say("one", in: store)
    func record(_ checkpoint: Identifier<Checkpoint>) -> ToolCallRecord {
      ToolCallRecord(runID: .random(), checkpointID: checkpoint, callID: "1", name: "t", arguments: [:])
    }
    await #expect(throws: StoreError.notFound) {
      try await store.beginToolCalls([record(checkpoint.id), record(.random())])
    }
    #expect(try await store.toolCalls(at: checkpoint.id).isEmpty)
    await #expect(throws: StoreError.notFound) { try await store.finishToolCall(record(checkpoint.id)) }
  }
}
