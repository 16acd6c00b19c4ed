import Conversation
import Testing

@testable import Store

struct IdentityTests {
  @Test func `a user is a member until told otherwise`() async throws {
    let test = try TestStore()
    let user = try await test.store.user(subject: "anna", role: .viewer, name: "Anna")
    #expect(user.role == .viewer && user.name == "Anna" && user.disabledAt == nil)
    #expect(try await test.store.user(subject: "bert").role == .member)
    #expect(try await test.store.user(user.id) == user)
    #expect(try await test.store.user(.random()) == nil)
  }

  @Test func `a budget is completed by that of everybody`() async throws {
    let test = try TestStore()
    let user = try await test.store.user(subject: "anna")
    #expect(try await test.store.budget(of: user.id) == Budget())
    try await test.store.setBudget(Budget(requestsPerMinute: 60, storageBytes: 1_000), of: .everybody)
    try await test.store.setBudget(Budget(requestsPerMinute: 5), of: .user(user.id))
    #expect(
      try await test.store.budget(of: user.id) == Budget(requestsPerMinute: 5, storageBytes: 1_000))
    #expect(try await test.store.ownBudget(of: .user(user.id)) == Budget(requestsPerMinute: 5))
    try await test.store.setBudget(Budget(), of: .user(user.id))
    #expect(try await test.store.budget(of: user.id).requestsPerMinute == 60)
  }

  @Test func `the audit log is read by user, by kind of action and page by page`() async throws {
    let test = try TestStore()
    let user = try await test.store.user(subject: "anna")
    for action in ["user.create", "user.disable", "username.change"] {
      try await test.store.audit(
        AuditEntry(userID: action == "user.disable" ? user.id : nil, userName: "Anna", action: action))
    }
    let all = try await test.store.auditEntries(limit: 10)
    #expect(all.map(\.action) == ["username.change", "user.disable", "user.create"])
    #expect(try await test.store.auditEntries(.init(action: "user"), limit: 10).count == 2)
    #expect(
      try await test.store.auditEntries(.init(userID: user.id), limit: 10).map(\.action) == ["user.disable"])
    let older = try await test.store.auditEntries(.init(before: all[0].sequence), limit: 1)
    #expect(older.map(\.action) == ["user.disable"])
    #expect(try await test.store.forgetAudit(before: .now) == 3)
  }
}
