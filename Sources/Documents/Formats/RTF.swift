extension DocumentFormat {
  static let rtf = DocumentFormat(
    mediaTypes: ["application/rtf", "text/rtf"],
    extensions: ["rtf"],
    isText: false,
    recognises: { file in file.head.starts(with: "{\\rtf".utf8) },
    extract: { file, limits throws(DocumentError) in
      var rtf = RTF(limits: limits)
      return try rtf.read(try file.bytes())
    })
}

/// Rich Text Format 1.9.1: paragraphs, headings by outline level, list items, table rows.
struct RTF {
  private struct Group {
    var isSkipped = false
    /// Characters that stand in for a Unicode one and follow it (`\uc`).
    var substitutes = 1
    var isTitle = false
    /// In the style sheet, or in a group in it, which describes this style.
    var isStyles = false
    var style = 0
    var styleName: [UInt8] = []
  }

  private var builder: TextBuilder
  private var groups: [Group] = []
  private var group = Group()
  private var charset = "CP1252"
  private var text = ""
  /// Bytes in the document's charset that are not decoded yet.
  private var pending: [UInt8] = []
  /// The first half of a character beyond the basic plane.
  private var highSurrogate: UInt16?
  private var toSkip = 0
  private var outlineLevel: Int?
  private var styleLevels: [Int: Int] = [:]
  private var isListItem = false
  private var cells: [String] = []
  private var title = ""

  /// Real documents have a few dozen.
  private static let deepestNesting = 1000

  init(limits: DocumentLimits) {
    builder = TextBuilder(limits: limits)
  }

  mutating func read(_ bytes: [UInt8]) throws(DocumentError) -> SourceText {
    var tokens = RTFTokens(bytes)
    while let token = tokens.next() {
      switch token {
      case .open: try open()
      case .close: close()
      case .word(let name, let number): try obey(name, number)
      case .byte(let byte): take(byte)
      case .ignorable: group.isSkipped = true
      }
    }
    try endParagraph()
    return builder.finish(mediaType: "application/rtf", title: title.isEmpty ? nil : title)
  }

  // MARK: Groups

  private mutating func open() throws(DocumentError) {
    guard groups.count < Self.deepestNesting else {
      throw .malformed(why: "its groups are nested too deeply")
    }
    groups.append(group)
    toSkip = 0
  }

  private mutating func close() {
    decodePending()
    if group.isTitle { finishTitle() }
    if group.isStyles { nameStyle() }
    group = groups.popLast() ?? Group()
    toSkip = 0
  }

  private mutating func finishTitle() {
    title = text
    text = ""
  }

  // MARK: Control words

  /// Groups of this name hold no text of the document.
  private static let destinations: Set<String> = [
    "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "pict", "object", "header",
    "headerl",
    "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "fldinst", "info", "listtext", "pntext",
    "themedata", "datastore", "xmlnstbl", "bkmkstart", "bkmkend", "revtbl", "rsidtbl", "generator", "filetbl",
  ]

  private static let characters: [String: String] = [
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "~": "\u{A0}", "_": "\u{2011}", "emspace": " ", "enspace": " ",
  ]

  private mutating func obey(_ name: String, _ number: Int?) throws(DocumentError) {
    if name == "title" {
      return group = Group(isSkipped: false, substitutes: group.substitutes, isTitle: true)
    }
    if Self.destinations.contains(name) { group.isSkipped = true }
    if name == "ansicpg", let number { charset = "CP\(number)" }
    if name == "uc" { group.substitutes = min(max(number ?? 1, 0), 16) }
    if name == "stylesheet" { group.isStyles = true }
    if group.isStyles { noteStyle(name, number ?? 0) }
    guard !group.isSkipped else { return }
    decodePending()
    switch name {
    case "s": outlineLevel = styleLevels[number ?? 0]
    case "u": addUnit(number ?? 0)
    case "par", "sect", "page": if !group.isTitle { try endParagraph() }
    case "pard":
      outlineLevel = nil
      isListItem = false
    case "outlinelevel": outlineLevel = number
    case "ls": isListItem = true
    case "cell":
      cells.append(text)
      text = ""
    case "row":
      try builder.row(cells)
      cells = []
    case _: text += Self.characters[name] ?? ""
    }
  }

  private mutating func noteStyle(_ name: String, _ number: Int) {
    if name == "s" { group.style = number }
    if name == "outlinelevel", styleLevels.count < Self.mostStyles { styleLevels[group.style] = number }
  }

  /// Built-in headings are known by name where they have no level.
  private mutating func nameStyle() {
    let name = String(decoding: group.styleName, as: UTF8.self).lowercased()
    guard name.hasPrefix("heading "), let level = name.dropFirst(8).first?.wholeNumberValue else { return }
    if styleLevels.count < Self.mostStyles { styleLevels[group.style] = max(1, level) - 1 }
  }

  private static let mostStyles = 10_000
  private static let longestStyleName = 64

  /// `\u` takes a signed number of 16 bits, in two halves for a character that needs more.
  private mutating func addUnit(_ number: Int) {
    let unit = UInt16(truncatingIfNeeded: number)
    if UTF16.isLeadSurrogate(unit) {
      highSurrogate = unit
    } else {
      let units = UTF16.isTrailSurrogate(unit) ? [highSurrogate ?? unit, unit] : [unit]
      text += String(decoding: units, as: UTF16.self)
      highSurrogate = nil
    }
    toSkip = group.substitutes
  }

  // MARK: Text

  private mutating func take(_ byte: UInt8) {
    if toSkip > 0 {
      toSkip -= 1
    } else if group.isStyles {
      if group.styleName.count < Self.longestStyleName { group.styleName.append(byte) }
    } else if !group.isSkipped {
      pending.append(byte)
    }
  }

  private mutating func decodePending() {
    guard !pending.isEmpty else { return }
    let isASCII = pending.allSatisfy { $0 < 0x80 }
    text += isASCII ? String(decoding: pending, as: UTF8.self) : TextDecoding.text(of: pending, in: charset)
    pending = []
  }

  private mutating func endParagraph() throws(DocumentError) {
    decodePending()
    let paragraph = text
    text = ""
    if !cells.isEmpty {
      cells[cells.count - 1] += " " + paragraph
    } else if let level = outlineLevel, (0..<9).contains(level) {
      try builder.heading(paragraph, level: level + 1)
    } else if isListItem {
      try builder.listItem(paragraph, depth: 0)
    } else {
      try builder.paragraph(paragraph)
    }
  }
}
