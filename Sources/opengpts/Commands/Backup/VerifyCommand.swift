import ArgumentParser
import Backup
import Foundation
import Store

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove that a backup can be restored.",
    discussion: "Ends with exit code 1 if anything in it is damaged or missing.")

  @Argument(help: "The backup; - is standard input.") var file: String
  @Option(help: ArgumentHelp("Folder with room to unpack the database in.", valueName: "dir"))
  var temporary: String = NSTemporaryDirectory()
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    let reader = try BackupReader.open(file, passphrase, settings)
    let progress = ProgressLine("verifying")
    let contents = try Restore(reader).verify(in: temporary, onProgress: progress.show)
    progress.end()
    let report = VerifyReport(file: file, reader: reader, contents: contents)
    print(json ? try JSONText.of(report) : report.text)
    if !report.isWhole { throw ExitCode.failure }
  }
}

extension BackupReader {
  /// Opens a backup, with the passphrase wherever it is to be had.
  static func open(
    _ file: String, _ passphrase: PassphraseOptions, _ settings: Settings
  ) throws -> BackupReader {
    try BackupReader(file) { () throws(BackupError) in
      do { return try passphrase.forReading(settings) } catch {
        throw .file(path: "the passphrase", cause: "\(error)")
      }
    }
  }
}

/// What `verify` and `restore` found.
struct VerifyReport: Encodable {
  let file: String
  let isEncrypted: Bool
  let manifest: BackupManifest
  let damagedBlobs: [String]
  let missingBlobs: [String]

  init(file: String, reader: BackupReader, contents: BackupReader.Contents) {
    self.file = file
    isEncrypted = reader.isEncrypted
    manifest = reader.manifest
    damagedBlobs = contents.damagedBlobs
    missingBlobs = contents.missingBlobs
  }

  var isWhole: Bool { damagedBlobs.isEmpty && missingBlobs.isEmpty }

  var text: String {
    let head = """
      \(file): \(isWhole ? "whole" : "readable, but not whole")\(isEncrypted ? ", encrypted" : "")
        made \(manifest.createdAt) on \(manifest.host) by version \(manifest.program), schema \(manifest.database.schema)
        \(manifest.holdings); \(ByteText.of(manifest.restoredBytes)) when restored
      """
    let wrong =
      damagedBlobs.map { "  damaged when the backup was made: blobs/\($0)" }
      + missingBlobs.map { "  missing: blobs/\($0)" }
    return ([head] + wrong).joined(separator: "\n")
  }
}
