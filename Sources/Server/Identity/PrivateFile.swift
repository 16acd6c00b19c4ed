import Foundation

/// A small file that only the user this program runs as can read.
enum PrivateFile {
  /// Replaces what is there; follows no link.
  /// - Returns: whether it is written.
  static func write(_ text: String, to path: String) -> Bool {
    unlink(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    let bytes = Array((text + "\n").utf8)
    return Foundation.write(file, bytes, bytes.count) == bytes.count
  }

  static func remove(_ path: String) {
    unlink(path)
  }
}
