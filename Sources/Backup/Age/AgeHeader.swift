import Crypto
import CryptoExtras
import Foundation

/// The head of a file encrypted by passphrase in version 1 of the age format
/// (<https://github.com/C2SP/C2SP/blob/main/age.md>, 2026): how the file's key was wrapped, and a seal over that.
struct AgeHeader {
  static let version = "age-encryption.org/v1"
  /// Logarithm of scrypt's cost: 2^16 takes 64 MB and a fifth of a second, which a small box can spare.
  static let workFactor = 16
  /// The dearest file that is opened; 2^20 takes a gigabyte.
  private static let maxWorkFactor = 20
  private static let saltBytes = 16
  private static let fileKeyBytes = 16
  private static let lineBytes = 256

  /// For `AgeWriter` and `AgeReader`.
  let fileKey: SymmetricKey
  let text: String

  /// A new head with a key of its own.
  init(passphrase: String, workFactor: Int = AgeHeader.workFactor) throws(BackupError) {
    fileKey = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * Self.fileKeyBytes))
    let salt = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * Self.saltBytes)).data
    let wrapKey = try Self.wrapKey(passphrase, salt: salt, workFactor: workFactor)
    guard let nonce = try? ChaChaPoly.Nonce(data: Data(count: 12)),
      let box = try? ChaChaPoly.seal(fileKey.data, using: wrapKey, nonce: nonce)
    else { throw .damaged("its key cannot be wrapped") }
    let body = """
      \(Self.version)
      -> scrypt \(salt.unpaddedBase64) \(workFactor)
      \((box.ciphertext + box.tag).unpaddedBase64)
      ---
      """
    text = body + " \(Self.seal(body, fileKey).unpaddedBase64)\n"
  }

  /// Reads a head and unwraps its key.
  /// - Throws: `.notABackup` for another kind of head, `.wrongPassphrase`, `.damaged` when the seal is broken.
  init(reading source: FileSource, passphrase: String) throws(BackupError) {
    var lines: [String] = []
    for _ in 0..<4 { lines.append(try source.line(limit: Self.lineBytes)) }
    let stanza = lines[1].split(separator: " ").map(String.init)
    guard lines[0] == Self.version, lines[3].hasPrefix("--- ") else {
      throw .notABackup(why: "it is encrypted in an unknown way")
    }
    guard stanza.count == 4, stanza[..<2] == ["->", "scrypt"], let factor = Int(stanza[3]),
      let salt = Data(unpaddedBase64: stanza[2]), salt.count == Self.saltBytes,
      let wrapped = Data(unpaddedBase64: lines[2]), wrapped.count == Self.fileKeyBytes + 16
    else { throw .notABackup(why: "it is encrypted, but not by passphrase; decrypt it with age first") }
    guard (1...Self.maxWorkFactor).contains(factor) else {
      throw .notABackup(why: "opening it would take 2^\(factor) steps")
    }
    let wrapKey = try Self.wrapKey(passphrase, salt: salt, workFactor: factor)
    guard let box = try? ChaChaPoly.SealedBox(combined: Data(count: 12) + wrapped),
      let key = try? ChaChaPoly.open(box, using: wrapKey)
    else { throw .wrongPassphrase }
    fileKey = SymmetricKey(data: key)
    let body = lines[..<3].joined(separator: "\n") + "\n---"
    text = body + " \(lines[3].dropFirst(4))\n"
    guard let seal = Data(unpaddedBase64: String(lines[3].dropFirst(4))),
      HMAC<SHA256>.isValidAuthenticationCode(
        seal, authenticating: Data(body.utf8), using: Self.derived(fileKey, salt: Data(), info: "header"))
    else { throw .damaged("its head was changed") }
  }

  /// The key of the bytes that follow the head and a nonce of 16 bytes.
  func payloadKey(nonce: Data) -> SymmetricKey {
    Self.derived(fileKey, salt: nonce, info: "payload")
  }

  private static func derived(_ key: SymmetricKey, salt: Data, info: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: Data(info.utf8), outputByteCount: 32)
  }

  private static func seal(_ body: String, _ fileKey: SymmetricKey) -> Data {
    let key = derived(fileKey, salt: Data(), info: "header")
    return Data(HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: key))
  }

  private static func wrapKey(
    _ passphrase: String, salt: Data, workFactor: Int
  ) throws(BackupError) -> SymmetricKey {
    do {
      return try KDF.Scrypt.deriveKey(
        from: Data(passphrase.utf8), salt: Data("\(version)/scrypt".utf8) + salt, outputByteCount: 32,
        rounds: 1 << workFactor, blockSize: 8, parallelism: 1)
    } catch {
      throw .damaged("its key cannot be derived; is there memory for 2^\(workFactor) KB?")
    }
  }
}

extension SymmetricKey {
  var data: Data { withUnsafeBytes { Data($0) } }
}

extension Data {
  var unpaddedBase64: String { base64EncodedString().replacing("=", with: "") }

  init?(unpaddedBase64 text: String) {
    guard !text.contains("=") else { return nil }
    self.init(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4))
  }
}
