import Conversation
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

/// Somebody with an account, a session and a key.
struct Person: Sendable {
  let user: User
  let session: Session
  let cookie: String
  let key: APIKey
  let keyText: String

  var asSession: [(String, String)] { [("Cookie", "opengpts_session=\(cookie)")] }
  var asKey: [(String, String)] { [("X-API-Key", keyText)] }
}

extension TestServer {
  static let password = "correct horse battery"

  /// Makes an account of that role without hashing anything.
  func person(
    _ login: String, _ role: Role = .member, scope: Role? = nil, sessionSeconds: Double = 3_600,
    keySeconds: Double? = nil, password: String = "none"
  ) async throws -> Person {
    let store = engine.store
    let user = try await store.makeAccount(
      login: login, name: login.capitalized, role: role, password: password, mustChange: false)
    let secret = OpaqueSecret()
    let session = Session(
      userID: user.id, expiresAt: .now.adding(seconds: sessionSeconds), address: "127.0.0.1", agent: "test")
    try await store.begin(session, hash: secret.hash)
    let keySecret = OpaqueSecret(prefix: Gate.apiKeyPrefix)
    let key = APIKey(
      userID: user.id, name: "test", hint: "ogk", scope: scope ?? role,
      expiresAt: keySeconds.map { .now.adding(seconds: $0) })
    try await store.add(key, hash: keySecret.hash)
    return Person(user: user, session: session, cookie: secret.text, key: key, keyText: keySecret.text)
  }

  /// Makes an account with a password that works.
  func personWithPassword(_ login: String, _ role: Role = .member) async throws -> Person {
    try await person(login, role, password: Passwords(costLogarithm: 10).hash(Self.password))
  }

  func ask(
    _ method: String, _ path: String, _ body: JSON? = nil, with headers: [(String, String)]
  ) async throws -> Reply {
    try await ask(method, path, body, as: nil, headers: headers)
  }
}
