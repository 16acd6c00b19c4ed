import Conversation
import Store
import Testing

struct AssistantTests {
  @Test func `an assistant is kept exactly as it was saved`() async throws {
    let test = try TestStore()
    let user = try await test.store.user(subject: "anna")
    let config: JSON = [
      "configurable": ["type": "agent", "tools": [["type": "x", "n": 1.5]], "e": nil, "ü": "🦜\n"]
    ]
    let saved = try await test.store.saveAssistant(
      .random(), of: user.id, name: "Größe \"x\"", config: config, isPublic: false)
    #expect(saved.config == config)
    #expect(try await test.store.assistant(saved.id, visibleTo: user.id) == saved)
  }

  @Test func `each change adds a version, and saving the same adds none`() async throws {
    let test = try TestStore()
    let store = test.store
    let user = try await store.user(subject: "anna").id
    let id = Identifier<Assistant>.random()
    for (name, config, isPublic) in [
      ("a", [:], false), ("a", [:], false), ("b", [:], false), ("b", ["k": 1], false), ("b", ["k": 1], true),
    ] as [(String, JSON, Bool)] {
      _ = try await store.saveAssistant(id, of: user, name: name, config: config, isPublic: isPublic)
    }
    let versions = try await store.assistantVersions(of: id, user: user)
    #expect(versions.map(\.version) == [4, 3, 2, 1])
    #expect(versions.map(\.name) == ["b", "b", "b", "a"])
    #expect(versions.map(\.isPublic) == [true, false, false, false])
    #expect(versions.map(\.config) == [["k": 1], ["k": 1], [:], [:]])
    #expect(
      try await store.assistantVersions(of: id, user: user, page: Page(limit: 2, offset: 1)).map(\.version)
        == [3, 2])
  }

  @Test func `lists are in pages, newest first`() async throws {
    let test = try TestStore()
    let store = test.store
    let user = try await store.user(subject: "anna").id
    var names: [String] = []
    for number in 0..<5 {
      names.insert("\(number)", at: 0)
      _ = try await store.saveAssistant(.random(), of: user, name: "\(number)", config: [:], isPublic: true)
    }
    #expect(try await store.assistants(of: user).map(\.name) == names)
    #expect(try await store.publicAssistants().map(\.name) == names)
    #expect(try await store.assistants(of: user, page: Page(limit: 2, offset: 2)).map(\.name) == ["2", "1"])
    #expect(try await store.publicAssistants(page: Page(limit: 1, offset: 4)).map(\.name) == ["0"])
    #expect(try await store.assistants(of: user, page: Page(limit: -1, offset: -9)).isEmpty)
    #expect(try await store.assistants(of: user, page: Page(limit: 9, offset: .max)).isEmpty)
  }
}
