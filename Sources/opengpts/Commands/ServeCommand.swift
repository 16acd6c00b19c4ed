import ArgumentParser
import Foundation
import Logging
import Server
import Store

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the page and the API until told to stop.")

  @OptionGroup var options: SettingsOptions

  func run() async throws {
    // Until it is listened for it must not end the daemon.
    signal(SIGHUP, SIG_IGN)
    let settings = try options.load()
    let logger = ProgramLog.logger(level: settings.logLevel, format: settings.logFormat)
    let notify = ServiceNotify(environment: ProcessInfo.processInfo.environment)
    let daemon = try Daemon.opened(settings: settings, logger: logger) { _, address in
      logger.notice("ready", metadata: ["address": "\(address)"])
      notify?.ready()
    }
    let options = options
    let reload = Reload(notify: notify, logger: logger) {
      let settings = try Settings(from: options.sources(environment: ProcessInfo.processInfo.environment))
      try settings.checkCertificate()
    }
    try await daemon.run(notify: notify, reload: reload)
    if reload.isWanted { try Reexecution.begin() }
  }
}

extension Daemon {
  /// The daemon, or an end with exit code 1 and a text that says what to do.
  static func opened(
    settings: Settings, logger: Logger, onBound: @escaping @Sendable (Int, String) -> Void
  ) throws -> Daemon {
    do {
      return try Daemon(settings: settings, logger: logger, onBound: onBound)
    } catch let error as StoreError {
      FileHandle.standardError.write(Data("\(settings.dataDirectory): \(error)\n".utf8))
      throw ExitCode.failure
    } catch let problem as CertificateProblem {
      FileHandle.standardError.write(Data("\(problem)\n".utf8))
      throw ExitCode.wrongSettings
    }
  }
}
