import Conversation
import Engine
import Foundation
import Hummingbird
import Store

/// Users, as administrators see to them: what they may do and take, never what they wrote.
struct UserRoutes: Sendable {
  let gate: Gate
  let engine: Engine

  func list(_ call: Call, _ caller: Caller) async throws -> Response {
    let users = try await gate.store.users(matching: call.query("q"), page: call.page())
    return try .json(users.map(UserReply.init))
  }

  func get(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(await entry(of: call))
  }

  private func entry(of call: Call) async throws -> UserReply {
    guard let id: Identifier<User> = call.identifier("user_id"),
      let entry = try await gate.store.userEntry(id)
    else { throw Refusal(.notFound, "User not found") }
    return UserReply(entry)
  }

  /// Makes an account. Without a password one is made up, shown this once, and to be replaced at the first
  /// sign-in.
  func create(_ call: Call, _ caller: Caller) async throws -> Response {
    guard gate.identity.hasAccounts else {
      throw Refusal(.conflict, "There are no accounts here; auth.type is \(gate.identity.type)")
    }
    var body = try ObjectReader(await call.json(), at: ["body"])
    let account = NewAccount(&body, needsPassword: false)
    let role: Role = body.choice("role", default: .member)
    try body.check()
    let password = account.password ?? Self.madeUpPassword()
    let user = try await gate.store.makeAccount(
      login: account.login, name: account.name, role: role, password: gate.passwords.hash(password),
      mustChange: true)
    call.audit.add(
      object: "user \(user.id)", ["login": .string(account.login), "role": .string(role.rawValue)])
    guard let entry = try await gate.store.userEntry(user.id) else { throw StoreError.notFound }
    return try .json(NewUserReply(user: UserReply(entry), password: account.password == nil ? password : nil))
  }

  /// Easy to read aloud: 80 bits in groups of four letters and digits, none of which looks like another.
  static func madeUpPassword() -> String {
    let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    var generator = SystemRandomNumberGenerator()
    let groups = (0..<4).map { _ in
      String((0..<4).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
    }
    return groups.joined(separator: "-")
  }

  /// Disabling ends sessions, streams and runs at once.
  func change(_ call: Call, _ caller: Caller) async throws -> Response {
    let before = try await entry(of: call).entry.user
    var body = try ObjectReader(await call.json(), at: ["body"])
    let name = body.string("name").cut(toCharacters: Limits.nameCharacters)
    let role: Role = body.choice("role", default: before.role)
    let isDisabled = body.bool("disabled", default: before.disabledAt != nil)
    try body.check()
    call.audit.add(["role": .string(role.rawValue), "disabled": .bool(isDisabled), "name": .string(name)])
    let user = try await gate.store.setUser(before.id, name: name, role: role, isDisabled: isDisabled)
    if isDisabled || role < before.role { try await stop(user) }
    return try .json(await entry(of: call))
  }

  private func stop(_ user: User) async throws {
    gate.live.end(of: user.id)
    guard user.disabledAt != nil else { return }
    for run in try await engine.store.openRuns() where run.userID == user.id {
      try await engine.runner.cancel(run.id, of: user.id)
    }
  }

  /// Sets a password that the user has to replace, and ends their sessions.
  func setPassword(_ call: Call, _ caller: Caller) async throws -> Response {
    let user = try await entry(of: call).entry.user
    var body = try ObjectReader(await call.json(), at: ["body"])
    let given = body.optionalNewPassword("password")
    try body.check()
    let password = given ?? Self.madeUpPassword()
    do {
      try await gate.store.setPassword(
        gate.passwords.hash(password), mustChange: true, of: user.id, keeping: nil)
    } catch StoreError.notFound {
      throw Refusal(.conflict, "This user signs in elsewhere and has no password here")
    }
    gate.live.end(of: user.id)
    return try .json(NewPasswordReply(password: given == nil ? password : nil))
  }

  func endSessions(_ call: Call, _ caller: Caller) async throws -> Response {
    let user = try await entry(of: call).entry.user
    try await gate.store.endSessions(of: user.id)
    gate.live.end(of: user.id)
    return .done
  }

  func apiKeys(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(call.page(of: await gate.store.apiKeys(of: entry(of: call).entry.user.id)))
  }

  func revokeAPIKey(_ call: Call, _ caller: Caller) async throws -> Response {
    let user = try await entry(of: call).entry.user
    guard let id: Identifier<APIKey> = call.identifier("key_id") else { throw StoreError.notFound }
    let key = try await gate.store.revoke(id, of: user.id)
    gate.live.end(apiKey: id)
    return try .json(key)
  }

  // MARK: Budgets

  func budget(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(await gate.store.ownBudget(of: holder(call)))
  }

  func setBudget(_ call: Call, _ caller: Caller) async throws -> Response {
    let holder = try await holder(call)
    let budget = try Budget(payload: await call.json())
    call.audit.add(["budget": try JSON(parsing: JSON.encoded(budget))])
    try await gate.store.setBudget(budget, of: holder)
    gate.forgetBudgets()
    return try .json(budget)
  }

  private func holder(_ call: Call) async throws -> Store.BudgetHolder {
    call.parameters["user_id"] == nil ? .everybody : .user(try await entry(of: call).entry.user.id)
  }
}

/// A user as administrators see them.
private struct UserReply: Encodable {
  let entry: UserEntry

  init(_ entry: UserEntry) {
    self.entry = entry
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case name, login, subject, role, groups
    case disabledAt = "disabled_at"
    case createdAt = "created_at"
    case seenAt = "seen_at"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entry.user.id, forKey: .userID)
    try container.encode(entry.user.name, forKey: .name)
    try container.encode(entry.login, forKey: .login)
    try container.encode(entry.user.subject, forKey: .subject)
    try container.encode(entry.user.role, forKey: .role)
    try container.encode(entry.groups, forKey: .groups)
    try container.encode(entry.user.disabledAt, forKey: .disabledAt)
    try container.encode(entry.user.createdAt, forKey: .createdAt)
    try container.encode(entry.seenAt, forKey: .seenAt)
  }
}

private struct NewUserReply: Encodable {
  var user: UserReply
  /// Only when it was made up here.
  var password: String?
}

private struct NewPasswordReply: Encodable {
  var status = "ok"
  var password: String?
}

extension Budget {
  fileprivate init(payload: JSON) throws(ValidationError) {
    var body = try ObjectReader(payload, at: ["body"])
    func bound(_ key: CodingKeys, from least: Int = 0) -> Int? {
      body.optionalInteger(key.rawValue, in: least...1_000_000_000_000_000)
    }
    self.init(
      // With none at all, nobody could ever raise it again.
      requestsPerMinute: bound(.requestsPerMinute, from: 1), concurrentRuns: bound(.concurrentRuns),
      tokensPerMonth: bound(.tokensPerMonth), microdollarsPerMonth: bound(.microdollarsPerMonth),
      storageBytes: bound(.storageBytes))
    try body.check()
  }
}
