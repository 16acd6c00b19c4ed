import Conversation
import Crypto
import Engine
import Foundation
import Logging
import Store
import Synchronization
import Testing
import Transport

@testable import Server

/// A provider that answers from memory.
final class ScriptedProvider: Sendable {
  struct State {
    var keys: [JSON] = []
    var issuer = TokenMint.issuer
    var keyAddress = "\(TokenMint.issuer)/keys"
    var isDown = false
    var idToken = ""
    var requests: [Transport.HTTPRequest] = []
  }

  let state = Mutex(State())

  func answer(_ request: Transport.HTTPRequest) async throws -> (head: HTTPHead, body: [UInt8]) {
    let reply: JSON? = state.withLock { state in
      state.requests.append(request)
      guard !state.isDown else { return nil }
      switch request.url {
      case "\(TokenMint.issuer)/.well-known/openid-configuration":
        return [
          "issuer": .string(state.issuer), "jwks_uri": .string(state.keyAddress),
          "token_endpoint": "https://issuer.test/token",
          "authorization_endpoint": "https://issuer.test/authorize",
        ]
      case "\(TokenMint.issuer)/keys": return ["keys": .array(state.keys)]
      case "https://issuer.test/token": return ["id_token": .string(state.idToken)]
      default: return nil
      }
    }
    return (
      HTTPHead(status: reply == nil ? 500 : 200, headers: [], url: request.url),
      Array((reply?.text ?? "").utf8)
    )
  }

  func count(_ end: String) -> Int { state.withLock { $0.requests.count { $0.url.hasSuffix(end) } } }

  func settings(admins: [String] = []) -> OpenIDSettings {
    OpenIDSettings(
      rules: TokenMint.rules, clientID: "client", clientSecret: "s3cret", admins: admins
    ) { try await self.answer($0) }
  }
}

