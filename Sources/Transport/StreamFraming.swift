/// Turns the bytes of a stream into frames, however the bytes are cut.
package protocol StreamFraming: Sendable {
  associatedtype Frame: Sendable

  /// The media types such a stream may have.
  static var contentTypes: [String] { get }

  init(maxFrameBytes: Int)

  /// The frames completed by these bytes.
  /// - Throws: `.tooLarge` when one frame outgrows its bound, `.malformedResponse` when it is none; the stream
  ///   is then of no further use.
  mutating func feed(_ bytes: [UInt8]) throws(TransportError) -> [Frame]

  /// What is left when the stream has ended.
  mutating func end() throws(TransportError) -> [Frame]
}

extension ServerSentEventParser: StreamFraming {
  package static let contentTypes = ["text/event-stream"]

  package init(maxFrameBytes: Int) {
    self.init(maxEventBytes: maxFrameBytes)
  }

  /// Nothing: an event the stream ends inside of is dropped, as the standard says.
  package mutating func end() throws(TransportError) -> [ServerSentEvent] { [] }
}

/// Lines of a stream (NDJSON and the like), without their ends; empty ones are left out.
///
/// Cost is linear in the bytes fed; memory is one line.
package struct LineSplitter: StreamFraming {
  package static let contentTypes = ["application/x-ndjson", "application/jsonl", "application/json"]

  private let maxFrameBytes: Int
  private var line: [UInt8] = []

  package init(maxFrameBytes: Int = TransportLimits.eventBytes) {
    self.maxFrameBytes = maxFrameBytes
  }

  package mutating func feed(_ bytes: [UInt8]) throws(TransportError) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      try append(rest[..<end])
      if let line = endLine() { lines.append(line) }
      rest = rest[(end + 1)...]
    }
    try append(rest)
    return lines
  }

  package mutating func end() throws(TransportError) -> [[UInt8]] {
    endLine().map { [$0] } ?? []
  }

  private mutating func append(_ part: ArraySlice<UInt8>) throws(TransportError) {
    guard line.count + part.count <= maxFrameBytes else { throw .tooLarge(limitBytes: maxFrameBytes) }
    line.append(contentsOf: part)
  }

  private mutating func endLine() -> [UInt8]? {
    if line.last == 0x0D { line.removeLast() }
    defer { line.removeAll(keepingCapacity: true) }
    return line.isEmpty ? nil : line
  }
}
