/// The pieces of an RTF file: braces, control words and symbols, and bytes of text.
struct RTFTokens {
  enum Token: Equatable {
    case open
    case close
    case word(String, Int?)
    case byte(UInt8)
    /// `\*`: what follows in this group may be ignored by who does not know it.
    case ignorable
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() -> Token? {
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "{"): return .open
      case UInt8(ascii: "}"): return .close
      case UInt8(ascii: "\\"): return control()
      case 0x0A, 0x0D, 0: continue
      case _: return .byte(byte)
      }
    }
    return nil
  }

  private mutating func control() -> Token? {
    guard place < bytes.count else { return nil }
    let first = bytes[place]
    if Self.isLetter(first) { return word() }
    place += 1
    switch first {
    case UInt8(ascii: "'"):
      let digits = String(decoding: bytes[place...].prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return .word("'", nil) }
      place += 2
      return .byte(value)
    case UInt8(ascii: "*"): return .ignorable
    case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): return .byte(first)
    case 0x0A, 0x0D: return .word("par", nil)
    case _: return .word(String(decoding: [first], as: UTF8.self), nil)
    }
  }

  /// Letters, then perhaps a number, then perhaps one space that belongs to it.
  private mutating func word() -> Token {
    let letters = bytes[place...].prefix(32).prefix(while: Self.isLetter)
    place = letters.endIndex
    var digits = bytes[place...].prefix(11)
    digits =
      digits.prefix(digits.first == UInt8(ascii: "-") ? 1 : 0)
      + digits.drop { $0 == UInt8(ascii: "-") }
      .prefix { (0x30...0x39).contains($0) }
    let number = Int(String(decoding: digits, as: UTF8.self))
    if number != nil { place += digits.count }
    if place < bytes.count, bytes[place] == 0x20 { place += 1 }
    return .word(String(decoding: letters, as: UTF8.self), number)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
