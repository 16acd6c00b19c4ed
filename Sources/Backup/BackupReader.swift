import Foundation
import Store

/// Reads a backup, and puts it where it is told to.
package struct BackupReader {
  private let archive: ArchiveReader
  package let manifest: BackupManifest
  /// The settings of the machine it was made on, without secrets.
  package let configuration: String
  package let isEncrypted: Bool

  /// Opens a backup and reads its head.
  /// - Parameter path: `-` is standard input.
  /// - Parameter passphrase: asked for only when the backup is encrypted.
  /// - Throws: `.notABackup`, `.passphraseNeeded`, `.wrongPassphrase`, `.tooNew`.
  package init(_ path: String, passphrase: () throws(BackupError) -> String?) throws(BackupError) {
    let file = try FileSource(path)
    isEncrypted = try file.peek(AgeHeader.version.utf8.count).elementsEqual(AgeHeader.version.utf8)
    if isEncrypted {
      guard let passphrase = try passphrase() else { throw .passphraseNeeded }
      archive = try ArchiveReader(
        from: AgeReader(AgeHeader(reading: file, passphrase: passphrase), from: file))
    } else {
      archive = try ArchiveReader(from: file)
    }
    guard try archive.next() == BackupManifest.name else { throw .notABackup(why: "it has no manifest") }
    manifest = try BackupManifest(
      parsing: archive.bytes(BackupManifest.name, limit: BackupManifest.maxBytes))
    guard try archive.next() == Backup.configurationName else { throw .damaged("its settings are missing") }
    configuration = String(
      decoding: try archive.bytes(Backup.configurationName, limit: BackupManifest.maxBytes), as: UTF8.self)
  }

  /// What a backup was found to hold.
  package struct Contents: Sendable {
    /// Blobs that were damaged when the backup was made.
    package var damagedBlobs: [String] = []
    /// Blobs that the database names and the backup has not.
    package var missingBlobs: [String] = []
    var blobs: Set<String> = []
  }

  /// Unpacks everything below `directory`, and proves it: each entry by its SHA-256, the database by reading all of
  /// it, its blobs by their names.
  /// - Parameter keepsBlobs: false leaves nothing but the database behind.
  package func unpack(
    into directory: String, keepsBlobs: Bool = true, onProgress: BackupProgress = { _, _ in }
  ) throws(BackupError) -> Contents {
    var contents = Contents()
    var done = 0
    do { for folder in ["blobs", "indexes"] { try Directory.make("\(directory)/\(folder)") } } catch {
      throw BackupError(error)
    }
    while let name = try archive.next() {
      let entry = try Entry(name)
      let file = entry == .database || keepsBlobs ? try FileSink("\(directory)/\(name)") : nil
      let digest = try archive.read(name) { piece throws(BackupError) in
        try file?.write(piece)
        done += piece.count
        try onProgress(done, manifest.restoredBytes)
      }
      try file?.finish()
      guard case .blob(let hash) = entry else { continue }
      contents.blobs.insert(hash)
      if digest != hash { contents.damagedBlobs.append(hash) }
    }
    return try prove(contents, databaseAt: "\(directory)/\(DatabaseFile.name)")
  }

  private func prove(_ contents: Contents, databaseAt path: String) throws(BackupError) -> Contents {
    var contents = contents
    guard access(path, R_OK) == 0 else { throw .damaged("it holds no database") }
    do throws(StoreError) {
      contents.missingBlobs = try DatabaseFile.check(path).subtracting(contents.blobs).sorted()
      guard try DatabaseFile.facts(of: path) == manifest.database else {
        throw StoreError.corrupt(cause: "it does not hold what the manifest says")
      }
    } catch { throw .damaged("\(error)") }
    guard manifest.database.schema <= Store.knownSchema else {
      throw .tooNew(madeBy: manifest.database.writtenBy ?? manifest.program)
    }
    return contents
  }
}

/// What may stand in a backup; nothing else is ever written to the disk.
private enum Entry: Equatable {
  case database
  case secretKey
  case blob(String)
  case index

  init(_ name: String) throws(BackupError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case (DatabaseFile.name, 1): self = .database
    case (SecretKeyFile.name, 1): self = .secretKey
    case ("blobs", 2) where Blobs.isHash(parts[1]): self = .blob(parts[1])
    case ("indexes", 2) where parts[1].wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,200}/) != nil:
      self = .index
    default: throw .notABackup(why: "it holds \(name.prefix(80))")
    }
  }
}
