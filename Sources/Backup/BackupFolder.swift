package import Foundation
import Store

/// The folder scheduled backups are kept in: so many, the oldest goes when a new one is whole.
package struct BackupFolder: Sendable {
  package let directory: String
  /// How many are kept.
  package let keep: Int

  package init(_ directory: String, keep: Int) {
    self.directory = directory
    self.keep = keep
  }

  /// A backup that lies there.
  package struct Item: Sendable, Equatable {
    package let path: String
    package let takenAt: Date
    package let sizeBytes: Int
  }

  /// All of them, newest first. Files of other names are nobody's business.
  package func list() -> [Item] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap(item).sorted { $0.takenAt > $1.takenAt }
  }

  private func item(named name: String) -> Item? {
    guard let match = name.wholeMatch(of: /opengpts-([0-9]{8}-[0-9]{6})\.tar\.zst(\.age)?/),
      let takenAt = Snapshots.date(ofStamp: String(match.output.1))
    else { return nil }
    let path = "\(directory)/\(name)"
    return Item(path: path, takenAt: takenAt, sizeBytes: Directory.size(of: path))
  }

  /// Where a backup of now is to go; makes the folder.
  package func newPath(isEncrypted: Bool) throws(BackupError) -> String {
    do {
      if access(directory, F_OK) != 0 {
        try Directory.make(directory)
        try Directory.give(directory, toOwnerOf: URL(filePath: directory).deletingLastPathComponent().path)
      }
    } catch {
      throw .file(path: directory, cause: error.localizedDescription)
    }
    return "\(directory)/opengpts-\(Snapshots.stamp()).tar.zst\(isEncrypted ? ".age" : "")"
  }

  /// Gives a backup that root made to the owner of the folder, who is to remove it one day.
  package func adopt(_ path: String) throws(BackupError) {
    do { try Directory.give(path, toOwnerOf: directory) } catch { throw BackupError(error) }
  }

  /// Removes the oldest ones, to be called when a new one is whole.
  /// - Returns: how many went.
  @discardableResult
  package func prune() -> Int {
    let old = list().dropFirst(max(keep, 1))
    for item in old { unlink(item.path) }
    removeLeftParts()
    return old.count
  }

  /// Removes what backups that were cut off have left; one that is being written has changed today.
  private func removeLeftParts() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasPrefix("opengpts-") && name.hasSuffix(".part") {
      var status = stat()
      let path = "\(directory)/\(name)"
      guard stat(path, &status) == 0, time(nil) - status.st_mtim.tv_sec > 86_400 else { continue }
      unlink(path)
    }
  }
}
