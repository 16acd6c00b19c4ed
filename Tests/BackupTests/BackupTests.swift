import Conversation
import Foundation
import Testing

@testable import Backup
@testable import Store

@Suite struct BackupTests {
  private let source: StoredData

  init() async throws { source = try await StoredData() }

  @Test(arguments: [nil, "correct horse"]) func `a backup of a store in use holds all of it`(
    passphrase: String?
  )
    async throws
  {
    let file = source.path("backup")
    let made = try source.backup.write(to: file, passphrase: passphrase)
    #expect(made.manifest.database.rows["file"] == 2)
    #expect(made.manifest.blobs == 2)
    #expect(made.sizeBytes == Directory.size(of: file))
    #expect(made.damagedBlobs == [])
    let target = source.path("elsewhere")
    let done = try restore(file, passphrase, into: target)
    #expect(done.contents.missingBlobs == [] && done.aside == nil)
    source.store.close()
    try await source.expectAll(in: target)
  }

  @Test func `a backup leaves nothing behind in the directory, and nobody else may read it`() throws {
    let before = try source.names(of: source.directory)
    try source.write("backup")
    #expect(try source.names(of: source.directory) == before)
    var status = stat()
    #expect(stat(source.path("backup"), &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func `settings come along to be read`() throws {
    try source.write("backup")
    let done = try restore(source.path("backup"), into: source.path("elsewhere"))
    #expect(try String(contentsOfFile: done.configurationPath, encoding: .utf8) == StoredData.configuration)
  }

  @Test func `indexes come along, and files nobody knows do not`() throws {
    try source.put("index", at: "indexes/assistant-1.index")
    try source.put("half", at: "indexes/assistant-1.index.part")
    try source.put("upload", at: "blobs/1234.part")
    try source.write("backup")
    _ = try restore(source.path("backup"), into: source.path("elsewhere"))
    #expect(try source.names(of: source.path("elsewhere/indexes")) == ["assistant-1.index"])
    #expect(try source.names(of: source.path("elsewhere/blobs")).count == 2)
  }

  @Test(arguments: [nil, "pass"]) func `the key of stored secrets comes along only under encryption`(
    passphrase: String?
  ) throws {
    try source.put("0123456789abcdef0123456789abcdef", at: "secrets.key")
    let made = try source.backup.write(to: source.path("backup"), passphrase: passphrase)
    #expect(made.manifest.secretKey == (passphrase == nil ? .leftOut : .included))
    _ = try restore(source.path("backup"), passphrase, into: source.path("elsewhere"))
    #expect(try source.names(of: source.path("elsewhere")).contains("secrets.key") == (passphrase != nil))
  }

  @Test func `what is deleted while a backup is made keeps its bytes until the next sweep`() async throws {
    let hold = try BlobHold(storeIn: source.directory)
    try await source.store.deleteFile(source.files[0].id, of: source.user.id)
    #expect(source.store.blobs.path(of: source.files[0].hash) != nil)
    withExtendedLifetime(hold) {}
  }

  @Test func `a damaged upload is backed up as it is, and named`() throws {
    let hash = source.files[0].hash
    try source.put("changed", at: "blobs/\(hash)")
    let made = try source.backup.write(to: source.path("backup"), passphrase: nil)
    #expect(made.damagedBlobs == [hash])
    let contents = try Restore(reader(source.path("backup"))).verify(in: source.root) { _, _ in }
    #expect(contents.damagedBlobs == [hash])
  }

  @Test func `a missing upload is named`() throws {
    unlink("\(source.directory)/blobs/\(source.files[0].hash)")
    try source.write("backup")
    let contents = try Restore(reader(source.path("backup"))).verify(in: source.root) { _, _ in }
    #expect(contents.missingBlobs == [source.files[0].hash])
  }

