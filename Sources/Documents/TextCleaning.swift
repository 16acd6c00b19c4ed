extension String {
  /// The same text with `\n` for every line end, the replacement character for NUL, and a space for every
  /// other control character but the tab and, if wished, the form feed.
  /// - Complexity: linear; nothing is copied when there is nothing to change.
  func withoutControls(keepingFormFeeds: Bool = false) -> String {
    let isClean = utf8.allSatisfy { byte in
      (byte >= 0x20 && byte != 0x7F) || byte == 0x0A || byte == 0x09
    }
    if isClean { return self }
    var clean: [UInt8] = []
    clean.reserveCapacity(utf8.count)
    var afterReturn = false
    for byte in utf8 {
      switch byte {
      case 0x0A where afterReturn: break
      case 0x0A, 0x0B, 0x0D: clean.append(0x0A)
      case 0x0C: clean.append(keepingFormFeeds ? 0x0C : 0x0A)
      case 0: clean.append(contentsOf: [0xEF, 0xBF, 0xBD])
      case 0x09: clean.append(byte)
      case 0..<0x20, 0x7F: clean.append(0x20)
      case _: clean.append(byte)
      }
      afterReturn = byte == 0x0D
    }
    return String(decoding: clean, as: UTF8.self)
  }

  /// Without white space at either end.
  func trimmingSpaces() -> String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isSpace }),
      let last = scalars.lastIndex(where: { !$0.isSpace })
    else { return "" }
    if first == scalars.startIndex && scalars.index(after: last) == scalars.endIndex { return self }
    return String(scalars[first...last])
  }

  /// On one line: each run of white space is one space, none at either end.
  func collapsingSpaces() -> String {
    unicodeScalars.split(whereSeparator: { $0.isSpace })
      .map { String($0) }.joined(separator: " ")
  }
}
