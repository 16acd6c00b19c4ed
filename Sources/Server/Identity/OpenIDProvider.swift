import Conversation
import Foundation
import Logging
package import Transport

/// How an OpenID provider is used.
package struct OpenIDSettings: Sendable {
  package var rules: TokenRules
  /// This server's name at the provider; without it nobody signs in through the page.
  package var clientID: String?
  /// Nil for a public client, whom PKCE alone protects.
  package var clientSecret: String?
  package var scopes: String
  /// What the provider's button says.
  package var label: String
  /// `sub`s, and e-mail addresses that the provider has verified, of those who see to users from their first
  /// sign-in on.
  package var admins: [String]
  /// Sends what is asked of the provider, within the egress policy.
  package var exchange: @Sendable (HTTPRequest) async throws -> (head: HTTPHead, body: [UInt8])

  package init(
    rules: TokenRules, clientID: String?, clientSecret: String?, scopes: String = "openid profile email",
    label: String = "", admins: [String] = [],
    exchange: @escaping @Sendable (HTTPRequest) async throws -> (head: HTTPHead, body: [UInt8])
  ) {
    self.rules = rules
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.scopes = scopes
    self.label = label
    self.admins = admins
    self.exchange = exchange
  }
}

/// What an OpenID provider says of itself and the keys it signs with, fetched from the configured issuer and
/// from nowhere a token names.
///
/// Keys are fetched at most once a minute, whatever tokens ask for; a fetch that fails leaves the last good set.
actor OpenIDProvider {
  /// Sends a request and brings the whole reply.
  typealias Exchange = @Sendable (HTTPRequest) async throws -> (head: HTTPHead, body: [UInt8])

  private let issuer: String
  private let exchange: Exchange
  private let logger: Logger
  private let now: @Sendable () -> ContinuousClock.Instant
  private var document: (endpoints: Endpoints, at: ContinuousClock.Instant)?
  private var keys: [String: TokenKey] = [:]
  private var fetchedAt: ContinuousClock.Instant?
  private var fetch: Task<Void, Never>?

  /// From `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §3).
  struct Endpoints: Sendable {
    var authorization: String
    var token: String
    var keys: String
    /// Whether the token endpoint takes the secret in the body only.
    var wantsSecretInBody: Bool
  }

  init(
    issuer: String, logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    exchange: @escaping Exchange
  ) {
    self.issuer = issuer
    self.now = now
    self.logger = logger
    self.exchange = exchange
  }

  // MARK: Keys

  /// The key of that name, or without a name the only one there is (OpenID Connect Core 1.0 §10.1); nil when
  /// the provider has no such key.
  func key(_ id: String?) async -> TokenKey? {
    if let key = known(id), !isOlder(than: IdentityLimits.keyAgeSeconds) { return key }
    await refresh()
    return known(id)
  }

  private func known(_ id: String?) -> TokenKey? {
    if let id { keys[id] } else { keys.count == 1 ? keys.values.first : nil }
  }

  private func isOlder(than seconds: Double) -> Bool {
    fetchedAt.map { now() - $0 > .seconds(seconds) } ?? true
  }

  /// One fetch at a time, for all who wait for it.
  private func refresh() async {
    if let fetch { return await fetch.value }
    guard isOlder(than: IdentityLimits.keyRefreshSeconds) else { return }
    fetchedAt = now()
    let task = Task { await self.fetchKeys() }
    fetch = task
    await task.value
    fetch = nil
  }

  private func fetchKeys() async {
    do {
      let set = try await get(endpoints().keys)
      var found: [String: TokenKey] = [:]
      for jwk in (set["keys"]?.array ?? []).prefix(100) {
        if let key = TokenKey(jwk: jwk) { found[jwk["kid"]?.string ?? ""] = key }
      }
      guard !found.isEmpty else { throw ProviderFailure("its key set holds no key for signatures") }
      keys = found
    } catch {
      logger.error("the OpenID provider's keys could not be fetched", metadata: ["cause": "\(error)"])
    }
  }

  // MARK: Endpoints

  /// - Throws: `ProviderFailure`.
  func endpoints() async throws -> Endpoints {
    if let document, now() - document.at < .seconds(3_600) { return document.endpoints }
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    let found = try await get(base + "/.well-known/openid-configuration")
    guard found["issuer"] == .string(issuer) else {
      throw ProviderFailure("it calls itself \(found["issuer"]?.string ?? "nothing"), not \(issuer)")
    }
    guard let keys = found["jwks_uri"]?.string, let token = found["token_endpoint"]?.string,
      let authorization = found["authorization_endpoint"]?.string
    else { throw ProviderFailure("its configuration names no endpoints") }
    for address in [keys, token, authorization] where !isAsSafe(address) {
      throw ProviderFailure(
        "it names \(address.prefix(200)), which is not as safe as the issuer's own address")
    }
    let methods = found["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
    let endpoints = Endpoints(
      authorization: authorization, token: token, keys: keys,
      wantsSecretInBody: methods.map { !$0.contains("client_secret_basic") } ?? false)
    document = (endpoints, now())
    return endpoints
  }

  /// A provider reached by https names nothing that is not.
  private func isAsSafe(_ address: String) -> Bool {
    address.hasPrefix("https://") || (address.hasPrefix("http://") && issuer.hasPrefix("http://"))
  }

  private func get(_ address: String) async throws -> JSON {
    try await json(HTTPRequest(url: address))
  }

  private func json(_ request: HTTPRequest) async throws -> JSON {
    var request = request
    request.deadlines = Deadlines(
      connectSeconds: IdentityLimits.providerSeconds / 2, firstByteSeconds: IdentityLimits.providerSeconds,
      idleSeconds: IdentityLimits.providerSeconds, totalSeconds: IdentityLimits.providerSeconds)
    request.maxBodyBytes = IdentityLimits.providerReplyBytes
    let (head, body) = try await exchange(request)
    guard head.status == 200 else {
      let reason = (try? JSON(parsing: body))?["error"]?.string ?? ""
      throw ProviderFailure("it answered with status \(head.status) \(reason.prefix(100))")
    }
    return try JSON(parsing: body)
  }

  // MARK: Codes

  /// Trades an authorization code for what it stands for (RFC 6749 §4.1.3, RFC 7636 §4.5).
  /// - Returns: the ID token.
  func redeem(
    code: String, verifier: String, redirect: String, settings: OpenIDSettings
  ) async throws -> String {
    let endpoints = try await endpoints()
    var fields = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
      ("code_verifier", verifier), ("client_id", settings.clientID ?? ""),
    ]
    var headers = [
      HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
      HTTPHeader("Accept", "application/json"),
    ]
    if let secret = settings.clientSecret {
      if endpoints.wantsSecretInBody {
        fields.append(("client_secret", secret))
      } else {
        let pair = "\((settings.clientID ?? "").formEncoded):\(secret.formEncoded)"
        headers.append(HTTPHeader("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
      }
    }
    let body = fields.map { "\($0.0)=\($0.1.formEncoded)" }.joined(separator: "&")
    let reply = try await json(
      HTTPRequest("POST", url: endpoints.token, headers: headers, body: Array(body.utf8)))
    guard let token = reply["id_token"]?.string else { throw ProviderFailure("it sent no ID token") }
    return token
  }
}

/// What is wrong with an OpenID provider: the end of a sentence, for the log.
struct ProviderFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension String {
  /// For a form or a query: everything but unreserved characters (RFC 3986 §2.3) as bytes.
  var formEncoded: String {
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }
}
