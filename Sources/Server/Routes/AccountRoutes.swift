import Conversation
import Engine
import Foundation
import Hummingbird
import Store

/// One's own account: who one is, password, sessions, API keys, budget.
struct AccountRoutes: Sendable {
  let gate: Gate

  func get(_ call: Call, _ caller: Caller) async throws -> Response {
    let account = try await gate.store.account(of: caller.user.id)
    return try .json(
      AccountReply(
        userID: caller.user.id, name: caller.user.name, login: account?.login, role: caller.role,
        authType: gate.identity.type, mustChangePassword: account?.mustChange ?? false,
        sessionID: caller.session, budget: await gate.store.budget(of: caller.user.id)))
  }

  func rename(_ call: Call, _ caller: Caller) async throws -> Response {
    var body = try ObjectReader(await call.json(), at: ["body"])
    let name = body.visibleString("name").cut(toCharacters: Limits.nameCharacters)
    try body.check()
    try await gate.store.setName(name, of: caller.user.id)
    return .done
  }

  /// Every other session ends: whoever knew the old password is out.
  func setPassword(_ call: Call, _ caller: Caller) async throws -> Response {
    var body = try ObjectReader(await call.json(), at: ["body"])
    let current = body.string("current")
    let new = body.newPassword("new")
    try body.check()
    guard case .session = caller.credential, let account = try await gate.store.account(of: caller.user.id)
    else { throw Refusal(.forbidden, "A password is changed where one has signed in with it") }
    try gate.throttle.admit(login: account.login, address: call.client.origin)
    guard try await gate.passwords.isRight(current, for: account.password) else {
      gate.throttle.failed(login: account.login, address: call.client.origin)
      throw Refusal(.forbidden, "The current password is wrong")
    }
    try await gate.store.setPassword(
      gate.passwords.hash(new), mustChange: false, of: caller.user.id, keeping: caller.session)
    gate.live.end(of: caller.user.id, except: caller.session)
    return .done
  }

  // MARK: Sessions

  func sessions(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(call.page(of: await gate.store.sessions(of: caller.user.id)))
  }

  func endSession(_ call: Call, _ caller: Caller) async throws -> Response {
    guard let id: Identifier<Session> = call.identifier("session_id") else { throw StoreError.notFound }
    try await gate.store.end(id, of: caller.user.id)
    gate.live.end(session: id)
    return .done
  }

  /// All but the one that asks.
  func endOtherSessions(_ call: Call, _ caller: Caller) async throws -> Response {
    let count = try await gate.store.endSessions(of: caller.user.id, except: caller.session)
    gate.live.end(of: caller.user.id, except: caller.session)
    call.audit.add(["sessions": .integer(count)])
    return .done
  }

  // MARK: API keys

  func apiKeys(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(call.page(of: await gate.store.apiKeys(of: caller.user.id)))
  }

  /// The only reply that ever shows a key. A key makes no keys: who steals one has it until it is revoked, and
  /// no longer.
  func makeAPIKey(_ call: Call, _ caller: Caller) async throws -> Response {
    if case .apiKey = caller.credential { throw Refusal(.forbidden, "An API key makes no API keys") }
    let payload = try APIKeyPayload(await call.json(), of: caller)
    let others = try await gate.store.apiKeys(of: caller.user.id).filter { $0.revokedAt == nil }
    guard others.count < IdentityLimits.apiKeysPerUser else {
      throw Refusal(.conflict, "You have \(others.count) API keys. Revoke one first")
    }
    let secret = OpaqueSecret(prefix: Gate.apiKeyPrefix)
    let key = APIKey(
      userID: caller.user.id, name: payload.name, hint: String(secret.text.prefix(10)), scope: payload.scope,
      expiresAt: payload.expiresAt)
    call.audit.add(
      object: "key \(key.id)", ["name": .string(key.name), "scope": .string(key.scope.rawValue)])
    try await gate.store.add(key, hash: secret.hash)
    return try .json(NewAPIKeyReply(key: secret.text, apiKey: key))
  }

  func revokeAPIKey(_ call: Call, _ caller: Caller) async throws -> Response {
    guard let id: Identifier<APIKey> = call.identifier("key_id") else { throw StoreError.notFound }
    let key = try await gate.store.revoke(id, of: caller.user.id)
    gate.live.end(apiKey: id)
    return try .json(key)
  }
}

private struct AccountReply: Encodable {
  var userID: Identifier<User>
  var name: String
  var login: String?
  var role: Role
  var authType: String
  var mustChangePassword: Bool
  var sessionID: Identifier<Session>?
  var budget: Budget

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case name, login, role
    case authType = "auth_type"
    case mustChangePassword = "must_change_password"
    case sessionID = "session_id"
    case budget
  }
}

private struct NewAPIKeyReply: Encodable {
  var key: String
  var apiKey: APIKey

  enum CodingKeys: String, CodingKey {
    case key
    case apiKey = "api_key"
  }
}

/// What an API key is made from.
private struct APIKeyPayload {
  let name: String
  let scope: Role
  let expiresAt: Timestamp?

  init(_ json: JSON, of caller: Caller) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    name = body.string("name").cut(toCharacters: Limits.nameCharacters)
    scope = body.choice("scope", default: min(caller.role, .member))
    if scope > caller.role {
      body.reject("scope", as: "value_error", "A key may do no more than you: \(caller.role.rawValue)")
    }
    let days = body.optionalInteger("expires_in_days", in: 1...3_650)
    expiresAt = days.map { .now.adding(seconds: Double($0) * 86_400) }
    try body.check()
  }
}
