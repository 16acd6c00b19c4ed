import ArgumentParser
import Backup
import Foundation

/// Where a backup's passphrase comes from, strongest first: a file, the terminal, the settings.
struct PassphraseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The backup's passphrase is the first line of this file.", valueName: "file"))
  var passphraseFile: String?
  @Flag(help: "Ask for the backup's passphrase on the terminal.") var askPassphrase = false

  /// The passphrase to encrypt with; nil when there is to be none.
  func forWriting(_ settings: Settings) throws -> String? {
    if let fromFile = try fromFile() { return fromFile }
    guard askPassphrase else { return settings.backup.passphrase?.revealed }
    let first = try ask("Passphrase: ")
    guard try ask("Again: ") == first else { throw CommandFailure(message: "The two are not the same.") }
    return first
  }

  /// The passphrase to decrypt with; asked for where somebody sits at a terminal and none was given.
  func forReading(_ settings: Settings) throws -> String? {
    if let fromFile = try fromFile() { return fromFile }
    if let known = settings.backup.passphrase?.revealed, !askPassphrase { return known }
    return isatty(STDIN_FILENO) == 1 ? try ask("Passphrase: ") : nil
  }

  private func fromFile() throws -> String? {
    guard let passphraseFile else { return nil }
    do {
      let text = try TextFile.read(passphraseFile, maxBytes: TextFile.secretBytes)
      let line = text.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
      guard !line.isEmpty else { throw CommandFailure(message: "\(passphraseFile) is empty.") }
      return line
    } catch let error as TextFile.Unreadable {
      throw CommandFailure(message: "\(passphraseFile) \(error.reason)")
    }
  }

  private func ask(_ prompt: String) throws -> String {
    guard let answer = getpass(prompt).map({ String(cString: $0) }), !answer.isEmpty else {
      throw CommandFailure(message: "No passphrase was given.")
    }
    return answer
  }
}
