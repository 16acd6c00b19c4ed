/// Turns the bytes of an event stream into events, however the bytes are cut (WHATWG HTML §9.2.6, read
/// 2026-11-23). Invalid UTF-8 is repaired line by line, so a character split across pieces stays whole.
///
/// Cost is linear in the bytes fed; memory is one event.
package struct ServerSentEventParser: Sendable {
  package private(set) var lastEventID = ""
  /// The reconnection time the stream asked for, if any.
  package private(set) var retryMilliseconds: Int?

  private let maxEventBytes: Int
  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var event = ""
  private var skipsLineFeed = false
  private var isFirstLine = true

  package init(maxEventBytes: Int = TransportLimits.eventBytes) {
    self.maxEventBytes = maxEventBytes
  }

  /// The events completed by these bytes. Throws `tooLarge` when one event outgrows its bound; the
  /// stream is then of no further use.
  package mutating func feed(_ bytes: [UInt8]) throws(TransportError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    var rest = bytes[...]
    if skipsLineFeed, let first = rest.first {
      if first == .lineFeed { rest = rest.dropFirst() }
      skipsLineFeed = false
    }
    while let end = rest.firstIndex(where: { $0 == .lineFeed || $0 == .carriageReturn }) {
      try append(rest[..<end])
      if let event = endLine() { events.append(event) }
      rest = try afterLineEnd(rest, at: end)
    }
    try append(rest)
    return events
  }

  /// What follows a line's end: one line feed belongs to a carriage return, even in the next piece.
  private mutating func afterLineEnd(
    _ bytes: ArraySlice<UInt8>, at end: Int
  ) throws(TransportError) -> ArraySlice<UInt8> {
    let next = end + 1
    guard bytes[end] == .carriageReturn else { return bytes[next...] }
    guard next < bytes.endIndex else {
      skipsLineFeed = true
      return bytes[next...]
    }
    return bytes[next] == .lineFeed ? bytes[(next + 1)...] : bytes[next...]
  }

  private mutating func append(_ part: ArraySlice<UInt8>) throws(TransportError) {
    guard line.count + data.count + part.count <= maxEventBytes else {
      throw .tooLarge(limitBytes: maxEventBytes)
    }
    line.append(contentsOf: part)
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return dispatch() }
    let colon = line.firstIndex(of: .colon) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == .space { value = value.dropFirst() }
    take(field: line[..<colon], value: value)
    return nil
  }

  private mutating func take(field: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    switch String(decoding: field, as: UTF8.self) {
    case "data":
      if hasData { data.append(.lineFeed) }
      data.append(contentsOf: value)
      hasData = true
    case "event":
      event = String(decoding: value, as: UTF8.self)
    case "id":
      if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
    case "retry":
      guard !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
      if let time = Int(String(decoding: value, as: UTF8.self)) { retryMilliseconds = time }
    default:
      break  // A comment (empty name) or a field this standard does not know.
    }
  }

  private mutating func dispatch() -> ServerSentEvent? {
    defer {
      data.removeAll(keepingCapacity: true)
      hasData = false
      event = ""
    }
    guard hasData else { return nil }
    return ServerSentEvent(
      event: event.isEmpty ? "message" : event, data: String(decoding: data, as: UTF8.self),
      lastEventID: lastEventID, retryMilliseconds: retryMilliseconds)
  }
}

extension UInt8 {
  fileprivate static let lineFeed: UInt8 = 0x0A
  fileprivate static let carriageReturn: UInt8 = 0x0D
  fileprivate static let colon: UInt8 = 0x3A
  fileprivate static let space: UInt8 = 0x20
}
