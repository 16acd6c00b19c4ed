/// The two encodings that make bytes fit for mail (RFC 2045, 6.7 and 6.8).
enum MailEncoding {
  /// Whatever is not of the alphabet is skipped; a cut end gives what it has.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for letter in text {
      guard let value = sextet(letter) else { continue }
      buffer = (buffer << 6 | value) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
      }
    }
    return bytes
  }

  private static func sextet(_ letter: UInt8) -> UInt32? {
    switch letter {
    case 0x41...0x5A: UInt32(letter - 0x41)
    case 0x61...0x7A: UInt32(letter - 0x61 + 26)
    case 0x30...0x39: UInt32(letter - 0x30 + 52)
    case 0x2B: 62
    case 0x2F: 63
    case _: nil
    }
  }

  /// - Parameter inHeader: an underscore is a space there (RFC 2047, 4.2).
  static func quotedPrintable(_ text: some Sequence<UInt8>, inHeader: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text)[...]
    while let byte = rest.popFirst() {
      if byte == 0x3D {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        if digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
          bytes.append(value)
          rest = rest.dropFirst(2)
        } else if let end = rest.prefix(3).firstIndex(of: 0x0A) {
          rest = rest[(end + 1)...]
        } else {
          bytes.append(byte)
        }
      } else {
        bytes.append(inHeader && byte == 0x5F ? 0x20 : byte)
      }
    }
    return bytes
  }
}

/// Words of a header that are not ASCII: `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=` (RFC 2047).
enum EncodedWords {
  static func decoded(_ field: String) -> String {
    var text = ""
    var rest = field[...]
    var follows = false
    while let start = rest.firstIndex(of: "=") {
      let before = rest[..<start]
      guard let word = word(at: rest[start...]) else {
        text += rest[...start]
        rest = rest[start...].dropFirst()
        follows = false
        continue
      }
      // White space between two encoded words is only there to fold the line.
      if !(follows && before.allSatisfy(\.isWhitespace)) { text += before }
      text += word.text
      rest = word.rest
      follows = true
    }
    return text + rest
  }

  private static func word(at text: Substring) -> (text: String, rest: Substring)? {
    guard text.hasPrefix("=?") else { return nil }
    let parts = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[3].hasPrefix("="), parts[2].utf8.count < 1000 else { return nil }
    let bytes: [UInt8]
    switch parts[1].lowercased() {
    case "b": bytes = MailEncoding.base64(parts[2].utf8)
    case "q": bytes = MailEncoding.quotedPrintable(parts[2].utf8, inHeader: true)
    case _: return nil
    }
    let charset = parts[0].prefix { $0 != "*" }
    return (TextDecoding.text(of: bytes, charset: String(charset)), parts[3].dropFirst())
  }
}
