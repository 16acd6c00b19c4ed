import Conversation
import Crypto
import CryptoExtras
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

/// What has been tried against token checks elsewhere (RFC 8725 and published advisories), tried here.
@Suite struct TokenAttackTests {
  private typealias Mint = TokenMint

  private static var secretKey: TokenKey {
    get throws { try TokenKey(Mint.secret, algorithm: .hs256) }
  }

  private static func ask(_ server: TestServer, _ token: String) async throws -> Reply {
    try await server.ask("GET", "/threads", with: [("Authorization", "Bearer \(token)")])
  }

  private static func tampered(_ token: String, header: [String: JSON]) -> String {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    return "\(Data(JSON.object(header).text.utf8).base64URL).\(parts[1]).\(parts[2])"
  }

  @Test func `a good token comes in, in every spelling of its scheme, and a disabled user's does not`()
    async throws
  {
    try await TestServer.run(identity: .tokens(Mint.rules, key: Self.secretKey)) { server in
      for scheme in ["Bearer", "bearer", "BEARER"] {
        let reply = try await server.ask(
          "GET", "/threads", with: [("Authorization", "\(scheme) \(Mint.hs256())")])
        #expect(reply.status == 200, "\(scheme) \(reply.text)")
      }
      let user = try await server.engine.store.user(subject: "\(Mint.issuer)#user-1")
      let admin = try await server.person("cara", .admin)
      #expect(admin.user.role == .admin)
      _ = try await server.engine.store.setUser(user.id, name: "", role: .member, isDisabled: true)
      #expect(try await Self.ask(server, Mint.hs256()).status == 403)
    }
  }

