extension DocumentFormat {
  static let docx = DocumentFormat(
    mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    extensions: ["docx", "docm", "dotx"],
    isText: false,
    recognises: { file in
      Archive.isZIP(file.head) && Archive(path: file.path, limits: .init()).contains(DOCX.body)
    },
    extract: { file, limits throws(DocumentError) in
      try DOCX.extract(Archive(path: file.path, limits: limits))
    })
}

/// Office Open XML text (ECMA-376 part 1, chapter 17): the body, then foot- and endnotes.
enum DOCX {
  static let body = "word/document.xml"
  private static let styles = "word/styles.xml"
  private static let notes = ["word/footnotes.xml", "word/endnotes.xml"]
  private static let properties = "docProps/core.xml"

  static func extract(_ archive: Archive) throws(DocumentError) -> SourceText {
    let wanted = Set([body, styles, properties] + notes)
    var parts = try archive.contents { wanted.contains($0) }
    guard let text = parts.removeValue(forKey: body) else { throw .malformed(why: "it has no body") }
    let levels = try parts.removeValue(forKey: styles).map(WordStyles.headingLevels) ?? [:]
    var builder = TextBuilder(limits: archive.limits)
    try WordText.read(text, headingLevels: levels, into: &builder)
    for note in notes {
      guard let content = parts.removeValue(forKey: note) else { continue }
      try WordText.read(content, headingLevels: [:], into: &builder)
    }
    let title = try parts.removeValue(forKey: properties).flatMap(Self.title)
    return builder.finish(
      mediaType: DocumentFormat.docx.mediaTypes[0],
      title: title ?? builder.headings.first { $0.level == 1 }?.title)
  }

  private static func title(in properties: [UInt8]) throws(DocumentError) -> String? {
    let reader = try XMLReader(properties)
    while let node = try reader.next() {
      guard case .start("title", false) = node else { continue }
      guard case .text(let title)? = try reader.next() else { return nil }
      return title.collapsingSpaces().isEmpty ? nil : title
    }
    return nil
  }
}

/// Which paragraph styles are headings.
struct WordStyles {
  private struct Style {
    var name = ""
    var parent: String?
    var outlineLevel: Int?
  }

  private var styles: [String: Style] = [:]

  /// Heading levels, from 1, by style id.
  static func headingLevels(_ content: [UInt8]) throws(DocumentError) -> [String: Int] {
    var found = WordStyles()
    let reader = try XMLReader(content)
    var id: String?
    while let node = try reader.next() {
      switch node {
      case .start("style", false):
        id = reader.attribute("styleId")
        if let id { found.styles[id] = Style() }
      case .end("style"): id = nil
      case .start(let name, _): found.note(name, of: id, reader)
      case .end, .text: continue
      }
    }
    return found.styles.keys.reduce(into: [:]) { levels, id in levels[id] = found.level(of: id) }
  }

  private mutating func note(_ name: String, of id: String?, _ reader: XMLReader) {
    guard let id else { return }
    switch name {
    case "name": styles[id]?.name = reader.attribute("val")?.lowercased() ?? ""
    case "basedOn": styles[id]?.parent = reader.attribute("val")
    case "outlineLvl": styles[id]?.outlineLevel = reader.attribute("val").flatMap { Int($0) }
    case _: break
    }
  }

  private func level(of id: String) -> Int? {
    var id = id
    for _ in 0..<Self.longestInheritance {
      guard let style = styles[id] else { return nil }
      if style.name == "title" { return 1 }
      if style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)) { return max(1, level) }
      if let level = style.outlineLevel { return (0..<9).contains(level) ? level + 1 : nil }
      guard let parent = style.parent else { return nil }
      id = parent
    }
    return nil
  }

  /// Styles inherit from each other; a circle must end somewhere.
  private static let longestInheritance = 16
}
