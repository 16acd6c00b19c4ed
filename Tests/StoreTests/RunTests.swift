import Conversation
import Store
import Testing

struct RunTests {
  @Test func `a run and its input begin together`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let run = anna.run()
    let input = anna.checkpoint(run: run, next: [.agent])
    try await store.beginRun(run, inputs: [(input, StateUpdate(messages: [.human("hi")], messageCount: 1))])
    #expect(try await store.run(run.id, of: anna.user.id) == run)
    let head = try #require(try await store.snapshot(of: anna.thread.id))
    #expect(head.checkpoint == input)
    #expect(head.texts == ["hi"] && head.state.messageCount == 1)
  }

  @Test func `an input that cannot be stored leaves no run behind`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let run = anna.run()
    let orphan = anna.checkpoint(after: anna.checkpoint(), run: run)
    await #expect(throws: StoreError.notFound) {
      try await test.store.beginRun(run, inputs: [(orphan, StateUpdate(messages: [.human("hi")]))])
    }
    #expect(try await test.store.run(run.id, of: anna.user.id) == nil)
    #expect(try await test.store.snapshot(of: anna.thread.id) == nil)
    #expect(try await test.store.openRuns().isEmpty)
  }

  @Test func `a second run on a thread is told which one is in the way`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let first = anna.run()
    try await store.beginRun(first)
    await #expect(throws: StoreError.threadBusy(first.id)) { try await store.beginRun(anna.run()) }
    for status in [Run.Status.success, .error, .interrupted, .cancelled] {
      try await store.setRun(first.id, status: status)
      let next = anna.run()
      try await store.beginRun(next)
      try await store.setRun(next.id, status: .success)
    }
  }

  @Test func `runs wait in line and start one after the other`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (first, second, third) = (anna.run(), anna.run(.pending), anna.run(.pending))
    for run in [first, second, third] { try await store.beginRun(run) }
    #expect(try await store.openRuns().map(\.id) == [first.id, second.id, third.id])
    await #expect(throws: StoreError.threadBusy(first.id)) {
      try await store.setRun(second.id, status: .running)
    }
    try await store.setRun(first.id, status: .success)
    await #expect(throws: StoreError.self) { try await store.beginRun(anna.run()) }
    try await store.setRun(second.id, status: .running)
    #expect(try await store.openRuns().map(\.status) == [.running, .pending])
    #expect(
      try await store.runs(of: anna.thread.id, user: anna.user.id).map(\.id) == [
        third.id, second.id, first.id,
      ])
    #expect(
      try await store.runs(of: anna.thread.id, user: anna.user.id, page: Page(limit: 1, offset: 1)).map(\.id)
        == [second.id])
  }

  @Test func `of many runs started at once on one thread exactly one runs`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let started = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask { (try? await test.store.beginRun(anna.run())) != nil }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(started == 1)
  }

  @Test func `a checkpoint can end its run, with the reason for a failure`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let run = anna.run()
    let input = anna.checkpoint(run: run)
    try await store.beginRun(run, inputs: [(input, StateUpdate())])
    let failure = RunFailure(code: "model_unreachable", message: "Try again.", statusCode: 502)
    let last = anna.checkpoint(after: input, run: run)
    try await store.commit(last, update: StateUpdate(), ending: .error, failure: failure)
    let ended = try #require(try await store.run(run.id, of: anna.user.id))
    #expect(ended.status == .error && ended.failure == failure)
    #expect(ended.updatedAt >= run.updatedAt)
    #expect(try await store.openRuns().isEmpty)
  }

  @Test func `a commit that cannot end its run stores nothing`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let unknown = anna.checkpoint(run: anna.run())
    await #expect(throws: StoreError.notFound) {
      try await test.store.commit(unknown, update: StateUpdate(messages: [.human("x")]), ending: .success)
    }
    #expect(try await test.store.snapshot(of: anna.thread.id) == nil)
    await #expect(throws: StoreError.notFound) { try await test.store.setRun(.random(), status: .success) }
  }

  @Test func `nothing can be committed to a deleted thread`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let first = try await anna.say("hello", in: test.store)
    try await test.store.deleteThread(anna.thread.id, of: anna.user.id)
    await #expect(throws: StoreError.notFound) { try await anna.say("still", after: first, in: test.store) }
    await #expect(throws: StoreError.notFound) { try await test.store.beginRun(anna.run()) }
  }
}