  @Test func `a directory without a database is no source`() throws {
    let nowhere = Backup(of: source.path("nowhere"), program: "1", configuration: "")
    #expect(throws: BackupError.nothingThere(directory: source.path("nowhere"))) {
      try nowhere.write(to: source.path("backup"), passphrase: nil)
    }
  }

  @Test func `a backup that is stopped leaves no file`() throws {
    #expect(throws: BackupError.cancelled) {
      try source.backup.write(to: source.path("backup"), passphrase: nil) { _, _ throws(BackupError) in
        throw .cancelled
      }
    }
    #expect(try source.names(of: source.root) == ["data"])
  }

  // MARK: Reading

  @Test(arguments: [nil, "pass"]) func `a backup that was cut off or changed is told so`(passphrase: String?)
    throws
  {
    let file = source.path("backup")
    _ = try source.backup.write(to: file, passphrase: passphrase)
    let whole = try Data(contentsOf: URL(filePath: file))
    let bad = source.path("bad")
    // Each look into an encrypted one costs a key derivation.
    let places = passphrase == nil ? 40 : 6
    for place in stride(from: 300, to: whole.count, by: whole.count / places) {
      try whole.prefix(place).write(to: URL(filePath: bad))
      #expect(isRefused(bad, passphrase), "cut at \(place)")
      var changed = whole
      changed[place] ^= 0x10
      try changed.write(to: URL(filePath: bad))
      #expect(isRefused(bad, passphrase), "changed at \(place)")
    }
  }

  private func isRefused(_ file: String, _ passphrase: String?) -> Bool {
    do {
      _ = try Restore(reader(file, passphrase)).verify(in: source.root) { _, _ in }
      return false
    } catch BackupError.damaged, BackupError.notABackup, BackupError.wrongPassphrase {
      return true
    } catch {
      return false
    }
  }

  @Test func `a wrong passphrase is told as such, and a missing one too`() throws {
    let file = source.path("backup")
    _ = try source.backup.write(to: file, passphrase: "right")
    #expect(throws: BackupError.wrongPassphrase) { try reader(file, "wrong") }
    #expect(throws: BackupError.passphraseNeeded) { try reader(file, nil) }
  }

  @Test func `a file of another kind is no backup`() throws {
    for bytes in [[], Array("PK\u{3}\u{4}".utf8), Array(repeating: 0x2a, count: 10_000)] as [[UInt8]] {
      let file = source.path("other")
      try Data(bytes).write(to: URL(filePath: file))
      #expect {
        try reader(file)
      } throws: { error in
        switch error as? BackupError {
        case .notABackup, .damaged: true
        default: false
        }
      }
    }
  }

  // MARK: Restoring

  @Test func `a directory that holds data is refused, unless it may be put aside`() async throws {
    try source.write("backup")
    try await source.store.deleteFile(source.files[0].id, of: source.user.id)
    source.store.close()
    #expect(throws: BackupError.occupied(directory: source.directory)) {
      try restore(source.path("backup"), into: source.directory)
    }
    let done = try restore(source.path("backup"), into: source.directory, replaces: true)
    let aside = try #require(done.aside)
    try await source.expectAll(in: source.directory)
    let old = try Store(directory: aside)
    #expect(try await old.files(in: .assistant(source.assistant.id), page: Page(limit: 9)).count == 1)
    old.close()
  }

  @Test func `a directory that a daemon serves is refused`() throws {
    try source.write("backup")
    #expect(throws: BackupError.store(.inUse(path: source.directory + "/opengpts.lock"))) {
      try restore(source.path("backup"), into: source.directory, replaces: true)
    }
  }

  @Test func `a restore that fails changes nothing`() async throws {
    try source.write("backup")
    let file = source.path("backup")
    try Data(contentsOf: URL(filePath: file)).dropLast(100).write(to: URL(filePath: file))
    source.store.close()
    #expect(throws: BackupError.self) { try restore(file, into: source.directory, replaces: true) }
    try await source.expectAll(in: source.directory)
    #expect(try !source.names(of: source.directory).contains(".restoring"))
  }

  // MARK: Helpers

  private func reader(_ file: String, _ passphrase: String? = nil) throws -> BackupReader {
    try BackupReader(file) { () throws(BackupError) in passphrase }
  }

  private func restore(
    _ file: String, _ passphrase: String? = nil, into directory: String, replaces: Bool = false
  ) throws -> Restore.Done {
    try Restore(reader(file, passphrase)).restore(into: directory, replaces: replaces) { _, _ in }
  }
}
