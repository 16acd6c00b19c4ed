import Foundation
import Store

/// A folder inside the data directory for the copies a backup is made of. It goes with its owner; what a crash left
/// behind goes with the next backup.
final class BackupStaging {
  private static let prefix = ".backup-"

  let path: String
  /// Locked as long as its owner lives.
  private let folder: Int32

  var database: String { "\(path)/\(DatabaseFile.name)" }

  init(in directory: String) throws(BackupError) {
    Self.sweep(directory)
    path = "\(directory)/\(Self.prefix)\(UUID().uuidString.lowercased())"
    do {
      try Directory.make(path)
      try Directory.give(path, toOwnerOf: directory)
    } catch { throw BackupError(error) }
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0, flock(folder, LOCK_SH | LOCK_NB) == 0 else {
      throw .file(path: path, cause: String(cString: strerror(errno)))
    }
  }

  /// Gives the index files a second name here, which stays when the daemon writes them anew. They are caches: one
  /// that cannot be had is built again.
  func linkIndexes(of directory: String) {
    guard (try? Directory.make("\(path)/indexes")) != nil else { return }
    for file in BackedUpFile.all(in: "indexes", of: directory, where: { $0.hasSuffix(".index") }) {
      link(file.path, "\(path)/\(file.name)")
    }
  }

  private static func sweep(_ directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let left = open("\(directory)/\(name)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard left >= 0 else { continue }
      if flock(left, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
      }
      close(left)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(folder)
  }
}
