import Crypto
import CryptoExtras
import Foundation
import HTTPTypes

/// Turns passwords into what may be stored, and checks them against it: scrypt (RFC 7914).
///
/// Few are hashed at once, so that a crowd at the door takes neither all memory nor all cores.
package actor Passwords {
  private let cost: Cost
  private var running = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameter costLogarithm: of scrypt's N. With 15, a hash takes 32 MB and a tenth of a second (OWASP
  ///   Password Storage Cheat Sheet: p = 3).
  package init(costLogarithm: Int = 15) {
    cost = Cost(logarithm: costLogarithm, blockSize: 8, parallelism: 3)
  }

  /// `$scrypt$ln=15,r=8,p=3$salt$hash`.
  /// - Throws: a refusal when too many wait.
  package func hash(_ password: String) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let key = try await derive(password, salt: salt, cost: cost)
    return PasswordHash(cost: cost, salt: salt, key: key).text
  }

  /// Takes as long when there is no hash to check against, so that nobody learns who has an account.
  package func isRight(_ password: String, for stored: String?) async throws -> Bool {
    let parsed = stored.flatMap(PasswordHash.init)
    let key = try await derive(
      password, salt: parsed?.salt ?? Array(repeating: 0, count: 16), cost: parsed?.cost ?? cost)
    guard let parsed else { return false }
    return isEqual(key, parsed.key)
  }

  private func derive(_ password: String, salt: [UInt8], cost: Cost) async throws -> [UInt8] {
    try await enter()
    defer { leave() }
    return try await Self.scrypt(password, salt: salt, cost: cost)
  }

  private func enter() async throws {
    if running < IdentityLimits.hashesAtOnce {
      running += 1
      return
    }
    guard waiting.count < IdentityLimits.hashesWaiting else {
      var refusal = Refusal(.tooManyRequests, "Too many people are signing in. Try again in a few seconds")
      refusal.headers[.retryAfter] = "5"
      throw refusal
    }
    // Whoever leaves hands its place over.
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty {
      running -= 1
    } else {
      waiting.removeFirst().resume()
    }
  }

  /// On a thread of its own: a tenth of a second of work is too long for those that serve everybody.
  @concurrent private static func scrypt(
    _ password: String, salt: [UInt8], cost: Cost
  ) async throws -> [UInt8] {
    // The same password typed on two keyboards is the same bytes (RFC 8265).
    let bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            try KDF.Scrypt.deriveKey(
              from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << cost.logarithm,
              blockSize: cost.blockSize, parallelism: cost.parallelism, maxMemory: 64 << 20
            ).withUnsafeBytes { Array($0) }
          })
      }
    }
  }
}

/// What a hash costs.
private struct Cost: Equatable {
  var logarithm: Int
  var blockSize: Int
  var parallelism: Int
}

private struct PasswordHash {
  var cost: Cost
  var salt: [UInt8]
  var key: [UInt8]

  var text: String {
    "$scrypt$ln=\(cost.logarithm),r=\(cost.blockSize),p=\(cost.parallelism)"
      + "$\(Data(salt).base64EncodedString())$\(Data(key).base64EncodedString())"
  }
}

extension PasswordHash {
  fileprivate init?(_ text: String) {
    let parts = text.split(separator: "$").map(String.init)
    guard parts.count == 4, parts[0] == "scrypt",
      let match = parts[1].wholeMatch(of: /ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})/),
      let logarithm = Int(match.1), let blockSize = Int(match.2), let parallelism = Int(match.3),
      (10...16).contains(logarithm), (1...16).contains(blockSize), (1...16).contains(parallelism),
      let salt = Data(base64Encoded: parts[2]), let key = Data(base64Encoded: parts[3])
    else { return nil }
    self.init(
      cost: Cost(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism), salt: Array(salt),
      key: Array(key))
  }
}
