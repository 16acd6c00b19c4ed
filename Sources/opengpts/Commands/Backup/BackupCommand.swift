import ArgumentParser
import Backup
import Foundation
import Store

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Write everything into one file, also while serving.",
    discussion: """
      The file holds the database, the uploaded files, the vector indexes, and the settings without secrets. It is a \
      tar archive, compressed with Zstandard, and with a passphrase encrypted as age(1) does.

        opengpts backup --to /mnt/usb/monday.tar.zst
        opengpts backup --to - | ssh elsewhere 'cat > opengpts.tar.zst'
      """)

  @Option(
    help: ArgumentHelp(
      "Where to write; - is standard output. Else the folder of the daemon's own backups.", valueName: "file")
  )
  var to: String?
  @Flag(help: "List the backups in that folder instead, newest first.") var list = false
  @Flag(help: "Do not encrypt, although backup.passphrase is set.") var unencrypted = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    let folder = BackupFolder(settings.backup.directory, keep: settings.backup.keep)
    if list { return try show(folder) }
    let passphrase = unencrypted ? nil : try self.passphrase.forWriting(settings)
    let target = try to ?? folder.newPath(isEncrypted: passphrase != nil)
    let backup = Backup(
      of: settings.dataDirectory, program: ApplicationVersion.number,
      configuration: SettingsExport.text(of: settings))
    let progress = ProgressLine("backing up")
    let made = try backup.write(to: target, passphrase: passphrase, onProgress: progress.show)
    progress.end()
    if to == nil {
      try folder.adopt(target)
      folder.prune()
    }
    try report(made, target)
  }

  private func report(_ made: Backup.Made, _ target: String) throws {
    let report = BackupReport(made, file: target)
    // Standard output may be the backup itself.
    let line = json ? try JSONText.of(report) : report.text
    (target == "-" ? FileHandle.standardError : .standardOutput).write(Data((line + "\n").utf8))
    for hash in made.damagedBlobs {
      FileHandle.standardError.write(Data("warning: \(hash) in blobs/ is damaged on the disk\n".utf8))
    }
  }

  private func show(_ folder: BackupFolder) throws {
    let items = folder.list().map(BackupItem.init)
    if json { return print(try JSONText.of(items)) }
    print(
      items.isEmpty ? "There are none in \(folder.directory)." : items.map(\.line).joined(separator: "\n"))
  }
}

/// What `backup` says it did.
private struct BackupReport: Encodable {
  let file: String
  let sizeBytes: Int
  let manifest: BackupManifest
  let damagedBlobs: [String]

  init(_ made: Backup.Made, file: String) {
    self.file = file
    sizeBytes = made.sizeBytes
    manifest = made.manifest
    damagedBlobs = made.damagedBlobs
  }

  var text: String {
    "\(file): \(ByteText.of(sizeBytes)), \(manifest.holdings).\nProve it with: opengpts verify \(file)"
  }
}

/// A line of `backup --list`.
private struct BackupItem: Encodable {
  let file: String
  let takenAt: String
  let sizeBytes: Int

  init(_ item: BackupFolder.Item) {
    file = item.path
    takenAt = item.takenAt.formatted(.iso8601)
    sizeBytes = item.sizeBytes
  }

  var line: String { "\(takenAt)  \(ByteText.of(sizeBytes))  \(file)" }
}

extension BackupManifest {
  /// For a person.
  var holdings: String {
    func count(_ table: String) -> Int { database.rows[table] ?? 0 }
    return "\(count("user")) users, \(count("assistant")) assistants, \(count("thread")) threads, "
      + "\(count("message")) messages, \(count("file")) files, \(blobs) blobs, \(indexes) indexes" + secrets
  }
}

extension BackupManifest {
  private var secrets: String {
    switch secretKey {
    case .none: ""
    case .included: ", the key of stored secrets"
    case .leftOut: ", not the key of stored secrets (which only an encrypted backup carries)"
    }
  }
}

/// A number of bytes as a person reads it.
enum ByteText {
  static func of(_ bytes: Int) -> String {
    switch bytes {
    case ..<10_000: "\(bytes) bytes"
    case ..<10_000_000: "\(bytes / 1_000) kB"
    case ..<10_000_000_000: "\(bytes / 1_000_000) MB"
    default: "\(bytes / 1_000_000_000) GB"
    }
  }
}
