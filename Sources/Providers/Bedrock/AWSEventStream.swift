import Transport

/// One message of Amazon's binary event stream.
struct AWSEvent: Sendable, Equatable {
  /// Those of type string, by name: `:message-type`, `:event-type`, `:exception-type` …
  var headers: [String: String]
  var payload: [UInt8]
}

/// Cuts a stream into its messages, and checks both checksums of each.
///
/// A message: its length and that of its headers (4 bytes each, big-endian), a CRC-32 of these eight, the
/// headers, the payload, and a CRC-32 of all before. Source: smithy.io/2.0/aws/amazon-eventstream.html,
/// November 2026. Cost is linear in the bytes fed; memory is one message.
struct AWSEventStream: StreamFraming {
  static let contentTypes = ["application/vnd.amazon.eventstream"]

  private static let preludeBytes = 12
  private static let overheadBytes = 16

  private let maxFrameBytes: Int
  private var pending: [UInt8] = []

  init(maxFrameBytes: Int) {
    self.maxFrameBytes = maxFrameBytes
  }

  mutating func feed(_ bytes: [UInt8]) throws(TransportError) -> [AWSEvent] {
    pending += bytes
    var events: [AWSEvent] = []
    var start = 0
    while let length = try messageLength(at: start), pending.count - start >= length {
      events.append(try Self.message(pending[start..<start + length]))
      start += length
    }
    pending.removeFirst(start)
    return events
  }

  /// Bytes that are no whole message were cut: whether the reply was whole is for its reader to judge.
  mutating func end() throws(TransportError) -> [AWSEvent] { [] }

  /// Nil while the prelude is not there yet. Checked before it is believed: a wrong length would wait for ever.
  private func messageLength(at start: Int) throws(TransportError) -> Int? {
    guard pending.count - start >= Self.preludeBytes else { return nil }
    let prelude = pending[start..<start + Self.preludeBytes]
    guard CRC32.checksum(of: prelude.prefix(8)) == prelude.suffix(4).bigEndian else {
      throw .malformedResponse("a message of the stream has a wrong prelude")
    }
    let length = Int(prelude.prefix(4).bigEndian)
    guard length <= maxFrameBytes else { throw .tooLarge(limitBytes: maxFrameBytes) }
    guard length >= Self.overheadBytes else {
      throw .malformedResponse("a message of the stream is shorter than its frame")
    }
    return length
  }

  private static func message(_ bytes: ArraySlice<UInt8>) throws(TransportError) -> AWSEvent {
    guard CRC32.checksum(of: bytes.dropLast(4)) == bytes.suffix(4).bigEndian else {
      throw .malformedResponse("a message of the stream has a wrong checksum")
    }
    let headerBytes = Int(bytes.dropFirst(4).prefix(4).bigEndian)
    guard headerBytes <= bytes.count - overheadBytes else {
      throw .malformedResponse("a message of the stream has longer headers than itself")
    }
    let rest = bytes.dropFirst(preludeBytes).dropLast(4)
    return AWSEvent(
      headers: try headers(rest.prefix(headerBytes)), payload: Array(rest.dropFirst(headerBytes)))
  }

  private static func headers(_ bytes: ArraySlice<UInt8>) throws(TransportError) -> [String: String] {
    var rest = bytes
    var headers: [String: String] = [:]
    func take(_ count: Int) throws(TransportError) -> ArraySlice<UInt8> {
      guard rest.count >= count else { throw .malformedResponse("a header of the stream is cut") }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    while !rest.isEmpty {
      let name = String(decoding: try take(Int(take(1).bigEndian)), as: UTF8.self)
      switch try take(1).bigEndian {
      case 0, 1: break  // true, false
      case 2: _ = try take(1)
      case 3: _ = try take(2)
      case 4: _ = try take(4)
      case 5, 8: _ = try take(8)
      case 6: _ = try take(Int(take(2).bigEndian))
      case 7: headers[name] = String(decoding: try take(Int(take(2).bigEndian)), as: UTF8.self)
      case 9: _ = try take(16)
      default: throw .malformedResponse("a header of the stream has an unknown type")
      }
    }
    return headers
  }
}

extension ArraySlice<UInt8> {
  /// At most four bytes as a number.
  fileprivate var bigEndian: UInt32 { reduce(0) { $0 << 8 | UInt32($1) } }
}

/// The checksum of zip and Ethernet (ITU-T V.42, reflected polynomial EDB88320).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }
}
