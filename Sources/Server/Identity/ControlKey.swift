import Foundation
import Logging

/// A key in a file of the data directory, made anew at each start: whoever can read that file could read the
/// database too, and comes in as an administrator. The commands on the machine itself use it.
package final class ControlKey: Sendable {
  static let subject = "command line"
  static let name = "Command line"
  private let hash: [UInt8]
  private let path: String

  init(directory: String, logger: Logger) {
    path = Self.path(in: directory)
    let secret = OpaqueSecret(prefix: Gate.apiKeyPrefix)
    hash = secret.hash
    if !PrivateFile.write(secret.text, to: path) {
      logger.error("the key for commands could not be written", metadata: ["path": "\(path)"])
    }
  }

  package static func path(in directory: String) -> String { directory + "/control-key" }

  func isRight(_ key: String) -> Bool {
    isEqual(OpaqueSecret(shown: key).hash, hash)
  }

  func remove() {
    PrivateFile.remove(path)
  }
}
