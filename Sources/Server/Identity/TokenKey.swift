import Conversation
package import Foundation
import JWTKit

/// A key that tokens are verified with, by one algorithm: what a token says of its own algorithm only has to
/// agree.
package struct TokenKey: Sendable {
  /// Of RFC 7518 and RFC 8037.
  package enum Algorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256", hs384 = "HS384", hs512 = "HS512"
    case rs256 = "RS256", rs384 = "RS384", rs512 = "RS512"
    case ps256 = "PS256", ps384 = "PS384", ps512 = "PS512"
    case es256 = "ES256", es384 = "ES384", es512 = "ES512"
    case edDSA = "EdDSA"
  }

  let algorithm: Algorithm
  private let add: @Sendable (JWTKeyCollection) async throws -> Void

  private init(algorithm: Algorithm, add: @escaping @Sendable (JWTKeyCollection) async throws -> Void) {
    self.algorithm = algorithm
    self.add = add
  }

  /// From a secret (for HS…) or a public key in PEM.
  /// - Throws: when it is no key for that algorithm.
  package init(_ bytes: Data, algorithm: Algorithm) throws {
    let pem = String(decoding: bytes, as: UTF8.self)
    switch algorithm {
    case .hs256, .hs384, .hs512:
      // A public key as a secret would be one that everybody knows.
      guard !bytes.isEmpty, !pem.contains("-----BEGIN") else {
        throw UnusableKey(reason: "is no secret, as \(algorithm.rawValue) needs one")
      }
      // RFC 7518 §3.2; JWTKit ends the process over a shorter one.
      guard bytes.count >= algorithm.digestBytes else {
        throw UnusableKey(
          reason: "is shorter than the \(algorithm.digestBytes) bytes that \(algorithm.rawValue) needs")
      }
      self.init(algorithm: algorithm) { [algorithm] keys in
        await keys.add(hmac: HMACKey(from: bytes), digestAlgorithm: algorithm.digest)
      }
    case .rs256, .rs384, .rs512:
      let key = try Self.parsed(algorithm) { try Insecure.RSA.PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(rsa: key, digestAlgorithm: algorithm.digest) }
    case .ps256, .ps384, .ps512:
      let key = try Self.parsed(algorithm) { try Insecure.RSA.PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(pss: key, digestAlgorithm: algorithm.digest) }
    case .es256:
      let key = try Self.parsed(algorithm) { try ES256PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(ecdsa: key) }
    case .es384:
      let key = try Self.parsed(algorithm) { try ES384PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(ecdsa: key) }
    case .es512:
      let key = try Self.parsed(algorithm) { try ES512PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(ecdsa: key) }
    case .edDSA:
      let key = try Self.parsed(algorithm) { try EdDSA.PublicKey(pem: pem) }
      self.init(algorithm: algorithm) { await $0.add(eddsa: key) }
    }
  }

  private static func parsed<Key>(_ algorithm: Algorithm, _ parse: () throws -> Key) throws -> Key {
    do {
      return try parse()
    } catch {
      throw UnusableKey(reason: "is no public key in PEM for \(algorithm.rawValue)")
    }
  }

  /// From a key of a provider's set (RFC 7517): only keys that verify signatures and hold no secret.
  /// - Returns: nil for any other.
  init?(jwk: JSON) {
    guard jwk["use"]?.string ?? "sig" == "sig", jwk["kty"]?.string != "oct", jwk["d"] == nil,
      let algorithm = Self.algorithm(of: jwk)
    else { return nil }
    var members = jwk.object ?? [:]
    // The only key of a set may have no name, but the library wants one.
    if jwk["kid"]?.string == nil { members["kid"] = "unnamed" }
    members["alg"] = .string(algorithm.rawValue)
    for name in ["x5c", "x5t", "x5u", "key_ops"] { members[name] = nil }
    guard let bytes = try? JSON.encoded(JSON.object(members)),
      let key = try? JSONDecoder().decode(JWK.self, from: bytes)
    else { return nil }
    self.init(algorithm: algorithm) { try await $0.add(jwk: key, isDefault: true) }
  }

  /// What the key says, or else the usual one of its kind.
  private static func algorithm(of jwk: JSON) -> Algorithm? {
    if let name = jwk["alg"]?.string { return Algorithm(rawValue: name) }
    switch (jwk["kty"]?.string, jwk["crv"]?.string) {
    case ("RSA", _): return .rs256
    case ("EC", "P-256"): return .es256
    case ("EC", "P-384"): return .es384
    case ("EC", "P-521"): return .es512
    case ("OKP", "Ed25519"): return .edDSA
    default: return nil
    }
  }

  /// Whether the token was signed with it.
  func verifies(_ token: String) async -> Bool {
    let keys = JWTKeyCollection()
    do {
      try await add(keys)
      _ = try await keys.verify(token, as: AnyClaims.self)
      return true
    } catch {
      return false
    }
  }

  /// Claims are read and judged elsewhere.
  private struct AnyClaims: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) async throws {}
  }
}

/// Why a key cannot be used: the end of a sentence that names it.
package struct UnusableKey: Error, CustomStringConvertible {
  package let reason: String
  package var description: String { reason }
}

extension TokenKey.Algorithm {
  fileprivate var digestBytes: Int {
    switch self {
    case .hs256, .rs256, .ps256, .es256: 32
    case .hs384, .rs384, .ps384, .es384: 48
    case .hs512, .rs512, .ps512, .es512, .edDSA: 64
    }
  }

  fileprivate var digest: DigestAlgorithm {
    switch self {
    case .hs256, .rs256, .ps256, .es256, .edDSA: .sha256
    case .hs384, .rs384, .ps384, .es384: .sha384
    case .hs512, .rs512, .ps512, .es512: .sha512
    }
  }
}
