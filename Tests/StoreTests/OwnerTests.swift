import Conversation
import Foundation
import Store
import Testing

struct OwnerTests {
  @Test func `a user is made once for each subject`() async throws {
    let test = try TestStore()
    let anna = try await test.store.user(subject: "anna")
    #expect(try await test.store.user(subject: "anna") == anna)
    #expect(try await test.store.user(subject: "Anna").id != anna.id)
    #expect(try await test.store.user(subject: "").id != anna.id)
  }

  @Test func `a subject with a NUL is nobody else's`() async throws {
    let test = try TestStore()
    let anna = try await test.store.user(subject: "anna")
    let other = try await test.store.user(subject: "anna\0x")
    #expect(other.id != anna.id)
    #expect(try await test.store.user(subject: "anna\0x") == other)
  }

  @Test func `users seen at once for the first time are one user`() async throws {
    let test = try TestStore()
    let ids = try await withThrowingTaskGroup(of: Identifier<User>.self) { group in
      for _ in 0..<32 { group.addTask { try await test.store.user(subject: "anna").id } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  @Test func `everything of one user is not there for another`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store).user.id
    let run = anna.run()
    let input = anna.checkpoint(run: run)
    try await store.beginRun(run, inputs: [(input, StateUpdate(messages: [.human("secret")]))])
    let (file, _) = try await anna.file(["secret"], store: store)

    #expect(try await store.assistant(anna.assistant.id, visibleTo: eve) == nil)
    #expect(try await store.thread(anna.thread.id, of: eve) == nil)
    #expect(try await store.run(run.id, of: eve) == nil)
    #expect(try await store.runs(of: anna.thread.id, user: eve).isEmpty)
    #expect(try await store.file(file.id, visibleTo: eve) == nil)
    #expect(try await store.assistants(of: eve).allSatisfy { $0.userID == eve })
    #expect(try await store.threads(of: eve).allSatisfy { $0.userID == eve })
    #expect(try await store.publicAssistants().isEmpty)
    await #expect(throws: StoreError.notFound) {
      try await store.assistantVersions(of: anna.assistant.id, user: eve)
    }
  }

  @Test func `nobody changes or deletes what is another's`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let (file, _) = try await anna.file(["secret"], store: store)

    await #expect(throws: StoreError.notFound) {
      try await store.saveAssistant(
        anna.assistant.id, of: eve.user.id, name: "mine", config: [:], isPublic: true)
    }
    await #expect(throws: StoreError.notFound) {
      try await store.saveThread(
        anna.thread.id, of: eve.user.id, assistantID: eve.assistant.id, name: "mine", metadata: [:])
    }
    #expect(try await store.deleteAssistant(anna.assistant.id, of: eve.user.id) == false)
    #expect(try await store.deleteThread(anna.thread.id, of: eve.user.id) == false)
    #expect(try await store.deleteFile(file.id, of: eve.user.id) == nil)
    for namespace in [Namespace.assistant(anna.assistant.id), .thread(anna.thread.id)] {
      let planted = File(
        userID: eve.user.id, namespace: namespace, name: "x", mediaType: "text/plain", sizeBytes: 0,
        hash: String(repeating: "0", count: 64))
      await #expect(throws: StoreError.notFound) { try await store.receive(planted) }
    }

    #expect(try await store.assistant(anna.assistant.id, visibleTo: anna.user.id) == anna.assistant)
    #expect(try await store.thread(anna.thread.id, of: anna.user.id) == anna.thread)
    #expect(try await store.file(file.id, visibleTo: anna.user.id) != nil)
  }

  @Test func `a public assistant and its files are everybody's to read and its owner's to change`()
    async throws
  {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let (file, _) = try await anna.file(["open"], store: store)
    let open = try await store.saveAssistant(
      anna.assistant.id, of: anna.user.id, name: "Open", config: [:], isPublic: true)

    #expect(try await store.assistant(open.id, visibleTo: eve.user.id) == open)
    #expect(try await store.publicAssistants() == [open])
    #expect(try await store.assistants(of: eve.user.id).map(\.id) == [eve.assistant.id])
    #expect(try await store.file(file.id, visibleTo: eve.user.id)?.id == file.id)
    #expect(try await store.deleteAssistant(open.id, of: eve.user.id) == false)
    #expect(try await store.deleteFile(file.id, of: eve.user.id) == nil)
    await #expect(throws: StoreError.notFound) {
      try await store.saveAssistant(open.id, of: eve.user.id, name: "Eve's", config: [:], isPublic: false)
    }
  }

  @Test func `a checkpoint of one thread is none of another`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let secret = try await anna.say("secret", in: store)

    #expect(try await store.snapshot(of: eve.thread.id, at: secret.id) == nil)
    await #expect(throws: StoreError.notFound) {
      try await store.history(of: eve.thread.id, before: secret.id)
    }
    await #expect(throws: StoreError.notFound) { try await eve.say("mine", after: secret, in: store) }
    #expect(try await store.snapshot(of: eve.thread.id) == nil)
  }
}
