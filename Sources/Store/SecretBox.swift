import Crypto
import Foundation
import GRDB

/// Seals what nobody may read out of the database alone, such as a key to somebody's service.
///
/// The key lies beside the database in a file of its own, readable by this program only: whoever copies the
/// database has not copied the secrets. AES-256 in GCM, with the row's id as what is authenticated beside, so
/// that a sealed text cannot be moved to another row.
struct SecretBox: Sendable {
  private let path: String

  private static let keyBytes = 32

  init(directory: String) {
    path = "\(directory)/\(SecretKeyFile.name)"
  }

  func sealed(_ text: String, for row: String) throws -> [UInt8] {
    let key = try key(orMake: true)
    let box = try AES.GCM.seal(Array(text.utf8), using: key, authenticating: Array(row.utf8))
    guard let combined = box.combined else { throw StoreError.unavailable(cause: "a secret was not sealed") }
    return Array(combined)
  }

  /// - Throws: `.unavailable` when the key is not the one it was sealed with.
  func opened(_ bytes: [UInt8], for row: String) throws -> String {
    do {
      let box = try AES.GCM.SealedBox(combined: bytes)
      let text = try AES.GCM.open(box, using: key(orMake: false), authenticating: Array(row.utf8))
      return String(decoding: text, as: UTF8.self)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError.unavailable(
        cause: "a secret cannot be opened: \(path) is not the key it was sealed with")
    }
  }

  private func key(orMake mayMake: Bool) throws -> SymmetricKey {
    if let bytes = FileManager.default.contents(atPath: path) {
      guard bytes.count == Self.keyBytes else {
        throw StoreError.unavailable(cause: "\(path) holds no key")
      }
      return SymmetricKey(data: bytes)
    }
    guard mayMake else {
      throw StoreError.unavailable(cause: "\(path), which secrets are sealed with, is gone")
    }
    let key = SymmetricKey(size: .bits256)
    try Directory.writeDurably(key.withUnsafeBytes { Array($0) }, to: path)
    return key
  }
}

/// The key that stored secrets are sealed with, as a file.
package enum SecretKeyFile {
  /// Its name in a store's folder.
  package static let name = "secrets.key"
}
