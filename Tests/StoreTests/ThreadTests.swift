import Conversation
import Store
import Testing

struct ThreadTests {
  @Test func `a thread is made, changed and deleted`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let second = try await store.saveAssistant(
      .random(), of: anna.user.id, name: "Second", config: [:], isPublic: false)
    let changed = try await store.saveThread(
      anna.thread.id, of: anna.user.id, assistantID: second.id, name: "New name", metadata: nil)
    #expect(try await store.thread(anna.thread.id, of: anna.user.id) == changed)
    #expect(changed.assistantID == second.id && changed.name == "New name" && changed.metadata == .null)
    #expect(try await store.deleteThread(anna.thread.id, of: anna.user.id))
    #expect(try await store.thread(anna.thread.id, of: anna.user.id) == nil)
    #expect(try await store.deleteThread(anna.thread.id, of: anna.user.id) == false)
  }

  @Test func `a thread needs an assistant that exists`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    await #expect(throws: StoreError.assistantNotFound) {
      try await test.store.saveThread(
        .random(), of: anna.user.id, assistantID: .random(), name: "x", metadata: [:])
    }
    #expect(try await test.store.threads(of: anna.user.id).count == 1)
  }

  @Test func `the thread used last comes first`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let second = try await store.saveThread(
      .random(), of: anna.user.id, assistantID: anna.assistant.id, name: "Second", metadata: [:])
    #expect(try await store.threads(of: anna.user.id).map(\.id) == [second.id, anna.thread.id])
    try await anna.say("hello", in: store)
    #expect(try await store.threads(of: anna.user.id).map(\.id) == [anna.thread.id, second.id])
  }

  @Test func `a thread outlives its assistant`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    try await anna.say("hello", in: store)
    #expect(try await store.deleteAssistant(anna.assistant.id, of: anna.user.id))
    let thread = try #require(try await store.thread(anna.thread.id, of: anna.user.id))
    #expect(thread.assistantID == nil)
    #expect(try await store.snapshot(of: thread.id)?.texts == ["hello"])
  }

  @Test func `a thread made again under its old id is empty`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    try await anna.say("hello", in: store)
    try await anna.file(["notes"], in: .thread(anna.thread.id), store: store)
    try await store.deleteThread(anna.thread.id, of: anna.user.id)
    _ = try await store.saveThread(
      anna.thread.id, of: anna.user.id, assistantID: anna.assistant.id, name: "Again", metadata: [:])
    #expect(try await store.snapshot(of: anna.thread.id) == nil)
    #expect(try await store.files(in: .thread(anna.thread.id)).isEmpty)
    #expect(try await store.searchText("notes", in: [.thread(anna.thread.id)], count: 4).isEmpty)
  }
}
