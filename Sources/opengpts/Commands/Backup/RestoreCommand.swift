import ArgumentParser
import Backup
import Foundation

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make the data directory hold what a backup holds.",
    discussion: """
      The backup is proven first. A directory that holds data is refused, unless --force says that the data may be \
      put aside. The daemon must not run.

        opengpts restore monday.tar.zst --data /var/lib/opengpts
      """)

  @Argument(help: "The backup; - is standard input.") var file: String
  @Flag(help: "Prove it and say what would be done; change nothing.") var dryRun = false
  @Flag(help: "Put data that is there aside, into a folder before-restore-<time>.") var force = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    let directory = settings.dataDirectory
    let reader = try BackupReader.open(file, passphrase, settings)
    let restore = Restore(reader)
    try restore.checkTarget(directory, replaces: force)
    let progress = ProgressLine(dryRun ? "verifying" : "restoring")
    var report: RestoreReport
    if dryRun {
      let contents = try restore.verify(in: NSTemporaryDirectory(), onProgress: progress.show)
      report = RestoreReport(
        VerifyReport(file: file, reader: reader, contents: contents), directory: directory)
    } else {
      let done = try restore.restore(into: directory, replaces: force, onProgress: progress.show)
      report = RestoreReport(
        VerifyReport(file: file, reader: reader, contents: done.contents), directory: directory)
      report.aside = done.aside
      report.configuration = done.configurationPath
    }
    progress.end()
    print(json ? try JSONText.of(report) : report.text)
  }
}

/// What `restore` did, or would do.
private struct RestoreReport: Encodable {
  let backup: VerifyReport
  let directory: String
  /// Nil: nothing was done.
  var configuration: String?
  var aside: String?

  init(_ backup: VerifyReport, directory: String) {
    self.backup = backup
    self.directory = directory
  }

  var text: String {
    guard let configuration else {
      return backup.text + "\nNothing was changed. \(directory) would hold this."
    }
    return backup.text
      + "\nRestored into \(directory)."
      + (aside.map { " What was there before is in \($0)." } ?? "")
      + "\nThe settings of \(backup.manifest.host), without secrets, are in \(configuration)."
      + "\nNext: put keys and passphrases in place again, and start the daemon."
  }
}
