import Conversation
import Foundation
import Testing

@testable import Store

extension Person {
  var tool: CustomTool { CustomTool(userID: user.id, name: "Shop", baseURL: "https://shop.example") }
}

extension Checkpoint {
  func question(about call: String) -> Approval {
    Approval(
      checkpointID: id, callID: call, name: "mail", arguments: ["to": "bob"], argumentsHash: "h",
      cause: .permission)
  }
}

struct CustomToolTests {
  @Test func `a tool is its owner's alone`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    var tool = try await store.saveCustomTool(anna.tool, document: ["openapi": "3.1.0"])
    #expect(try await store.customTools(of: anna.user.id) == [tool])
    #expect(try await store.customTools(of: eve.user.id).isEmpty)
    #expect(try await store.customTool(tool.id, of: [eve.user.id]) == nil)
    #expect(try await store.customTool(tool.id, of: [eve.user.id, anna.user.id]) == tool)
    #expect(try await !store.deleteCustomTool(tool.id, of: eve.user.id))
    tool.userID = eve.user.id
    let stolen = tool
    await #expect(throws: StoreError.notFound) { _ = try await store.saveCustomTool(stolen, document: nil) }
    #expect(try await store.document(of: tool.id) == ["openapi": "3.1.0"])
  }

  @Test func `a secret is kept sealed, beside its key, and can be changed and taken away`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let secret = "s3cret-\(UUID().uuidString)"
    let tool = try await store.saveCustomTool(anna.tool, document: [:], secret: .set(secret))
    #expect(tool.hasSecret)
    #expect(try await store.secret(of: tool.id) == secret)
    _ = try await store.saveCustomTool(tool, document: nil)
    #expect(try await store.secret(of: tool.id) == secret)
    store.close()
    for name in try FileManager.default.contentsOfDirectory(atPath: test.directory) {
      let bytes = FileManager.default.contents(atPath: "\(test.directory)/\(name)") ?? Data()
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
    }
    let mode = try FileManager.default.attributesOfItem(atPath: test.directory + "/secrets.key")[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `a sealed secret opens in its own row and with its own key only`() throws {
    let test = try TestStore()
    let box = SecretBox(directory: test.directory)
    let sealed = try box.sealed("hush", for: "a")
    #expect(try box.opened(sealed, for: "a") == "hush")
    #expect(throws: StoreError.self) { try box.opened(sealed, for: "b") }
    #expect(throws: StoreError.self) { try box.opened(Array(sealed.dropLast()), for: "a") }
    try FileManager.default.removeItem(atPath: test.directory + "/secrets.key")
    #expect(throws: StoreError.self) { try box.opened(sealed, for: "a") }
  }

  @Test func `what was asked stays open until it is decided, and is then noted`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let run = anna.run()
    let asked = anna.checkpoint(run: run, next: [.action])
    try await store.beginRun(run, inputs: [(asked, StateUpdate(messages: [.human("hi")]))])
    try await store.ask([asked.question(about: "0:a"), asked.question(about: "1:b")], interrupting: run.id)
    #expect(try await store.run(run.id, of: anna.user.id)?.status == .interrupted)
    var approvals = try await store.approvals(at: asked.id)
    #expect(approvals.map(\.callID) == ["0:a", "1:b"] && approvals.allSatisfy { $0.decision == nil })
    let second = anna.run()
    approvals[0].decision = Approval.Decision(
      action: .refuse, arguments: nil, reason: "no", userID: anna.user.id, runID: second.id, decidedAt: .now)
    try await store.beginRun(second, decided: approvals)
    #expect(try await store.approvals(of: anna.thread.id).map { $0.decision?.reason } == ["no", nil])
    // Asking again forgets no decision.
    try await store.ask([asked.question(about: "0:a")], interrupting: second.id)
    #expect(try await store.approvals(at: asked.id)[0].decision?.action == .refuse)
  }
}
