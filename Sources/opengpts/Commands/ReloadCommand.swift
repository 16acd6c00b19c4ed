import ArgumentParser
import Foundation
import Store

struct ReloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Have the daemon take its configuration into use.",
    discussion: "The same as `systemctl reload opengpts`. Answers that are being given go on after a moment.")

  @OptionGroup var options: SettingsOptions

  func run() throws {
    let settings = try options.load()
    do { try settings.checkCertificate() } catch { throw CommandFailure(message: "\(error).") }
    let directory = settings.dataDirectory
    guard let process = DirectoryOwner.process(of: directory) else {
      throw CommandFailure(message: "No daemon serves \(directory).")
    }
    guard kill(process, SIGHUP) == 0 else {
      throw CommandFailure(message: "Process \(process) cannot be told: \(lastSystemError()).")
    }
    print("Told process \(process). Its log says whether the configuration is right.")
  }
}
