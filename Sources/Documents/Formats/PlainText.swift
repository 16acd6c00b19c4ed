extension DocumentFormat {
  /// Any text, source code included. Form feeds, as in RFCs, divide pages.
  static let plainText = DocumentFormat(
    mediaTypes: ["text/plain"],
    extensions: ["txt", "text", "log", "rst", "org", "tex"],
    isText: true,
    recognises: { _ in false },
    extract: PlainText.extract)
}

enum PlainText {
  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let text = TextDecoding.text(of: try file.bytes()).withoutControls(keepingFormFeeds: true)
    guard text.utf8.count <= limits.textBytes else { throw .tooLarge(.textBytes, limit: limits.textBytes) }
    guard text.utf8.contains(formFeed) else { return SourceText(text: text) }
    let pages = pageRanges(of: text)
    guard pages.count <= limits.pages else { throw .tooLarge(.pages, limit: limits.pages) }
    let lines = text.utf8.map { $0 == formFeed ? UInt8(ascii: "\n") : $0 }
    return SourceText(
      text: String(decoding: lines, as: UTF8.self),
      pages: pages.enumerated().map { .init(number: $0.offset + 1, range: $0.element) })
  }

  static let formFeed: UInt8 = 0x0C

  /// Between form feeds; nothing after the last one is not a page.
  private static func pageRanges(of text: String) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var offset = 0
    for scalar in text.unicodeScalars {
      if scalar == "\u{C}" {
        ranges.append(start..<offset)
        start = offset + 1
      }
      offset += 1
    }
    return start < offset ? ranges + [start..<offset] : ranges
  }
}
