extension DocumentFormat {
  static let docx = DocumentFormat(
    mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    extensions: ["docx", "docm", "dotx"],
    isText: false,
    recognises: { file in
      Archive.isZIP(file.head) && Archive(of: file, limits: .init()).contains(DOCX.body)
    },
    extract: { file, limits throws(DocumentError) in
      try DOCX.extract(Archive(of: file, limits: limits))
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
    let roles = try parts.removeValue(forKey: styles).map(WordStyles.roles) ?? [:]
    var builder = TextBuilder(limits: archive.limits)
    try WordText.read(text, roles: roles, into: &builder)
    for note in notes {
      guard let content = parts.removeValue(forKey: note) else { continue }
      try WordText.read(content, roles: [:], into: &builder)
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
