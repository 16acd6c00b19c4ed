import Crypto
import Foundation
import Store

/// What of a data directory is whole, found by reading all of it. A daemon may serve it meanwhile.
package struct StoredContents: Sendable, Equatable {
  /// Uploads that were read.
  package private(set) var count = 0
  /// Hashes of uploads whose bytes are others.
  package private(set) var damaged: [String] = []
  /// Hashes the database names and the disk has not.
  package private(set) var missing: [String] = []

  /// - Throws: `.corrupt` when the database is not sound.
  package init(directory: String) throws {
    let hold = try BlobHold(storeIn: directory)
    defer { withExtendedLifetime(hold) {} }
    let named = try DatabaseFile.check("\(directory)/\(DatabaseFile.name)")
    let blobs = BackedUpFile.all(in: "blobs", of: directory, where: Blobs.isHash)
    count = blobs.count
    for blob in blobs where try Self.digest(of: blob.path) != blob.blobHash {
      blob.blobHash.map { damaged.append($0) }
    }
    missing = named.subtracting(blobs.compactMap(\.blobHash)).sorted()
  }

  private static func digest(of path: String) throws -> String {
    let source = try FileSource(path)
    var hasher = SHA256()
    while case let piece = try source.take(1 << 20), !piece.isEmpty { hasher.update(data: piece) }
    return hasher.finalize().hex
  }
}