  @Test func `thirty bad tokens are refused, each for its own reason`() async throws {
    let none = #"{"alg":"none","typ":"JWT"}"#
    let good = Mint.hs256()
    let parts = good.split(separator: ".").map(String.init)
    let now = Int(Date().timeIntervalSince1970)
    let long = String(repeating: "k", count: 10_000)
    let wrongAlg = "The specified alg value is not allowed"
    let repeated = "A token says each thing once"
    let badSignature = "Signature verification failed"
    let attacks: [(name: String, token: String, detail: String?)] = [
      ("alg none", "\(Data(none.utf8).base64URL).\(parts[1]).", wrongAlg),
      ("alg None", Self.tampered(good, header: ["alg": "None"]), wrongAlg),
      ("alg nOnE", Self.tampered(good, header: ["alg": "nOnE"]), wrongAlg),
      ("no alg", Self.tampered(good, header: ["typ": "JWT"]), wrongAlg),
      ("another alg of the family", Self.tampered(good, header: ["alg": "HS512"]), wrongAlg),
      ("alg of another family", Self.tampered(good, header: ["alg": "RS256"]), wrongAlg),
      ("alg as a number", Self.tampered(good, header: ["alg": 256]), wrongAlg),
      ("empty signature", "\(parts[0]).\(parts[1]).", badSignature),
      ("signature of another key", Mint.hs256(secret: Data("another secret".utf8)), badSignature),
      ("signature by the empty key", Mint.hs256(secret: Data([0])), badSignature),
      (
        "payload exchanged", "\(parts[0]).\(Data("{\"sub\":\"admin\"}".utf8).base64URL).\(parts[2])",
        badSignature
      ),
      (
        "jwk in the header", Mint.hs256(header: ["jwk": ["kty": "oct", "k": "AA"]], secret: Data([0])),
        badSignature
      ),
      (
        "jku in the header", Mint.hs256(header: ["jku": "https://evil.test/keys"], secret: Data([0])),
        badSignature
      ),
      (
        "x5u in the header", Mint.hs256(header: ["x5u": "https://evil.test/c"], secret: Data([0])),
        badSignature
      ),
      ("x5c in the header", Mint.hs256(header: ["x5c": ["AAAA"]], secret: Data([0])), badSignature),
      ("kid of a file", Mint.hs256(header: ["kid": "../../dev/null"], secret: Data([0])), badSignature),
      ("kid of SQL", Mint.hs256(header: ["kid": "' OR 1=1 --"], secret: Data([0])), badSignature),
      ("kid of 10 KB", Mint.hs256(header: ["kid": .string(long)], secret: Data([0])), nil),
      ("crit", Mint.hs256(header: ["crit": ["exp"]]), "Critical header parameters are not supported"),
      (
        "typ of something else", Mint.hs256(header: ["typ": "logout+jwt"]),
        "The specified typ value is not allowed"
      ),
      ("no iss", Mint.hs256(Mint.claims(["iss": nil as JSON?])), "Token is missing the \"iss\" claim"),
      ("another iss", Mint.hs256(Mint.claims(["iss": "https://issuer.test/"])), "Invalid issuer"),
      ("iss as a list", Mint.hs256(Mint.claims(["iss": [.string(Mint.issuer)]])), "Invalid issuer"),
      ("no aud", Mint.hs256(Mint.claims(["aud": nil as JSON?])), "Token is missing the \"aud\" claim"),
      ("another aud", Mint.hs256(Mint.claims(["aud": ["x", "y"]])), "Audience doesn't match"),
      ("no exp", Mint.hs256(Mint.claims(["exp": nil as JSON?])), "Token is missing the \"exp\" claim"),
      ("expired", Mint.hs256(Mint.claims(["exp": .integer(now - 1)])), "Signature has expired"),
      (
        "exp as text", Mint.hs256(Mint.claims(["exp": .string("\(now + 600)")])),
        "Expiration Time claim (exp) must be an integer."
      ),
      (
        "exp beyond all time", Mint.hs256(Mint.claims(["exp": .number(1e300)])),
        "Expiration Time claim (exp) must be an integer."
      ),
      ("not yet", Mint.hs256(Mint.claims(["nbf": .integer(now + 600)])), "The token is not yet valid (nbf)"),
      ("no sub", Mint.hs256(Mint.claims(["sub": nil as JSON?])), "Token is missing the \"sub\" claim"),
      ("sub as a number", Mint.hs256(Mint.claims(["sub": 1])), "Subject must be a string"),
      ("a claim said twice", Mint.signed(#"{"sub":"user-1","sub":"admin","#), repeated),
      (
        "a claim said twice in two spellings", Mint.signed("{\"sub\":\"user-1\",\"s\\u0075b\":\"admin\","),
        repeated
      ),
      ("compressed", Mint.hs256(header: ["zip": "DEF"], secret: Data([0])), badSignature),
      ("an ID token", Mint.hs256(Mint.claims(["nonce": "n"])), "An ID token is no access token"),
      ("encrypted", "a.b.c.d.e", nil), ("garbage", "xyz", "Not enough segments"),
      ("header no JSON", "eHl6.\(parts[1]).\(parts[2])", "Invalid header string"),
      ("payload no JSON", "\(parts[0]).eHl6.\(parts[2])", "Invalid payload padding"),
      (
        "deep JSON", "\(parts[0]).\(Data(String(repeating: "[", count: 5_000).utf8).base64URL).\(parts[2])",
        nil
      ),
    ]
    #expect(attacks.count >= 30)
    try await TestServer.run(identity: .tokens(Mint.rules, key: Self.secretKey)) { server in
      for attack in attacks {
        let reply = try await Self.ask(server, attack.token)
        #expect(reply.status == 401, "\(attack.name): \(reply.status) \(reply.text)")
        if let detail = attack.detail { #expect(reply.detail == detail, "\(attack.name)") }
        #expect(reply.field("www-authenticate") == nil)
      }
      #expect(try await server.ask("GET", "/threads", as: "anna").status == 403)
      let basic = try await server.ask("GET", "/threads", with: [("Authorization", "Basic abc")])
      #expect(basic.status == 403 && basic.detail == "Invalid authentication credentials")
    }
  }

  @Test func `clocks may differ by half a minute, and an audience may be one of many`() throws {
    let now = Timestamp.now
    func isTaken(_ more: [String: JSON?], at time: Timestamp) -> Bool {
      (try? TokenClaims(.object(Mint.claims(more)), rules: Mint.rules, now: time)) != nil
    }
    let begins = JSON.integer(Int(now.microseconds / 1_000_000))
    #expect(isTaken(["nbf": begins], at: now.adding(seconds: -29)))
    #expect(!isTaken(["nbf": begins], at: now.adding(seconds: -32)))
    #expect(isTaken([:], at: now.adding(seconds: 598)) && !isTaken([:], at: now.adding(seconds: 601)))
    #expect(isTaken(["aud": ["x", "api"]], at: now) && !isTaken(["aud": [["api"]]], at: now))
    #expect(!isTaken(["aud": "API"], at: now) && !isTaken(["aud": ["api": "api"]], at: now))
  }

  @Test func `members that are said twice are found, and nothing else is`() {
    for (text, repeats) in [
      (#"{"a":1,"a":2}"#, true), (#"{"a":{"b":1,"b":1},"c":["a","a"]}"#, false),
      (#"{"a":"a","b":"a"}"#, false),
      (#"{"a\"":1,"a\\":2}"#, false), (#"{ "a" : [ {"a":1} ] , "b" : "," , "a" : 0 }"#, true), ("{}", false),
    ] {
      #expect(Data(text.utf8).repeatsName == repeats, "\(text)")
    }
  }

  @Test func `a public key is never taken for a secret`() async throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let pem = Data(key.publicKey.pemRepresentation.utf8)
    #expect(throws: (any Error).self) { try TokenKey(pem, algorithm: .hs256) }
    #expect(throws: (any Error).self) { try TokenKey(Mint.secret, algorithm: .rs256) }
    let verifier = try TokenKey(pem, algorithm: .rs256)
    try await TestServer.run(identity: .tokens(Mint.rules, key: verifier)) { server in
      let good = try Mint.rs256(key)
      #expect(try await Self.ask(server, good).status == 200)
      let confused = try await Self.ask(server, Mint.hs256(secret: pem))
      #expect(confused.status == 401 && confused.detail == "The specified alg value is not allowed")
    }
  }

  @Test func `a signature of zeros is none`() async throws {
    let key = P256.Signing.PrivateKey()
    let verifier = try TokenKey(Data(key.publicKey.pemRepresentation.utf8), algorithm: .es256)
    try await TestServer.run(identity: .tokens(Mint.rules, key: verifier)) { server in
      let signed = try await Self.ask(server, Mint.es256(key))
      #expect(signed.status == 200)
      let zeros = Mint.text(
        header: ["alg": "ES256"], claims: JSON.object(Mint.claims()).text
      ) { _ in Data(repeating: 0, count: 64) }
      let unsigned = try await Self.ask(server, zeros)
      #expect(unsigned.status == 401)
    }
  }
}
