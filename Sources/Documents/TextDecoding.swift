import Glibc

/// Text from bytes of an unknown or a declared charset.
///
/// Order: byte order mark; well-formed UTF-8; UTF-16 by its zero bytes; the declared charset; UTF-8 with a
/// few faults; Windows-1252, which gives some text for any bytes. Nothing here fails: tell binary files
/// first.
enum TextDecoding {
  static func text(of bytes: [UInt8], charset: String? = nil) -> String {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return String(decoding: bytes.dropFirst(3), as: UTF8.self)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), highFirst: false) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), highFirst: true) }
    if let highFirst = utf16Order(of: bytes.prefix(4096)) { return utf16(bytes[...], highFirst: highFirst) }
    let shifted = charset?.lowercased().hasPrefix("iso-2022") ?? false
    if !shifted, let text = String(validating: bytes, as: UTF8.self) { return text }
    if let charset, let text = converted(bytes, from: charset) { return text }
    return isMostlyUTF8(bytes) ? String(decoding: bytes, as: UTF8.self) : windows1252(bytes)
  }

  /// Text in a charset that is known for sure, if the C library knows it.
  static func text(of bytes: [UInt8], in charset: String) -> String {
    converted(bytes, from: charset) ?? windows1252(bytes)
  }

  /// Whether these first bytes of a file cannot be text: more than one in fifty is a control character, or
  /// they are neither UTF-16 nor free of long runs of zeros.
  static func isBinary(_ head: [UInt8]) -> Bool {
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return false }
    if utf16Order(of: head.prefix(4096)) != nil { return false }
    let controls = head.count { $0 < 0x09 || (0x0E..<0x1B).contains($0) || (0x1C..<0x20).contains($0) }
    return controls * 50 > head.count
  }

  /// UTF-16 of mostly Latin letters, without a mark, has a zero in nearly every second byte and in no other.
  private static func utf16Order(of head: ArraySlice<UInt8>) -> Bool? {
    guard head.count >= 4 else { return nil }
    var zeros = [0, 0]
    for (place, byte) in head.enumerated() where byte == 0 { zeros[place & 1] += 1 }
    let pairs = head.count / 2
    if zeros[0] * 10 >= pairs * 7 && zeros[1] * 20 <= pairs { return true }
    if zeros[1] * 10 >= pairs * 7 && zeros[0] * 20 <= pairs { return false }
    return nil
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, highFirst: Bool) -> String {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var place = bytes.startIndex
    while place + 1 < bytes.endIndex {
      let first = UInt16(bytes[place])
      let second = UInt16(bytes[place + 1])
      units.append(highFirst ? first << 8 | second : second << 8 | first)
      place += 2
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// By the C library's tables; nil for a charset it does not know or bytes that are not in it.
  private static func converted(_ bytes: [UInt8], from charset: String) -> String? {
    let name = charset.utf8.allSatisfy { ("!"..."~").contains(Unicode.Scalar($0)) } ? charset : ""
    guard let conversion = iconv_open("UTF-8", name), conversion != iconv_t(bitPattern: -1) else {
      return nil
    }
    defer { iconv_close(conversion) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    var inputLeft = input.count
    var outputLeft = output.count
    let failed = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var source = from.baseAddress
        var target = to.baseAddress
        return iconv(conversion, &source, &inputLeft, &target, &outputLeft) == -1
      }
    }
    if failed { return nil }
    let count = output.count - outputLeft
    return String(validating: output[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A file cut in the middle of a character, or with a stray byte, is still UTF-8: at least ten well-formed
  /// sequences of several bytes for each faulty one.
  private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
    var wellFormed = 0
    var faults = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): wellFormed += scalar.isASCII ? 0 : 1
      case .error: faults += 1
      case .emptyInput: return faults > 0 && wellFormed >= faults * 10
      }
    }
  }

  private static func windows1252(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let isHigh = (0x80..<0xA0).contains(byte)
      text.append(isHigh ? high1252[Int(byte) - 0x80] : Unicode.Scalar(byte))
    }
    return String(text)
  }

  /// Bytes 0x80 to 0x9F (https://encoding.spec.whatwg.org/index-windows-1252.txt); five have no letter.
  private static let high1252 = Array(
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}
