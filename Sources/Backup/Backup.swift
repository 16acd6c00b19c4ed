import Conversation
import Foundation
import Store

/// Makes backups of a data directory, whether a daemon serves it or not.
package struct Backup: Sendable {
  /// The data directory.
  package let directory: String
  /// The version of this program.
  package let program: String
  /// The settings, without secrets, as a file to read.
  package let configuration: String

  package init(of directory: String, program: String, configuration: String) {
    self.directory = directory
    self.program = program
    self.configuration = configuration
  }

  /// What was made.
  package struct Made: Sendable {
    package let manifest: BackupManifest
    /// Bytes of the backup itself.
    package let sizeBytes: Int
    /// Blobs whose bytes no longer hash to their names: the disk has damaged them, and an older backup may have
    /// them whole.
    package let damagedBlobs: [String]
  }

  /// Writes one file that holds everything of the directory as it was at one moment after the call: whatever was
  /// acknowledged before is in it. Nobody who works with the daemon has to wait.
  ///
  /// The file appears under its name when it is whole and flushed. The database is copied inside the directory first,
  /// which needs room for that.
  /// - Parameter target: a path, or `-` for standard output.
  /// - Parameter passphrase: encrypts the file, if given; only then the key of stored secrets is in it.
  package func write(
    to target: String, passphrase: String?, onProgress: BackupProgress = { _, _ in }
  ) throws(BackupError) -> Made {
    let source = "\(directory)/\(DatabaseFile.name)"
    guard access(source, R_OK) == 0 else { throw .nothingThere(directory: directory) }
    try Room.check(Directory.size(of: source) + Directory.size(of: source + "-wal"), in: directory)
    do {
      let staging = try BackupStaging(in: directory)
      // From before the copy until all are read: a file deleted meanwhile keeps its bytes.
      let hold = try BlobHold(storeIn: directory)
      defer { withExtendedLifetime((staging, hold)) {} }
      // Before the database, so that none of them knows more than it.
      staging.linkIndexes(of: directory)
      try DatabaseFile.copy(fromStoreIn: directory, to: staging.database)
      _ = try DatabaseFile.check(staging.database)
      let file = try FileSink(target)
      let sink: any ByteSink =
        try passphrase.map { try AgeWriter(AgeHeader(passphrase: $0), to: file) } ?? file
      let (manifest, damaged) = try archive(
        staging, isSecret: passphrase != nil, to: ArchiveWriter(to: sink), onProgress)
      if target != "-" { try Directory.flush(URL(filePath: target).deletingLastPathComponent().path) }
      return Made(manifest: manifest, sizeBytes: file.sizeBytes, damagedBlobs: damaged)
    } catch {
      throw BackupError(error)
    }
  }

  private func archive(
    _ staging: BackupStaging, isSecret: Bool, to archive: ArchiveWriter, _ onProgress: BackupProgress
  ) throws -> (BackupManifest, damagedBlobs: [String]) {
    let database = BackedUpFile(name: DatabaseFile.name, path: staging.database)
    let blobs = BackedUpFile.all(in: "blobs", of: directory, where: Blobs.isHash)
    let indexes = BackedUpFile.all(in: "indexes", of: staging.path) { _ in true }
    let key = BackedUpFile(name: SecretKeyFile.name, path: "\(directory)/\(SecretKeyFile.name)")
    let manifest = BackupManifest(
      program: program, database: try DatabaseFile.facts(of: staging.database),
      databaseBytes: database.sizeBytes,
      secretKey: key.sizeBytes == 0 ? .none : isSecret ? .included : .leftOut, blobs: blobs, indexes: indexes)
    try archive.add(BackupManifest.name, manifest.encoded())
    try archive.add(Self.configurationName, Array(configuration.utf8))
    var done = 0
    var damaged: [String] = []
    let keys = manifest.secretKey == .included ? [key] : []
    for file in [database] + keys + indexes + blobs {
      let digest = try archive.add(file) { count throws(BackupError) in
        done += count
        try onProgress(done, manifest.restoredBytes)
      }
      if let hash = file.blobHash, hash != digest { damaged.append(hash) }
    }
    try archive.add(ArchiveReader.sumsName, Array(archive.sums.utf8))
    try archive.finish()
    return (manifest, damaged)
  }

  /// The settings, in the archive and in a directory it was put back into.
  static let configurationName = "config.toml"
}

/// Whether a disk has room for what is to come.
enum Room {
  /// Bytes that stay free for everybody else.
  private static let reserveBytes = 64 << 20

  static func check(_ bytes: Int, in directory: String) throws(BackupError) {
    guard let free = Directory.freeBytes(at: directory), free < bytes + reserveBytes else { return }
    throw .noRoom(neededBytes: bytes + reserveBytes, freeBytes: free, directory: directory)
  }
}
