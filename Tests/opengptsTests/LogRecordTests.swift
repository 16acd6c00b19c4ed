import Conversation
import Foundation
import Logging
import Synchronization
import Testing

@testable import opengpts

@Suite struct LogRecordTests {
  private let record = LogRecord(
    time: Timestamp(microseconds: 0), level: .warning, message: "it\nbroke",
    fields: ["request": "r1", "level": "mine", "cause": "line\nbreak"])

  @Test func `a line of JSON is one line, and no field replaces what it stands beside`() throws {
    let line = String(decoding: record.jsonLine, as: UTF8.self)
    #expect(line.filter { $0 == "\n" }.count == 1 && line.hasSuffix("\n"))
    let json = try JSON(parsing: record.jsonLine)
    #expect(json["level"] == "warning" && json["message"] == "it\nbroke" && json["request"] == "r1")
    #expect(json["time"] == "1970-01-01T00:00:00.000000Z")
  }

  @Test func `a record for the journal carries each value with its length`() {
    let fields = record.journalFields
    var found: [String: String] = [:]
    var rest = fields[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let name = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      let length = Int(
        rest.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) })
      found[name] = String(decoding: rest.dropFirst(8).prefix(length), as: UTF8.self)
      rest = rest.dropFirst(8 + length + 1)
    }
    #expect(found["PRIORITY"] == "4" && found["OPENGPTS_REQUEST"] == "r1")
    #expect(found["OPENGPTS_CAUSE"] == "line\nbreak")
    #expect(found["MESSAGE"]?.hasPrefix("it\nbroke (") == true)
  }

  @Test func `what a logger carries and what a message brings are both in the record`() {
    let seen = Mutex<[LogRecord]>([])
    var logger = Logger(label: "test") { _ in
      RecordLogHandler { record in seen.withLock { $0.append(record) } }
    }
    logger[metadataKey: "request"] = "r1"
    logger.error("no", metadata: ["run": "r2"])
    #expect(seen.withLock { $0.first?.fields } == ["request": "r1", "run": "r2"])
  }
}
