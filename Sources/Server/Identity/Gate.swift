import Conversation
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store
import Synchronization

/// The one funnel through which every request learns whose it is, whatever it shows for it; and what whoever
/// signs people in and out works with.
final class Gate: Sendable {
  let identity: Identity
  let store: Store
  /// Where people reach this server: scheme, host and port, without a slash at the end. Nil: wherever it is asked.
  let publicURL: String?
  let passwords: Passwords
  let throttle = SignInThrottle()
  let live = LiveReplies()
  let firstRun: FirstRun
  let provider: OpenIDProvider?
  let signIns: OpenIDSignIn?
  /// The way in for whoever can read the server's files; nil where none is wanted.
  let control: ControlKey?
  private let rates = RequestRates()
  private let budgets = Mutex<[Identifier<User>: (budget: Budget, at: ContinuousClock.Instant)]>([:])

  private static let unverifiedCookie = "opengpts_user_id"
  /// To whom belongs what was made before people signed in.
  static let defaultSubject = "static-default-user-id"

  init(
    identity: Identity, store: Store, publicURL: String? = nil, directory: String? = nil,
    passwords: Passwords = Passwords(),
    logger: Logger = Logger(label: "gate") { _ in SwiftLogNoOpLogHandler() }
  ) {
    self.identity = identity
    self.store = store
    self.passwords = passwords
    self.publicURL = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    firstRun = FirstRun(directory: directory, logger: logger)
    control = directory.map { ControlKey(directory: $0, logger: logger) }
    if case .openID(let settings) = identity {
      let provider = OpenIDProvider(
        issuer: settings.rules.issuer, logger: logger, exchange: settings.exchange)
      self.provider = provider
      signIns = OpenIDSignIn(settings: settings, provider: provider)
    } else {
      provider = nil
      signIns = nil
    }
  }

  /// Whether a client's browser reaches this server by https.
  func isSecure(_ client: Client) -> Bool { client.isSecure || publicURL?.hasPrefix("https://") ?? false }

  /// Opens the way for the first account, where there is none that could make others.
  /// - Parameter address: where the server listens.
  func openFirstRun(at address: String) async throws {
    guard identity.hasAccounts, try await !store.hasAdmin() else { return }
    firstRun.open(at: publicURL ?? address)
  }

  // MARK: Who asks

  /// - Throws: a refusal in the words of the original, where it had some.
  func caller(of call: Call) async throws -> Caller {
    let caller = try await recognised(call)
    guard caller.user.disabledAt == nil else {
      throw Refusal(.forbidden, "This account is disabled. Ask an administrator to enable it")
    }
    if case .control = caller.credential { return caller }
    try await checkRate(of: caller.user.id)
    return caller
  }

  /// What is shown in a header is judged, whatever else there is; a cookie counts only without one.
  private func recognised(_ call: Call) async throws -> Caller {
    let request = call.request
    let bearer = try bearer(of: request)
    if let key = try apiKey(of: request, bearer: bearer) { return try await holder(of: key) }
    switch identity {
    case .unverified:
      let user = try await store.user(subject: Self.unverifiedSubject(of: request))
      return Caller(user: user, role: .admin, credential: .unverified)
    case .accounts:
      if let caller = try await sessionHolder(call) { return caller }
      throw Refusal(.unauthorized, "Not signed in")
    case .tokens(let rules, let key):
      guard let bearer else { throw Refusal(.forbidden, "Not authenticated") }
      return try await bearer.judged { try await self.holder(of: $0, rules: rules) { _ in key } }
    case .openID(let settings):
      guard let bearer else {
        if let caller = try await sessionHolder(call) { return caller }
        throw Refusal(.forbidden, "Not authenticated")
      }
      return try await bearer.judged { text in
        try await self.holder(of: text, rules: settings.rules) { id in await self.provider?.key(id) }
      }
    }
  }

  private func checkRate(of user: Identifier<User>) async throws {
    guard let limit = try await budget(of: user).requestsPerMinute,
      let seconds = rates.take(of: user, perMinute: limit)
    else { return }
    throw Refusal(BudgetExcess(.requestsPerMinute, limit: limit, until: .now.adding(seconds: seconds)))
  }

  /// What a user may take; as it was within the last seconds.
  func budget(of user: Identifier<User>) async throws -> Budget {
    let known = budgets.withLock { $0[user] }
    if let known, ContinuousClock.now - known.at < .seconds(IdentityLimits.budgetAgeSeconds) {
      return known.budget
    }
    let budget = try await store.budget(of: user)
    budgets.withLock { $0[user] = (budget, .now) }
    return budget
  }

  func forgetBudgets() {
    budgets.withLock { $0 = [:] }
  }
}

// MARK: What is shown

/// The value of an `Authorization` header.
private struct Bearer {
  let text: String

