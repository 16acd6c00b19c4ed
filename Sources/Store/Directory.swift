import Foundation

/// The folder a store lives in: nobody else's to read.
enum Directory {
  /// Makes the folder with mode 0700, and the ones above it, unless it is there.
  static func make(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// Makes an empty file with mode 0600, or takes the rights of others from one that is there. SQLite gives
  /// the files it puts beside the database the mode of the database.
  static func makePrivateFile(_ path: String) throws(StoreError) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreError(errno: errno, path: path) }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else { throw StoreError(errno: errno, path: path) }
  }

  /// Writes a small file with mode 0600, wholly or not at all.
  static func writeDurably(_ bytes: [UInt8], to path: String) throws(StoreError) {
    let part = path + ".part"
    let file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreError(errno: errno, path: part) }
    let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    let isFlushed = written == bytes.count && fsync(file) == 0
    let code = errno
    close(file)
    guard isFlushed, rename(part, path) == 0 else { throw StoreError(errno: code, path: path) }
    try flush(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
  }

  /// Makes renames and deletions in a folder durable.
  static func flush(_ path: String) throws(StoreError) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StoreError(errno: errno, path: path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw StoreError.notDurable(cause: path) }
  }
}

/// Keeps a second process out of the folder: two that write and checkpoint could damage the database.
final class DirectoryLock: Sendable {
  private let file: Int32

  init(path: String) throws(StoreError) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreError(errno: errno, path: path) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw StoreError.inUse(path: path)
    }
    self.file = file
  }

  /// Lets another process in.
  func release() {
    _ = flock(file, LOCK_UN)
  }

  deinit {
    close(file)
  }
}

extension StoreError {
  init(errno code: Int32, path: String) {
    switch code {
    case ENOSPC, EDQUOT: self = .diskFull
    default: self = .unavailable(cause: "\(path): \(String(cString: strerror(code)))")
    }
  }
}
