package import Foundation

/// The id of one noun, e.g. `Identifier<Thread>`: a UUID that is lower-case text on the wire and in rows.
///
/// The noun in its type keeps a thread's id from being passed where an assistant's is wanted.
package struct Identifier<Noun>: Hashable, Sendable {
  package let uuid: UUID

  package init(_ uuid: UUID) {
    self.uuid = uuid
  }

  /// A random id (version 4, RFC 9562).
  package static func random() -> Self {
    Self(UUID())
  }

  /// An id whose order is the order of its making (version 7, RFC 9562): 48 bits of Unix milliseconds,
  /// then random bits. Two ids made in one millisecond may sort either way.
  package static func timeOrdered(at timestamp: Timestamp = .now) -> Self {
    var bytes = UUID().uuid
    let milliseconds = UInt64(clamping: timestamp.microseconds / 1000)
    bytes.0 = UInt8(truncatingIfNeeded: milliseconds >> 40)
    bytes.1 = UInt8(truncatingIfNeeded: milliseconds >> 32)
    bytes.2 = UInt8(truncatingIfNeeded: milliseconds >> 24)
    bytes.3 = UInt8(truncatingIfNeeded: milliseconds >> 16)
    bytes.4 = UInt8(truncatingIfNeeded: milliseconds >> 8)
    bytes.5 = UInt8(truncatingIfNeeded: milliseconds)
    bytes.6 = 0x70 | (bytes.6 & 0x0f)
    bytes.8 = 0x80 | (bytes.8 & 0x3f)
    return Self(UUID(uuid: bytes))
  }
}

extension Identifier: LosslessStringConvertible {
  /// Nil unless `text` is a UUID in its canonical form, in either case.
  package init?(_ text: String) {
    guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
    self.init(uuid)
  }

  package var description: String {
    uuid.uuidString.lowercased()
  }
}

extension Identifier: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let identifier = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a valid UUID"))
    }
    self = identifier
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
