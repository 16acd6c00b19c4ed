import Foundation
import Logging

/// How messages are written.
enum LogFormat: String, Sendable {
  /// Records for the journal under systemd, else text.
  case auto
  case text
  /// One JSON object a line.
  case json
  /// Records with fields, by the journal's own protocol.
  case journal
}

/// Where messages go: standard error, or the journal.
enum ProgramLog {
  static func logger(
    level: Logger.Level, format: LogFormat = .text,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Logger {
    var logger = Logger(label: "opengpts") { label in handler(label, format, environment) }
    logger.logLevel = level
    return logger
  }

  private static func handler(
    _ label: String, _ format: LogFormat, _ environment: [String: String]
  ) -> any LogHandler {
    switch format {
    case .text: StreamLogHandler.standardError(label: label)
    case .json: RecordLogHandler { FileHandle.standardError.write($0.jsonLine) }
    case .journal: journal(JournalSocket()) ?? StreamLogHandler.standardError(label: label)
    case .auto:
      journal(JournalSocket.isStandardError(environment) ? JournalSocket() : nil)
        ?? StreamLogHandler.standardError(label: label)
    }
  }

  private static func journal(_ socket: JournalSocket?) -> (any LogHandler)? {
    socket.map { socket in RecordLogHandler { socket.send($0.journalFields) } }
  }
}
