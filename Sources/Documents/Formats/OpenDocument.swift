extension DocumentFormat {
  /// Text, slides and tables of LibreOffice and others: one format by three names.
  static let openDocument = DocumentFormat(
    mediaTypes: [
      "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.presentation",
      "application/vnd.oasis.opendocument.spreadsheet",
    ],
    extensions: ["odt", "odp", "ods", "ott"],
    isText: false,
    recognises: { file in
      let archive = Archive(of: file, limits: .init())
      return Archive.isZIP(file.head) && OpenDocument.mediaType(of: archive) != nil
    },
    extract: { file, limits throws(DocumentError) in
      try OpenDocument.extract(Archive(of: file, limits: limits))
    })
}

/// OpenDocument 1.3 (part 3, chapters 5, 9 and 10).
struct OpenDocument {
  static func mediaType(of archive: Archive) -> String? {
    let declared = archive.declaredType
    return DocumentFormat.openDocument.mediaTypes.first { declared.hasPrefix($0) }
  }

  static func extract(_ archive: Archive) throws(DocumentError) -> SourceText {
    let parts = try archive.contents { ["content.xml", "meta.xml", "META-INF/manifest.xml"].contains($0) }
    if let manifest = parts["META-INF/manifest.xml"], try isEncrypted(manifest) { throw .encrypted }
    guard let content = parts["content.xml"] else { throw .malformed(why: "it has no body") }
    let mediaType = mediaType(of: archive) ?? DocumentFormat.openDocument.mediaTypes[0]
    var walk = OpenDocument(limits: archive.limits, isSpreadsheet: mediaType.hasSuffix("spreadsheet"))
    try walk.read(content)
    let title = try parts["meta.xml"].flatMap { (meta) throws(DocumentError) in try Self.title(in: meta) }
    return walk.builder.finish(
      mediaType: mediaType,
      title: title ?? walk.builder.headings.first { $0.level == 1 && !walk.isSpreadsheet }?.title)
  }

  private static func isEncrypted(_ manifest: [UInt8]) throws(DocumentError) -> Bool {
    let reader = try XMLReader(manifest)
    while let node = try reader.next() {
      if case .start("encryption-data", _) = node { return true }
    }
    return false
  }

  private static func title(in meta: [UInt8]) throws(DocumentError) -> String? {
    let reader = try XMLReader(meta)
    while let node = try reader.next() {
      guard case .start("title", false) = node else { continue }
      if case .text(let title)? = try reader.next() { return title.collapsingSpaces() }
    }
    return nil
  }

  private struct Table {
    var cells: [String] = []
    var cell = ""
    var repetitions = 1
  }

  private var builder: TextBuilder
  private var text = ""
  private var headingLevel: Int?
  /// Inside the frame of a slide's title.
  private var isTitle = false
  private var paragraphDepth = 0
  private var listDepth = 0
  private var tables: [Table] = []
  private var pageCount = 0
  private var skippedDepth = 0

  private let isSpreadsheet: Bool
  /// The first row of the sheet that is being read.
  private var header: [String]?

  private init(limits: DocumentLimits, isSpreadsheet: Bool) {
    builder = TextBuilder(limits: limits)
    self.isSpreadsheet = isSpreadsheet
  }

  private mutating func read(_ content: [UInt8]) throws(DocumentError) {
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      switch node {
      case .start(let name, let isEmpty): try start(name, isEmpty, reader)
      case .end(let name): try end(name)
      case .text(let run): if paragraphDepth > 0 && skippedDepth == 0 { text += run }
      }
    }
  }

  /// What changed, comments and controls are not the text.
  private static let skipped: Set<String> = ["tracked-changes", "annotation", "forms"]

  /// A cell may claim to be repeated a million times; in text, a few say as much.
  private static let mostRepetitions = 8

  private mutating func start(_ name: String, _ isEmpty: Bool, _ reader: XMLReader) throws(DocumentError) {
    if skippedDepth > 0 || Self.skipped.contains(name) {
      skippedDepth += isEmpty ? 0 : 1
      return
    }
    switch name {
    case "h" where !isEmpty:
      headingLevel = reader.attribute("outline-level").flatMap { Int($0) } ?? 1
      paragraphDepth += 1
    case "p" where !isEmpty: paragraphDepth += 1
    case "s": text += String(repeating: " ", count: min(reader.attribute("c").flatMap { Int($0) } ?? 1, 80))
    case "tab": text += "\t"
    case "line-break": text += "\n"
    case "frame": isTitle = reader.attribute("class") == "title"
    case "list" where !isEmpty: listDepth += 1
    case "table" where !isEmpty:
      if isSpreadsheet && tables.isEmpty {
        try builder.heading(reader.attribute("name") ?? "", level: 1)
        header = nil
      }
      tables.append(Table())
    case "table-row": if !tables.isEmpty { tables[tables.count - 1] = Table() }
    case "table-cell", "covered-table-cell": beginCell(isEmpty, reader)
    case "page" where !isEmpty:
      pageCount += 1
      try builder.page(pageCount)
    case _: break
    }
  }

  private mutating func beginCell(_ isEmpty: Bool, _ reader: XMLReader) {
    guard !tables.isEmpty else { return }
    let count = reader.attribute("number-columns-repeated").flatMap { Int($0) } ?? 1
    tables[tables.count - 1].repetitions = min(max(count, 1), Self.mostRepetitions)
    if isEmpty { endCell() }
  }

  private mutating func endCell() {
    guard let table = tables.last else { return }
    tables[tables.count - 1].cells += Array(repeating: table.cell, count: table.repetitions)
    tables[tables.count - 1].cell = ""
  }

  private mutating func end(_ name: String) throws(DocumentError) {
    if skippedDepth > 0 {
      skippedDepth -= 1
      return
    }
    switch name {
    case "h", "p":
      paragraphDepth = max(0, paragraphDepth - 1)
      if paragraphDepth == 0 { try finishParagraph() }
    case "list": listDepth = max(0, listDepth - 1)
    case "table-cell", "covered-table-cell": endCell()
    case "table-row": try finishRow()
    case "table": _ = tables.popLast()
    case _: break
    }
  }

  private mutating func finishParagraph() throws(DocumentError) {
    let paragraph = text
    let level = isTitle ? 1 : headingLevel
    text = ""
    headingLevel = nil
    if let table = tables.last {
      tables[tables.count - 1].cell += table.cell.isEmpty ? paragraph : " " + paragraph
    } else if let level {
      try builder.heading(paragraph, level: level)
    } else if listDepth > 0 {
      try builder.listItem(paragraph, depth: listDepth - 1)
    } else {
      try builder.paragraph(paragraph)
    }
  }

  private mutating func finishRow() throws(DocumentError) {
    guard var table = tables.last else { return }
    while table.cells.last?.isEmpty ?? false { table.cells.removeLast() }
    tables[tables.count - 1] = Table()
    if tables.count > 1 {
      tables[tables.count - 2].cell += " " + table.cells.joined(separator: ", ")
    } else if let header {
      try builder.row(CSV.labelled(table.cells, by: header))
    } else {
      if isSpreadsheet && !table.cells.isEmpty { header = table.cells }
      try builder.row(table.cells)
    }
  }
}
