import Foundation

/// The folder a store lives in: nobody else's to read.
package enum Directory {
  /// Makes the folder with mode 0700, and the ones above it, unless it is there.
  package static func make(_ path: String) throws {
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
  package static func flush(_ path: String) throws(StoreError) {
    try flush(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// Makes the bytes of a file durable, whoever wrote them.
  package static func flushFile(_ path: String) throws(StoreError) {
    try flush(path, O_RDONLY | O_CLOEXEC)
  }

  private static func flush(_ path: String, _ flags: Int32) throws(StoreError) {
    let file = open(path, flags)
    guard file >= 0 else { throw StoreError(errno: errno, path: path) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw StoreError.notDurable(cause: path) }
  }

  /// Bytes of a file; 0 when there is none.
  package static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Bytes an ordinary user may still write on the disk of `path`; nil when nobody says.
  package static func freeBytes(at path: String) -> Int? {
    room(at: path)?.free
  }

  /// The same, and the bytes of the whole disk.
  static func room(at path: String) -> (free: Int, size: Int)? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    func bytes(_ blocks: UInt) -> Int {
      let (bytes, overflow) = Int(blocks).multipliedReportingOverflow(by: Int(status.f_frsize))
      return overflow ? Int.max : bytes
    }
    return (bytes(status.f_bavail), bytes(status.f_blocks))
  }

  /// Gives a file or a folder, with all below it, to the owner of the folder `model`: what root makes in a service's folder must be the
  /// service's to use. Does nothing for anybody but root.
  package static func give(_ path: String, toOwnerOf model: String) throws(StoreError) {
    var owner = stat()
    guard geteuid() == 0 else { return }
    guard stat(model, &owner) == 0 else { throw StoreError(errno: errno, path: model) }
    let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for name in [path] + below.map({ "\(path)/\($0)" }) {
      guard lchown(name, owner.st_uid, owner.st_gid) == 0 else { throw StoreError(errno: errno, path: name) }
    }
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
    DirectoryOwner.note(in: file)
    // Root may have come first, to restore into a folder of the service's.
    try Directory.give(path, toOwnerOf: (path as NSString).deletingLastPathComponent)
  }

  /// Lets another process in.
  func release() {
    _ = flock(file, LOCK_UN)
  }

  deinit {
    close(file)
  }
}

/// Which process has a store open.
package enum DirectoryOwner {
  /// Nil when none has.
  package static func process(of directory: String) -> Int32? {
    let file = open(directory + "/opengpts.lock", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard flock(file, LOCK_EX | LOCK_NB) != 0 else { return nil }
    var text = [UInt8](repeating: 0, count: 20)
    let count = read(file, &text, text.count)
    return Int32(String(decoding: text.prefix(max(count, 0)), as: UTF8.self))
  }

  /// A note for people and for `process`; the lock itself is what counts.
  fileprivate static func note(in file: Int32) {
    let text = Array(String(getpid()).utf8)
    _ = ftruncate(file, 0)
    _ = pwrite(file, text, text.count, 0)
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