@Suite struct OpenIDTests {
  private func key(_ provider: ScriptedProvider, id: String) -> P256.Signing.PrivateKey {
    let key = P256.Signing.PrivateKey()
    provider.state.withLock { $0.keys.append(TokenMint.jwk(key, id: id)) }
    return key
  }

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  @Test func `ten thousand unknown keys cost one fetch, and known ones go on working`() async throws {
    let provider = ScriptedProvider()
    let known = key(provider, id: "a")
    try await TestServer.run(identity: .openID(provider.settings())) { server in
      func status(_ token: String) async throws -> Int {
        try await server.ask("GET", "/threads", with: [("Authorization", "Bearer \(token)")]).status
      }
      let good = try TokenMint.es256(known, header: ["kid": "a"])
      #expect(try await status(good) == 200)
      for place in 0..<20 {
        #expect(
          try await status(TokenMint.es256(P256.Signing.PrivateKey(), header: ["kid": .string("x\(place)")]))
            == 401)
      }
      #expect(provider.count("/keys") == 1)
      provider.state.withLock { $0.isDown = true }
      #expect(try await status(good) == 200)
      #expect(try await status(TokenMint.es256(known)) == 200, "a token that names no key, of the only one")
    }
    let direct = OpenIDProvider(issuer: TokenMint.issuer, logger: Self.quiet) {
      try await provider.answer($0)
    }
    for place in 0..<10_000 where await direct.key("k\(place)") != nil { Issue.record("a key from nowhere") }
    #expect(provider.count("/.well-known/openid-configuration") <= 2)
  }

  @Test func `keys that overlap as they are exchanged are known all the time, and an outage loses none`()
    async throws
  {
    let provider = ScriptedProvider()
    _ = key(provider, id: "a")
    let time = Mutex(ContinuousClock.now)
    let cache = OpenIDProvider(
      issuer: TokenMint.issuer, logger: Self.quiet, now: { time.withLock { $0 } }
    ) { try await provider.answer($0) }
    func wait(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    #expect(await cache.key("a") != nil)
    // The new key is published a while before the first token is signed with it, the old one stays a while.
    _ = key(provider, id: "b")
    wait(61)
    for _ in 0..<20 {
      #expect(await cache.key("b") != nil)
      #expect(await cache.key("a") != nil)
      wait(30)
    }
    provider.state.withLock { _ = $0.keys.removeFirst() }
    wait(601)
    #expect(await cache.key("b") != nil)
    #expect(await cache.key("a") == nil)
    #expect(provider.count("/keys") <= 4)
    provider.state.withLock { $0.isDown = true }
    for _ in 0..<60 {
      wait(60)
      #expect(await cache.key("b") != nil, "the last good set")
    }
  }

  @Test func `keys come only from where the configured issuer says, and as safely`() async throws {
    let provider = ScriptedProvider()
    _ = key(provider, id: "a")
    for (issuer, address) in [
      ("https://issuer.test/", "https://issuer.test/keys"), ("https://evil.test", "https://issuer.test/keys"),
      (TokenMint.issuer, "http://issuer.test/keys"), (TokenMint.issuer, "file:///etc/passwd"),
    ] {
      provider.state.withLock { ($0.issuer, $0.keyAddress) = (issuer, address) }
      let cache = OpenIDProvider(issuer: TokenMint.issuer, logger: Self.quiet) {
        try await provider.answer($0)
      }
      #expect(await cache.key("a") == nil, "\(issuer) \(address)")
    }
    #expect(provider.count("/keys") == 0)
  }

  @Test func `a key set's secrets, encryption keys and unknown kinds are passed over`() async throws {
    let provider = ScriptedProvider()
    let good = key(provider, id: "good")
    provider.state.withLock {
      $0.keys.append(["kty": "oct", "kid": "oct", "k": "AAAA", "alg": "HS256"])
      $0.keys.append(TokenMint.jwk(good, id: "enc", ["use": "enc"]))
      $0.keys.append(TokenMint.jwk(good, id: "private", ["d": "AAAA"]))
      $0.keys.append(["kty": "XYZ", "kid": "xyz"])
    }
    let cache = OpenIDProvider(issuer: TokenMint.issuer, logger: Self.quiet) { try await provider.answer($0) }
    #expect(await cache.key("good") != nil)
    for id in ["oct", "enc", "private", "xyz", "", "GOOD"] { #expect(await cache.key(id) == nil, "\(id)") }
  }

  // MARK: The page's sign-in

  private struct Begun {
    var query: [String: String]
    var cookie: String
  }

  private func begin(_ server: TestServer) async throws -> Begun {
    let reply = try await server.ask("GET", "/auth/openid?return_to=/thread/x", as: nil)
    #expect(reply.status == 303)
    let address = try #require(reply.field("location").flatMap { URLComponents(string: $0) })
    #expect(address.host == "issuer.test" && address.path == "/authorize")
    let query = Dictionary((address.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
    #expect(query["redirect_uri"] == "https://chat.test/auth/openid/callback")
    #expect(query["code_challenge_method"] == "S256" && query["client_id"] == "client")
    let cookie = try #require(reply.field("set-cookie"))
    #expect(cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("SameSite=Lax"))
    return Begun(query: query, cookie: String(cookie.prefix { $0 != ";" }))
  }

  private func finish(_ server: TestServer, _ begun: Begun, state: String? = nil, cookie: String? = nil)
    async throws -> Reply
  {
    try await server.ask(
      "GET", "/auth/openid/callback?state=\(state ?? begun.query["state"] ?? "")&code=abc", as: nil,
      headers: [("Cookie", cookie ?? begun.cookie)])
  }

  @Test func `whoever comes back from the provider has a session, once`() async throws {
    let provider = ScriptedProvider()
    let signing = key(provider, id: "a")
    try await TestServer.run(
      identity: .openID(provider.settings(admins: ["boss@example.com"])), publicURL: "https://chat.test"
    ) { server in
      let begun = try await begin(server)
      let claims = TokenMint.claims([
        "aud": "client", "nonce": .string(begun.query["nonce"] ?? ""), "name": "Anna",
        "email": "boss@example.com", "email_verified": true,
      ])
      provider.state.withLock {
        $0.idToken = (try? TokenMint.es256(signing, claims, header: ["kid": "a"])) ?? ""
      }
      let back = try await finish(server, begun)
      #expect(
        back.status == 303 && back.field("location") == "/#/thread/x", "\(back.field("location") ?? "")")
      let session = try #require(
        back.headers.filter { $0.name.lowercased() == "set-cookie" }.map(\.value).first)
      #expect(
        session.hasPrefix("__Host-opengpts_session=") && session.contains("; Secure")
          && session.contains("HttpOnly"))
      let account = try await server.ask(
        "GET", "/account", as: nil, headers: [("Cookie", String(session.prefix { $0 != ";" }))])
      #expect(account.status == 200 && account.json["role"] == "admin" && account.json["name"] == "Anna")
      // The code went with its verifier, which fits the challenge, and with the secret.
      let request = try #require(provider.state.withLock { $0.requests.last { $0.method == "POST" } })
      let body = String(decoding: request.body ?? [], as: UTF8.self)
      let verifier = body.split(separator: "&").first { $0.hasPrefix("code_verifier=") }?.dropFirst(14) ?? ""
      #expect(Data(SHA256.hash(data: Data(verifier.utf8))).base64URL == begun.query["code_challenge"])
      #expect(request.headers["authorization"]?.hasPrefix("Basic ") == true)
      #expect(try await finish(server, begun).field("location") == "/#/sign-in?failed=expired")
    }
  }

  @Test func `a sign-in that another browser began, or with the wrong nonce, comes to nothing`() async throws
  {
    let provider = ScriptedProvider()
    let signing = key(provider, id: "a")
    try await TestServer.run(identity: .openID(provider.settings()), publicURL: "https://chat.test") {
      server in
      let mine = try await begin(server)
      let theirs = try await begin(server)
      for (begun, state, cookie) in [
        (mine, nil, theirs.cookie), (theirs, "made-up", nil), (theirs, nil, "opengpts_sign_in="),
      ] as [(Begun, String?, String?)] {
        let reply = try await finish(server, begun, state: state, cookie: cookie)
        #expect(reply.field("location") == "/#/sign-in?failed=expired")
        #expect(reply.field("set-cookie") == nil)
      }
      for claims in [
        ["aud": "client", "nonce": "another"], ["aud": "client"], ["aud": "api", "nonce": nil as JSON?],
        ["aud": ["client", "x"], "azp": "x"],
      ] as [[String: JSON?]] {
        let begun = try await begin(server)
        var claims = TokenMint.claims(claims)
        if claims["azp"] != nil { claims["nonce"] = .string(begun.query["nonce"] ?? "") }
        let token = try TokenMint.es256(signing, claims, header: ["kid": "a"])
        provider.state.withLock { $0.idToken = token }
        #expect(try await finish(server, begun).field("location") == "/#/sign-in?failed=provider")
      }
      let entries = try await server.engine.store.auditEntries(.init(action: "session.refuse"), limit: 100)
      #expect(entries.count == 7)
    }
  }
}
