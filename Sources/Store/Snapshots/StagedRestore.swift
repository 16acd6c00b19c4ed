import Foundation

/// Other data for a store's folder, made ready beside what is there and put in its place as a whole.
///
/// 1. What is to come is written below `.restoring/`. A crash leaves everything as it was.
/// 2. `commit` flushes it and then writes `.restoring/ready`: from here on the restore counts.
/// 3. Piece by piece, what is there goes to `before-restore-<time>/` and the new piece takes its place. A crash
///    leaves the rest to whoever opens the folder next.
///
/// A piece that `.restoring/` does not hold stays as it is; indexes never do, as they fit one database alone.
package final class StagedRestore {
  private static let folder = ".restoring"
  private static let marker = "ready"
  /// The database comes first: its log must not be met by another database.
  private static let pieces = [DatabaseFile.name, "blobs", "indexes", SecretKeyFile.name]

  private let directory: String
  private let lock: DirectoryLock
  /// Where the pieces are to be written: `opengpts.sqlite`, `secrets.key`, `blobs/<hash>`, `indexes/<name>`.
  package let staging: String
  private var isCommitted = false

  /// Makes the folder if need be, and keeps others from opening it.
  /// - Throws: `.inUse` while a daemon serves it.
  package init(into directory: String) throws(StoreError) {
    self.directory = directory
    staging = "\(directory)/\(Self.folder)"
    do {
      try Directory.make(directory)
      lock = try DirectoryLock(path: directory + "/opengpts.lock")
      try Self.finishPending(in: directory)
      try Directory.make(staging + "/indexes")
    } catch {
      throw StoreError(error)
    }
  }

  /// Stages a snapshot, with a second name for each blob: those of what was written since stay with it.
  package func stage(_ snapshot: Snapshots.Snapshot) throws(StoreError) {
    do {
      _ = try DatabaseFile.check(snapshot.path)
      try FileManager.default.copyItem(atPath: snapshot.path, toPath: "\(staging)/\(DatabaseFile.name)")
      try Directory.make(staging + "/blobs")
      let names = try FileManager.default.contentsOfDirectory(atPath: directory + "/blobs")
      for name in names where Blobs.isHash(name) {
        let path = "\(staging)/blobs/\(name)"
        guard link("\(directory)/blobs/\(name)", path) == 0 else {
          throw StoreError(errno: errno, path: path)
        }
      }
    } catch {
      throw StoreError(error)
    }
  }

  /// Whether the folder holds a database or uploaded files already.
  package static func isOccupied(_ directory: String) -> Bool {
    let blobs = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/blobs")) ?? []
    return access("\(directory)/\(DatabaseFile.name)", F_OK) == 0 || blobs.contains(where: Blobs.isHash)
  }

  /// Puts what was staged in place, and is done.
  /// - Returns: the folder of what was there before; nil when there was nothing.
  package func commit() throws(StoreError) -> String? {
    do {
      try Directory.give(staging, toOwnerOf: directory)
      try Self.flushAll(below: staging)
      let marker = "\(staging)/\(Self.marker)"
      try Data(Snapshots.stamp().utf8).write(to: URL(filePath: marker))
      try Directory.flushFile(marker)
      try Directory.flush(staging)
      try Directory.flush(directory)
      isCommitted = true
      return try Self.finishPending(in: directory)
    } catch {
      throw StoreError(error)
    }
  }

  deinit {
    // What was given up goes; what was committed and then cut off stays for the next opening.
    if !isCommitted { try? FileManager.default.removeItem(atPath: staging) }
    lock.release()
  }
}

extension StagedRestore {
  /// Goes on with a restore that was committed, and removes one that was not. The caller has locked the folder.
  /// - Returns: the folder of what was there before; nil when there was nothing, or no restore.
  @discardableResult
  static func finishPending(in directory: String) throws -> String? {
    let staging = "\(directory)/\(folder)"
    guard access(staging, F_OK) == 0 else { return nil }
    guard let stamp = try? String(contentsOfFile: "\(staging)/\(marker)", encoding: .utf8),
      stamp.wholeMatch(of: /[0-9]{8}-[0-9]{6}/) != nil
    else {
      try FileManager.default.removeItem(atPath: staging)
      return nil
    }
    let aside = "\(directory)/before-restore-\(stamp)"
    for piece in pieces where access("\(staging)/\(piece)", F_OK) == 0 {
      let companions = piece == DatabaseFile.name ? DatabaseFile.companions : []
      for old in companions + [piece] { try move(old, from: directory, to: aside) }
      try move(piece, from: staging, to: directory)
    }
    try FileManager.default.removeItem(atPath: staging)
    try Directory.flush(directory)
    return access(aside, F_OK) == 0 ? aside : nil
  }

  private static func move(_ name: String, from source: String, to target: String) throws {
    guard access("\(source)/\(name)", F_OK) == 0 else { return }
    if access(target, F_OK) != 0 {
      try Directory.make(target)
      try Directory.give(target, toOwnerOf: source)
    }
    let path = "\(target)/\(name)"
    guard rename("\(source)/\(name)", path) == 0 else { throw StoreError(errno: errno, path: path) }
    try Directory.flush(target)
    try Directory.flush(source)
  }

  private static func flushAll(below directory: String) throws {
    let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    for name in names {
      let path = "\(directory)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0 else { throw StoreError(errno: errno, path: path) }
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      if isFolder { try Directory.flush(path) } else { try Directory.flushFile(path) }
    }
  }
}
