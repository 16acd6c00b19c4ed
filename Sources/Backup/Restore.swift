import Foundation
import Store

/// Puts a backup back, or only proves that it could be.
package struct Restore {
  private let reader: BackupReader

  package init(_ reader: BackupReader) {
    self.reader = reader
  }

  /// Unpacks the backup into a folder that goes away again.
  /// - Parameter folder: where there is room for the database.
  package func verify(in folder: String, onProgress: BackupProgress) throws(BackupError)
    -> BackupReader.Contents
  {
    try Room.check(reader.manifest.databaseBytes, in: folder)
    let path = "\(folder)/opengpts-verify-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    do { try Directory.make(path) } catch { throw BackupError(error) }
    return try reader.unpack(into: path, keepsBlobs: false, onProgress: onProgress)
  }

  /// What a restore did.
  package struct Done: Sendable {
    package let contents: BackupReader.Contents
    /// Where what was there before is now; nil when there was nothing.
    package let aside: String?
    /// The settings of the machine the backup was made on.
    package let configurationPath: String
  }

  /// Makes the directory hold what the backup holds. All is unpacked and proven beside what is there, and then takes
  /// its place as a whole: a crash leaves the one or the other.
  /// - Parameter replaces: puts data that is there aside instead of refusing.
  /// - Throws: `.occupied`, `.noRoom`, `.damaged`, `.store(.inUse)` while a daemon serves the directory.
  package func restore(
    into directory: String, replaces: Bool, onProgress: BackupProgress
  ) throws(BackupError) -> Done {
    try checkTarget(directory, replaces: replaces)
    do {
      let staged = try StagedRestore(into: directory)
      try Room.check(reader.manifest.restoredBytes, in: directory)
      let contents = try reader.unpack(into: staged.staging, onProgress: onProgress)
      let configuration = "\(directory)/restored-\(Backup.configurationName)"
      try Data(reader.configuration.utf8).write(to: URL(filePath: configuration))
      chmod(configuration, 0o600)
      try Directory.give(configuration, toOwnerOf: directory)
      return Done(contents: contents, aside: try staged.commit(), configurationPath: configuration)
    } catch {
      throw BackupError(error)
    }
  }

  /// - Throws: `.occupied` when there is data and it may not be put aside.
  package func checkTarget(_ directory: String, replaces: Bool) throws(BackupError) {
    guard replaces || !StagedRestore.isOccupied(directory) else { throw .occupied(directory: directory) }
  }
}
