import Conversation
import Crypto
import CryptoExtras
import Foundation

@testable import Server

/// Makes tokens, good and bad ones.
struct TokenMint: Sendable {
  static let secret = Data("a secret of at least 32 bytes, for tests".utf8)
  static let issuer = "https://issuer.test"
  static let rules = TokenRules(issuer: issuer, audiences: ["api", "other"])

  static func claims(_ more: [String: JSON?] = [:]) -> [String: JSON] {
    var claims: [String: JSON] = [
      "sub": "user-1", "iss": .string(issuer), "aud": "api",
      "exp": .integer(Int(Date().timeIntervalSince1970) + 600),
    ]
    for (name, value) in more { claims[name] = value }
    return claims
  }

  static func text(header: [String: JSON], claims: String, signature: (Data) throws -> Data) rethrows
    -> String
  {
    let head = Data(JSON.object(header).text.utf8).base64URL
    let signed = "\(head).\(Data(claims.utf8).base64URL)"
    return try "\(signed).\(signature(Data(signed.utf8)).base64URL)"
  }

  static func hs256(
    _ claims: [String: JSON] = claims(), header: [String: JSON] = [:], secret: Data = secret
  ) -> String {
    text(
      header: ["alg": "HS256", "typ": "JWT"].merging(header) { _, last in last },
      claims: JSON.object(claims).text
    ) { Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: secret))) }
  }

  /// Well signed claims that begin with that text.
  static func signed(_ begin: String) -> String {
    let rest = JSON.object(claims(["sub": nil as JSON?])).text.dropFirst()
    return text(header: ["alg": "HS256", "typ": "JWT"], claims: begin + rest) {
      Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: secret)))
    }
  }

  static func es256(
    _ key: P256.Signing.PrivateKey, _ claims: [String: JSON] = claims(), header: [String: JSON] = [:]
  ) throws -> String {
    try text(
      header: ["alg": "ES256", "typ": "JWT"].merging(header) { _, last in last },
      claims: JSON.object(claims).text
    ) { try key.signature(for: $0).rawRepresentation }
  }

  static func rs256(
    _ key: _RSA.Signing.PrivateKey, _ claims: [String: JSON] = claims(), header: [String: JSON] = [:]
  ) throws -> String {
    try text(
      header: ["alg": "RS256", "typ": "JWT"].merging(header) { _, last in last },
      claims: JSON.object(claims).text
    ) { try key.signature(for: SHA256.hash(data: $0), padding: .insecurePKCS1v1_5).rawRepresentation }
  }

  /// A public key as a provider publishes it.
  static func jwk(_ key: P256.Signing.PrivateKey, id: String, _ more: [String: JSON] = [:]) -> JSON {
    let bytes = key.publicKey.rawRepresentation
    return .object(
      [
        "kty": "EC", "crv": "P-256", "kid": .string(id), "use": "sig", "alg": "ES256",
        "x": .string(Data(bytes.prefix(32)).base64URL), "y": .string(Data(bytes.suffix(32)).base64URL),
      ].merging(more) { _, last in last })
  }
}
