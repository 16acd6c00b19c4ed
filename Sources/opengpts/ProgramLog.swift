import Foundation
import Logging

/// Where log lines go: standard error, one line each, as journald takes them.
enum ProgramLog {
  static func logger(level: Logger.Level) -> Logger {
    var logger = Logger(label: "opengpts") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
