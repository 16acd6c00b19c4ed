import Conversation
import GRDB
import Synchronization
import Testing

@testable import Store

@Suite struct AuditRecordTests {
  private func entry(_ object: String = "", _ detail: JSON = [:]) -> AuditEntry {
    AuditEntry(userID: nil, userName: "Anna", action: "group.create", object: object, detail: detail)
  }

  private func names(_ store: Store) async throws -> [String] { try await store.groups().map(\.name) }

  @Test func `a change carries its entry, and what becomes known later is added to it`() async throws {
    let test = try TestStore()
    let store = test.store
    let object = Mutex("")
    let record = AuditRecord { entry(object.withLock { $0 }) }
    try await AuditRecord.$current.withValue(record) {
      _ = try await store.saveGroup(.random(), name: "one")
      #expect(try await store.auditEntries(limit: 10).map(\.action) == ["group.create"])
      _ = try await store.saveGroup(.random(), name: "two")
    }
    object.withLock { $0 = "group one" }
    try await store.finish(record)
    #expect(try await store.auditEntries(limit: 10).map(\.object) == ["group one"])
    try await store.finish(record)
    #expect(try await store.auditEntries(limit: 10).count == 1)
  }

  @Test func `a change that cannot be recorded is not made`() async throws {
    let test = try TestStore()
    let store = test.store
    try await store.pool.write { db in
      try db.execute(
        sql: "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END")
    }
    let record = AuditRecord { entry() }
    await #expect(throws: StoreError.self) {
      try await AuditRecord.$current.withValue(record) {
        _ = try await store.saveGroup(.random(), name: "one")
      }
    }
    #expect(try await names(store).isEmpty)
  }

  @Test func `what is not made is not recorded, and the next try is`() async throws {
    let test = try TestStore()
    let store = test.store
    _ = try await store.saveGroup(.random(), name: "one")
    let record = AuditRecord { entry() }
    try await AuditRecord.$current.withValue(record) {
      await #expect(throws: StoreError.taken("one")) { try await store.saveGroup(.random(), name: "one") }
      #expect(try await store.auditEntries(limit: 10).isEmpty)
      _ = try await store.saveGroup(.random(), name: "two")
    }
    #expect(try await store.auditEntries(limit: 10).count == 1)
    record.abandon()
    #expect(try await store.auditEntries(limit: 10).count == 1)
  }

  @Test func `notes of use carry nothing, and neither does work that is left behind`() async throws {
    let test = try TestStore()
    let store = test.store
    let record = AuditRecord { entry() }
    try await AuditRecord.$current.withValue(record) {
      let user = try await store.user(subject: "anna")
      try await store.audit(AuditEntry(userID: user.id, userName: "", action: "session.refuse"))
      #expect(try await store.auditEntries(limit: 10).map(\.action) == ["session.refuse"])
      record.abandon()
      _ = try await store.saveGroup(.random(), name: "later")
    }
    #expect(try await store.auditEntries(limit: 10).count == 1)
  }
}
