import Conversation
import Foundation
import Logging

/// One message with its fields, as machines read it.
struct LogRecord: Sendable {
  let time: Timestamp
  let level: Logger.Level
  let message: String
  /// E.g. `request`, `run`, `cause`.
  let fields: [String: String]

  /// One line of JSON. Fields stand beside `time`, `level` and `message`, which they cannot replace.
  var jsonLine: Data {
    let own: [String: JSON] = [
      "time": .string(time.description), "level": .string(level.rawValue), "message": .string(message),
    ]
    return Data((JSON.object(fields.mapValues(JSON.string).merging(own) { $1 }).text + "\n").utf8)
  }

  /// Fields of the journal: `request` becomes `OPENGPTS_REQUEST`. Each value stands with its length, as it may hold
  /// line breaks (<https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>).
  var journalFields: Data {
    var data = Data()
    let own = [
      ("MESSAGE", fields.isEmpty ? message : "\(message) \(shown)"), ("PRIORITY", String(priority)),
      ("SYSLOG_IDENTIFIER", "opengpts"),
    ]
    for (name, value) in own + fields.map({ ("OPENGPTS_" + Self.fieldName($0), $1) }).sorted(by: <) {
      data.append(Data((name + "\n").utf8))
      withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { data.append(contentsOf: $0) }
      data.append(Data((value + "\n").utf8))
    }
    return data
  }

  /// For those who read the journal without its fields.
  private var shown: String {
    "(" + fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") + ")"
  }

  private static func fieldName(_ name: String) -> String {
    String(name.uppercased().map { ("A"..."Z").contains($0) || ("0"..."9").contains($0) ? $0 : "_" })
  }

  /// Of syslog(3).
  private var priority: Int {
    switch level {
    case .critical: 2
    case .error: 3
    case .warning: 4
    case .notice: 5
    case .info: 6
    case .debug, .trace: 7
    }
  }
}

/// Makes a record of each message and hands it on.
struct RecordLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info
  private let write: @Sendable (LogRecord) -> Void

  init(_ write: @escaping @Sendable (LogRecord) -> Void) {
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
    if let error = event.error { fields["error"] = "\(error)" }
    write(
      LogRecord(time: .now, level: event.level, message: "\(event.message)", fields: fields))
  }
}