  func judged(_ judge: (String) async throws -> Caller) async throws -> Caller {
    do {
      return try await judge(text)
    } catch let error as TokenError {
      throw Refusal(.unauthorized, error.detail)
    }
  }
}

extension Gate {
  static let apiKeyPrefix = "ogk_"

  /// - Throws: a refusal when the header is there and is no bearer's, where tokens are what counts.
  private func bearer(of request: Request) throws(Refusal) -> Bearer? {
    let fields = request.headers[values: .authorization]
    guard let field = fields.first else { return nil }
    guard fields.count == 1 else { throw Refusal(.badRequest, "Only one Authorization header is accepted") }
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      if case .unverified = identity { return nil }
      if parts.count < 2 { throw Refusal(.forbidden, "Not authenticated") }
      throw Refusal(.forbidden, "Invalid authentication credentials")
    }
    return Bearer(text: parts[1].trimmingCharacters(in: .whitespaces))
  }

  private func apiKey(of request: Request, bearer: Bearer?) throws(Refusal) -> String? {
    let fields = request.headers[values: .apiKey]
    guard let shown = fields.first else {
      return bearer.flatMap { $0.text.hasPrefix(Self.apiKeyPrefix) ? $0.text : nil }
    }
    guard fields.count == 1, bearer == nil else {
      throw Refusal(.badRequest, "Only one of x-api-key and Authorization is accepted")
    }
    return shown
  }

  private func holder(of key: String) async throws -> Caller {
    if control?.isRight(key) == true {
      let user = try await store.user(subject: ControlKey.subject, name: ControlKey.name)
      return Caller(user: user, role: .admin, credential: .control)
    }
    guard let found = try await store.apiKey(hash: OpaqueSecret(shown: key).hash),
      found.key.revokedAt == nil
    else { throw Refusal(.unauthorized, "This API key is not valid") }
    guard found.key.expiresAt.map({ $0 > .now }) ?? true else {
      throw Refusal(.unauthorized, "This API key has expired")
    }
    if isTimeToTouch(found.key.usedAt) { try await store.touch(found.key.id) }
    let role = identity.type == Identity.unverified.type ? Role.admin : found.user.role
    return Caller(user: found.user, role: min(role, found.key.scope), credential: .apiKey(found.key))
  }

  private func isTimeToTouch(_ time: Timestamp?) -> Bool {
    time.map { $0.adding(seconds: IdentityLimits.touchSeconds) < .now } ?? true
  }

  private static func unverifiedSubject(of request: Request) throws(Refusal) -> String {
    guard let value = request.cookies[unverifiedCookie]?.value, !value.isEmpty else { return defaultSubject }
    guard value.utf8.count <= HTTPLimits.subjectBytes else {
      throw Refusal(
        .badRequest, "The cookie \(unverifiedCookie) is longer than \(HTTPLimits.subjectBytes) bytes")
    }
    return value
  }

  // MARK: Sessions

  /// With `__Host-`, browsers take it from nobody but this host over https.
  func sessionCookie(_ client: Client) -> String {
    isSecure(client) ? "__Host-opengpts_session" : "opengpts_session"
  }

  private func sessionHolder(_ call: Call) async throws -> Caller? {
    guard let value = call.request.cookies[sessionCookie(call.client)]?.value, !value.isEmpty,
      let found = try await store.session(hash: OpaqueSecret(shown: value).hash)
    else { return nil }
    let now = Timestamp.now
    guard found.session.expiresAt > now,
      found.session.seenAt.adding(seconds: IdentityLimits.idleSessionSeconds) > now
    else { return nil }
    if isTimeToTouch(found.session.seenAt) { try await store.touch(found.session.id) }
    return Caller(user: found.user, role: found.user.role, credential: .session(found.session))
  }

  // MARK: Tokens

  private func holder(
    of text: String, rules: TokenRules, key: (String?) async -> TokenKey?
  ) async throws -> Caller {
    let token = try SignedToken(text)
    guard let key = await key(token.keyID) else { throw TokenError("Signature verification failed") }
    try token.checkHeader(algorithm: key.algorithm)
    guard await key.verifies(text) else { throw TokenError("Signature verification failed") }
    let claims = try TokenClaims(token.claims, rules: rules)
    // A token that tells a client who signed in is no leave to act for them.
    guard token.claims["nonce"] == nil, token.claims["at_hash"] == nil else {
      throw TokenError("An ID token is no access token")
    }
    let user = try await store.user(subject: claims.userSubject, role: rules.newcomers, name: claims.name)
    return Caller(user: user, role: user.role, credential: .token(expiresAt: claims.expiresAt))
  }
}

extension HTTPField.Name {
  static let apiKey = HTTPField.Name(literal: "X-API-Key")
}
