extension JSON {
  /// Reads an object that may be cut off anywhere, closing what is open; nil when nothing can be read yet.
  ///
  /// O(n). A cut-off member whose value has not begun, or is no value yet (`{"a": tr`), is left out.
  package init?(completing text: String) {
    if let value = try? JSON(parsing: text) {
      self = value
      return
    }
    var cut = Substring(text)
    for _ in 0..<3 {
      guard let closed = Self.closing(cut) else { return nil }
      if let value = try? JSON(parsing: closed) {
        self = value
        return
      }
      guard let end = Self.lastSeparator(in: cut) else { return nil }
      cut = cut[..<end]
    }
    return nil
  }

  /// The text with its open strings, arrays and objects closed; nil if it closes more than it opens.
  private static func closing(_ text: Substring) -> String? {
    var scan = Scan()
    for byte in text.utf8 where !scan.take(byte) { return nil }
    var closed = String(text)
    if scan.isEscaped { closed.removeLast() }
    if scan.isInString { closed += "\"" }
    while let last = closed.last, last == "," || last.isWhitespace { closed.removeLast() }
    return closed + String(decoding: scan.open.reversed(), as: UTF8.self)
  }

  /// Before the last member that had begun, outside of strings; after the opening bracket if it was the first.
  private static func lastSeparator(in text: Substring) -> Substring.Index? {
    var scan = Scan()
    var found: Substring.Index?
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      _ = scan.take(byte)
      guard !scan.isInString else { continue }
      if byte == UInt8(ascii: ",") { found = index }
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { found = text.utf8.index(after: index) }
    }
    return found
  }

  /// Where in the syntax one is: inside a string or not, and which closing brackets are owed.
  private struct Scan {
    var open: [UInt8] = []
    var isInString = false
    var isEscaped = false

    /// False when the byte closes what was not open.
    mutating func take(_ byte: UInt8) -> Bool {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        return true
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
      case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): return open.popLast() == byte
      default: break
      }
      return true
    }
  }
}
