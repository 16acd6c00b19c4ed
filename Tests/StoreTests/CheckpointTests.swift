import Conversation
import Store
import Testing

struct CheckpointTests {
  @Test func `a thread without checkpoints has no state`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    #expect(try await test.store.snapshot(of: anna.thread.id) == nil)
    #expect(try await test.store.snapshot(of: anna.thread.id, at: .random()) == nil)
    #expect(try await test.store.snapshot(of: .random()) == nil)
    #expect(try await test.store.history(of: anna.thread.id).isEmpty)
  }

  @Test func `the head is what was committed last`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let first = try await anna.say("one", in: test.store)
    let second = try await anna.say("two", after: first, in: test.store)
    let head = try #require(try await test.store.snapshot(of: anna.thread.id))
    #expect(head.texts == ["one", "two"])
    #expect(head.checkpoint == second)
    #expect(try await test.store.snapshot(of: anna.thread.id, at: first.id)?.texts == ["one"])
  }

  @Test func `going on from an older checkpoint makes a branch and leaves the other as it is`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let one = try await anna.say("one", in: store)
    let two = try await anna.say("two", after: one, in: store)
    let three = try await anna.say("three", after: two, in: store)
    let fork = try await anna.say("other", after: one, in: store)
    #expect(try await store.snapshot(of: anna.thread.id)?.texts == ["one", "other"])
    let back = try await anna.say("four", after: three, in: store)
    #expect(try await store.snapshot(of: anna.thread.id)?.texts == ["one", "two", "three", "four"])
    _ = try await anna.say("deep", after: fork, in: store)
    #expect(try await store.snapshot(of: anna.thread.id)?.texts == ["one", "other", "deep"])
    #expect(
      try await store.snapshot(of: anna.thread.id, at: back.id)?.texts == ["one", "two", "three", "four"])
    #expect(try await store.snapshot(of: anna.thread.id, at: two.id)?.texts == ["one", "two"])
    #expect(try await store.history(of: anna.thread.id, limit: 2).map(\.texts.last) == ["deep", "four"])
    #expect(
      try await store.history(of: anna.thread.id, before: fork.id).map(\.texts.last) == [
        "three", "two", "one",
      ])
  }

  @Test func `every field of a checkpoint comes back`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let parent = try await anna.say("one", in: test.store)
    let checkpoint = Checkpoint(
      threadID: anna.thread.id, parentID: parent.id, runID: .random(), step: 7, source: .update,
      node: .invokeRetrieval, next: [.action, .agent])
    try await test.store.commit(checkpoint, update: StateUpdate())
    #expect(try await test.store.snapshot(of: anna.thread.id)?.checkpoint == checkpoint)
  }

  @Test func `the same checkpoint cannot be committed twice`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let checkpoint = try await anna.say("one", in: test.store)
    await #expect(throws: StoreError.self) {
      try await test.store.commit(checkpoint, update: StateUpdate(messages: [.human("twice")]))
    }
    #expect(try await test.store.history(of: anna.thread.id).map(\.texts) == [["one"]])
  }
}
