import Conversation
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Coming in and going out: by password, by the first-run link, through an OpenID provider.
struct SignInRoutes: Sendable {
  let gate: Gate

  /// How people sign in here.
  func describe(_ call: Call) async throws -> Response {
    var openID: JSON = nil
    if case .openID(let settings) = gate.identity, settings.clientID != nil {
      openID = ["label": .string(settings.label)]
    }
    let reply: JSON = [
      "type": .string(gate.identity.type), "passwords": .bool(gate.identity.hasAccounts), "openid": openID,
      "first_run": .bool(gate.identity.hasAccounts && gate.firstRun.isOpen),
    ]
    return try .json(reply)
  }

  // MARK: Passwords

  /// Takes the first-run link: makes the first account, which sees to all others, and signs it in.
  func firstRun(_ call: Call) async throws -> Response {
    try checkHasAccounts()
    var body = try ObjectReader(await call.json(), at: ["body"])
    let token = body.string("token")
    let account = NewAccount(&body)
    try body.check()
    guard gate.firstRun.take(token) else {
      throw Refusal(
        .forbidden, "This link is no longer good. Restart the server for a new one, or run: opengpts user add"
      )
    }
    let user: User
    do {
      let hash = try await gate.passwords.hash(account.password ?? "")
      user = try await gate.store.makeAccount(
        login: account.login, name: account.name, role: .admin, password: hash, mustChange: false,
        adopting: Gate.defaultSubject, onlyWithoutAdmin: true)
    } catch {
      gate.firstRun.giveBack(token)
      throw error
    }
    gate.firstRun.close()
    call.audit.add(object: "user \(user.id)", ["login": .string(account.login)])
    return try await signedIn(user, call)
  }

  func signIn(_ call: Call) async throws -> Response {
    try checkHasAccounts()
    var body = try ObjectReader(await call.json(), at: ["body"])
    let login = body.string("login").asLogin
    let password = body.string("password")
    try body.check()
    try gate.throttle.admit(login: login, address: call.client.origin)
    let found = try await gate.store.account(login: login)
    let isRight =
      password.unicodeScalars.count <= IdentityLimits.passwordCharacters.upperBound
      ? try await gate.passwords.isRight(password, for: found?.account.password) : false
    guard isRight, let found, found.user.disabledAt == nil else {
      gate.throttle.failed(login: login, address: call.client.origin)
      call.audit.add(object: "account \(login.prefix(100))")
      try await gate.store.audit(call.auditEntry("session.refuse", by: nil))
      throw Refusal(.unauthorized, "The name or the password is wrong, or the account is disabled")
    }
    return try await signedIn(found.user, call)
  }

  private func checkHasAccounts() throws(Refusal) {
    guard gate.identity.hasAccounts else {
      throw Refusal(.notFound, "Nobody signs in with a password here; auth.type is \(gate.identity.type)")
    }
  }

  /// A new session; the old one of this browser, if there is any, ends by itself.
  private func signedIn(_ user: User, _ call: Call) async throws -> Response {
    call.audit.by(user)
    var response = try Response.json(["status": "ok", "user_id": .string(user.id.description)] as JSON)
    response.headers.append(try await sessionField(of: user, call))
    return response
  }

  private func sessionField(of user: User, _ call: Call) async throws -> HTTPField {
    let secret = OpaqueSecret()
    let session = Session(
      userID: user.id, expiresAt: .now.adding(seconds: IdentityLimits.sessionSeconds), address: call.address,
      agent: String(
        decoding: (call.request.headers[.userAgent] ?? "").utf8.prefix(IdentityLimits.agentBytes),
        as: UTF8.self))
    try await gate.store.begin(session, hash: secret.hash)
    return cookie(
      gate.sessionCookie(call.client), secret.text, seconds: Int(IdentityLimits.sessionSeconds), call)
  }

  /// A cookie that no script reads and no other site's form sends.
  private func cookie(_ name: String, _ value: String, seconds: Int, _ call: Call) -> HTTPField {
    let secure = gate.isSecure(call.client) ? "; Secure" : ""
    return HTTPField(
      name: .setCookie,
      value: "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)")
  }

  func signOut(_ call: Call, _ caller: Caller) async throws -> Response {
    try await call.skipBody()
    if let session = caller.session {
      try await gate.store.end(session, of: caller.user.id)
      gate.live.end(session: session)
    }
    var response = Response.done
    response.headers.append(cookie(gate.sessionCookie(call.client), "", seconds: 0, call))
    return response
  }

  // MARK: OpenID

  private static let openIDPath = "/auth/openid"
  private static let browserCookie = "opengpts_sign_in"

  /// Sends the browser to the provider.
  func beginOpenID(_ call: Call) async throws -> Response {
    guard let signIns = gate.signIns else {
      throw Refusal(.notFound, "There is no OpenID provider here; auth.type is \(gate.identity.type)")
    }
    let place = call.query("return_to") ?? "/"
    do {
      let beginning = try await signIns.begin(
        redirect: redirectAddress(call), place: Self.isPlace(place) ? place : "/")
      var response = Self.redirect(to: beginning.address)
      response.headers.append(
        cookie(Self.browserCookie, beginning.browser.text, seconds: Int(IdentityLimits.signInSeconds), call))
      return response
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      call.logger.error("the OpenID provider cannot be used", metadata: ["cause": "\(error)"])
      return Self.redirect(to: "/#/sign-in?failed=\(SignInFailure.provider.rawValue)")
    }
  }

