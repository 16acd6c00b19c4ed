import Foundation
import Synchronization

/// Bytes of uploaded files, each blob named by the SHA-256 of its content, so that equal content is kept
/// once.
package final class Blobs: Sendable {
  private let directory: String
  /// The folder, open to be locked: see `BlobHold`.
  private let folder: Int32
  /// Blobs that were finished but that no row names yet, each with how often: not to be removed.
  private let held = Mutex<[String: Int]>([:])

  /// Makes the folder, and removes what uploads that were cut off left in it.
  init(directory: String) throws {
    self.directory = directory
    try Directory.make(directory)
    folder = Foundation.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StoreError(errno: errno, path: directory) }
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".part") {
      unlink("\(directory)/\(name)")
    }
  }

  deinit {
    close(folder)
  }

  /// Begins a blob.
  package func create() throws(StoreError) -> BlobWriter {
    try BlobWriter(blobs: self, path: "\(directory)/\(UUID().uuidString.lowercased()).part")
  }

  /// Where a blob's bytes are, for whoever reads them as a file; nil when there is none of that hash.
  package func path(of hash: String) -> String? {
    guard Self.isHash(hash) else { return nil }
    let path = "\(directory)/\(hash)"
    return access(path, R_OK) == 0 ? path : nil
  }

  /// Opens a blob for reading.
  /// - Throws: `.notFound` when there is none of that hash.
  package func open(_ hash: String) throws(StoreError) -> BlobReader {
    guard let path = path(of: hash) else { throw .notFound }
    return try BlobReader(path: path)
  }
}

extension Blobs {
  /// Every blob there is.
  func hashes() throws(StoreError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: directory).filter(Self.isHash)
    } catch {
      throw StoreError(error)
    }
  }

  /// Gives the part file its name, and holds it until a row names it.
  func adopt(part: String, hash: String) throws(StoreError) {
    let path = "\(directory)/\(hash)"
    try held.withLock { held throws(StoreError) in
      guard rename(part, path) == 0 else { throw StoreError(errno: errno, path: path) }
      held[hash, default: 0] += 1
    }
    try Directory.flush(directory)
  }

  /// A row names it now, or none ever will.
  func release(_ hash: String) {
    held.withLock { held in
      guard let count = held[hash] else { return }
      held[hash] = count > 1 ? count - 1 : nil
    }
  }

  /// Removes a blob that no row names, unless an upload of the same content is under way or a backup is being
  /// taken. What this, a crash or a failure leaves behind, the next sweep removes.
  func remove(_ hash: String) {
    held.withLock { held in
      guard held[hash] == nil, Self.isHash(hash), flock(folder, LOCK_EX | LOCK_NB) == 0 else { return }
      defer { _ = flock(folder, LOCK_UN) }
      unlink("\(directory)/\(hash)")
    }
  }

  /// 64 lower-case hex digits: no path can be made of it.
  package static func isHash(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// Keeps every blob of a store's folder where it is, also when the store is another process's: whoever copies the
/// database and then its blobs finds them all. A lock of the folder, which goes with its owner.
package final class BlobHold: Sendable {
  private let folder: Int32

  /// Waits for a removal that is under way.
  /// - Parameter directory: the folder of the store.
  package init(storeIn directory: String) throws(StoreError) {
    let path = directory + "/blobs"
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StoreError(errno: errno, path: path) }
    while flock(folder, LOCK_SH) != 0 {
      guard errno == EINTR else {
        close(folder)
        throw StoreError(errno: errno, path: path)
      }
    }
  }

  deinit {
    close(folder)
  }
}
