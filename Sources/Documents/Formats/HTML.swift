extension DocumentFormat {
  static let html = DocumentFormat(
    mediaTypes: ["text/html", "application/xhtml+xml"],
    extensions: ["html", "htm", "xhtml"],
    isText: true,
    recognises: { file in HTML.isPage(file.head) },
    extract: { file, limits throws(DocumentError) in
      try HTML.extract(try file.bytes(), limits)
    })
}

enum HTML {
  /// Whether the first bytes, after white space and comments, open an HTML document.
  static func isPage(_ head: [UInt8]) -> Bool {
    var start = TextDecoding.text(of: Array(head.prefix(4096))).lowercased()[...]
    while true {
      start = start.drop { $0.isWhitespace }
      let isPreface = start.hasPrefix("<!--") || start.hasPrefix("<?xml")
      guard isPreface, let end = start.firstIndex(of: ">") else { break }
      start = start[start.index(after: end)...]
    }
    return ["<!doctype html", "<html", "<head>", "<body"].contains { start.hasPrefix($0) }
  }

  static func extract(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    var builder = TextBuilder(limits: limits)
    let title = try read(bytes, into: &builder)
    return builder.finish(mediaType: "text/html", title: title)
  }

  /// Text without navigation; the text with everything, when nothing is left of it. Returns the title.
  /// - Parameter charset: as declared outside of the page.
  @discardableResult
  static func read(
    _ bytes: [UInt8], charset: String? = nil, into builder: inout TextBuilder
  ) throws(DocumentError) -> String? {
    let charset = charset ?? declaredCharset(in: bytes)
    let text = TextDecoding.text(of: bytes, charset: charset).withoutControls()
    let whole = try HTMLText.read(text, keepsEverything: false)
    let page = whole.blocks.isEmpty ? try HTMLText.read(text, keepsEverything: true) : whole
    for block in page.mainBlocks {
      switch block.kind {
      case .heading(let level): try builder.heading(block.text, level: level)
      case .paragraph: try builder.paragraph(block.text)
      case .listItem(let depth): try builder.listItem(block.text, depth: depth)
      case .row(let cells): try builder.row(cells)
      }
    }
    return page.title
  }

  /// From the first `charset=` in the first kilobyte, as browsers look for it.
  private static func declaredCharset(in bytes: [UInt8]) -> String? {
    let start = String(decoding: bytes.prefix(1024).map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
    let lowercase = start.lowercased()
    guard let found = lowercase.split(separator: "charset", maxSplits: 1).last, lowercase != found else {
      return nil
    }
    let value = found.drop { $0.isWhitespace }
    guard value.first == "=" else { return nil }
    let name = value.dropFirst().drop { $0.isWhitespace || $0 == "\"" || $0 == "'" }
      .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }
    return name.isEmpty ? nil : String(name)
  }
}