  /// Exactly what the provider has on its list. Without a public address it is the host that was asked for,
  /// which is one of those this server is known under: the request was admitted.
  private func redirectAddress(_ call: Call) -> String {
    let base =
      gate.publicURL ?? "\(call.client.isSecure ? "https" : "http")://\(call.request.head.authority ?? "")"
    return base + Self.openIDPath + "/callback"
  }

  /// A place in the page, as it names them itself.
  private static func isPlace(_ text: String) -> Bool {
    text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= 1_000
      && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0 != "\\" }
  }

  /// Where the provider sends the browser back to.
  func finishOpenID(_ call: Call) async throws -> Response {
    do {
      let (user, place) = try await openIDUser(call)
      call.audit.by(user)
      var response = Self.redirect(to: "/#\(place)")
      response.headers.append(try await sessionField(of: user, call))
      response.headers.append(cookie(Self.browserCookie, "", seconds: 0, call))
      return response
    } catch {
      let failure = error as? SignInFailure ?? .provider
      let detail = (error as? TokenError)?.detail ?? "\(error)"
      // Anybody can ask with a wrong state: only what the provider did needs an administrator.
      call.logger.log(
        level: failure == .provider ? .error : .info, "sign-in through the OpenID provider failed",
        metadata: ["cause": "\(detail)"])
      call.audit.add(object: "openid", ["reason": .string(failure.rawValue)])
      try await gate.store.audit(call.auditEntry("session.refuse", by: nil))
      throw OpenIDReturn(failure: failure)
    }
  }

  private func openIDUser(_ call: Call) async throws -> (User, place: String) {
    guard let signIns = gate.signIns, case .openID(let settings) = gate.identity else {
      throw SignInFailure.expired
    }
    // Some providers say so without the state, which RFC 6749 §4.1.2.1 wants: nothing hangs on it.
    guard call.query("error") == nil else { throw SignInFailure.refused }
    guard let state = call.query("state") else { throw SignInFailure.expired }
    guard let code = call.query("code") else { throw SignInFailure.refused }
    let browser = call.request.cookies[Self.browserCookie]?.value
    let (claims, raw, place) = try await signIns.finish(state: state, code: code, browser: browser)
    let isAdmin = settings.admins.contains(claims.subject) || settings.isAdmin(byEMailOf: raw)
    let user = try await gate.store.user(
      subject: claims.userSubject, role: isAdmin ? .admin : settings.rules.newcomers, name: claims.name)
    guard user.disabledAt == nil else { throw SignInFailure.disabled }
    return (user, place)
  }

  private static func redirect(to address: String) -> Response {
    Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
  }
}

/// Sends a browser whose sign-in failed back to the page, which says why.
struct OpenIDReturn: Error {
  let failure: SignInFailure
}

extension OpenIDSettings {
  /// Only an address that the provider has verified names anybody.
  fileprivate func isAdmin(byEMailOf claims: JSON) -> Bool {
    guard claims["email_verified"] == true, let address = claims["email"]?.string else { return false }
    return admins.contains { $0.contains("@") && $0.lowercased() == address.lowercased() }
  }
}

/// What an account is made from.
struct NewAccount {
  let login: String
  let name: String
  /// Nil: none was given.
  let password: String?

  init(_ body: inout ObjectReader, needsPassword: Bool = true) {
    login = body.string("login").asLogin
    let isLogin =
      IdentityLimits.loginCharacters.contains(login.unicodeScalars.count)
      && login.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != " " }
    if !isLogin, body.members["login"]?.string != nil {
      body.reject(
        "login", as: "value_error", "Input should have 1 to 100 characters, without spaces")
    }
    name = (body.optionalString("name") ?? "").cut(toCharacters: Limits.nameCharacters)
    password = needsPassword ? body.newPassword("password") : body.optionalNewPassword("password")
  }
}

extension ObjectReader {
  /// A password long enough to be one.
  mutating func newPassword(_ name: String) -> String {
    let password = string(name)
    let range = IdentityLimits.passwordCharacters
    if members[name]?.string != nil, !range.contains(password.unicodeScalars.count) {
      add(
        Problem(
          type: "value_error", location: location(of: name),
          message: "A password should have \(range.lowerBound) to \(range.upperBound) characters"))
    }
    return password
  }

  mutating func optionalNewPassword(_ name: String) -> String? {
    members[name].map { !$0.isNull } ?? false ? newPassword(name) : nil
  }

  /// A whole number, or none.
  mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = members[name], !value.isNull else { return nil }
    guard let number = value.integer, value.number != nil else {
      reject(name, as: "int_type", "Input should be a valid integer")
      return nil
    }
    if !range.contains(number) {
      reject(
        name, as: "value_error",
        "Input should be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

extension String {
  /// A name to sign in with, in the one form in which it is stored.
  var asLogin: String {
    trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCompatibilityMapping.lowercased()
  }
}
