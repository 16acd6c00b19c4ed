/// Walks a WordprocessingML part, or a slide's DrawingML, and hands its blocks to a builder. The two name
/// paragraphs, runs and tables alike; a slide's title is known by its placeholder.
struct WordText {
  private struct Paragraph {
    var text = ""
    var headingLevel: Int?
    var listDepth: Int?
  }

  private struct Table {
    var cells: [String] = []
    var cell = ""
  }

  private let roles: [String: WordStyles.Role]
  /// Text boxes stand inside paragraphs and hold paragraphs, and tables stand in cells: both nest.
  private var paragraphs: [Paragraph] = []
  private var tables: [Table] = []
  private var runDepth = 0
  private var skippedDepth = 0
  private var isText = false
  private var isTitle = false

  /// Two hundred levels are no document anybody wrote.
  private static let deepestNesting = 200

  static func read(
    _ content: [UInt8], roles: [String: WordStyles.Role], into builder: inout TextBuilder
  ) throws(DocumentError) {
    var walk = WordText(roles: roles)
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      switch node {
      case .start(let name, let isEmpty): try walk.start(name, isEmpty: isEmpty, reader, &builder)
      case .end(let name): try walk.end(name, &builder)
      case .text(let text): if walk.isText { walk.add(text) }
      }
    }
  }

  private init(roles: [String: WordStyles.Role]) {
    self.roles = roles
  }

  private mutating func start(
    _ name: String, isEmpty: Bool, _ reader: XMLReader, _ builder: inout TextBuilder
  ) throws(DocumentError) {
    if skippedDepth > 0 || Self.skipped.contains(name) {
      skippedDepth += isEmpty ? 0 : 1
      return
    }
    switch name {
    case "p" where !isEmpty: paragraphs.append(Paragraph())
    case "tbl" where !isEmpty: tables.append(Table())
    case "tr" where !tables.isEmpty: tables[tables.count - 1] = Table()
    case "r" where !isEmpty: runDepth += 1
    case "t": isText = !isEmpty
    case "tab" where runDepth > 0: add("\t")
    case "br", "cr": add("\n")
    case "sp": isTitle = false
    case "ph": isTitle = ["title", "ctrTitle"].contains(reader.attribute("type"))
    case "noBreakHyphen": add("\u{2011}")
    case _: noteProperty(name, reader)
    }
    guard paragraphs.count + tables.count <= Self.deepestNesting else {
      throw .malformed(why: "its paragraphs are nested too deeply")
    }
  }

  /// The other branch of a choice, deleted and moved text, and the number and date on a slide.
  private static let skipped: Set<String> = ["Fallback", "del", "moveFrom", "fld"]

  private mutating func noteProperty(_ name: String, _ reader: XMLReader) {
    guard runDepth == 0, !paragraphs.isEmpty else { return }
    let last = paragraphs.count - 1
    let value = { reader.attribute("val") }
    switch name {
    case "pStyle": take(value().flatMap { roles[$0] })
    case "outlineLvl":
      if let level = value().flatMap({ Int($0) }), (0..<9).contains(level) {
        paragraphs[last].headingLevel = level + 1
      }
    case "ilvl": paragraphs[last].listDepth = value().flatMap { Int($0) }
    case "numId":
      paragraphs[last].listDepth = value() == "0" ? nil : paragraphs[last].listDepth ?? 0
    case _: break
    }
  }

  private mutating func take(_ role: WordStyles.Role?) {
    switch role {
    case .heading(let level): paragraphs[paragraphs.count - 1].headingLevel = level
    case .listItem(let depth): paragraphs[paragraphs.count - 1].listDepth = depth
    case nil: break
    }
  }

  private mutating func end(_ name: String, _ builder: inout TextBuilder) throws(DocumentError) {
    if skippedDepth > 0 {
      skippedDepth -= 1
      return
    }
    switch name {
    case "p": if let paragraph = paragraphs.popLast() { try finish(paragraph, &builder) }
    case "t": isText = false
    case "r": runDepth = max(0, runDepth - 1)
    case "tc":
      guard let table = tables.last else { return }
      tables[tables.count - 1].cells.append(table.cell)
      tables[tables.count - 1].cell = ""
    case "tr": try finishRow(&builder)
    case "tbl": _ = tables.popLast()
    case _: break
    }
  }

  private mutating func add(_ text: String) {
    guard !paragraphs.isEmpty else { return }
    paragraphs[paragraphs.count - 1].text += text
  }

  private mutating func finish(_ paragraph: Paragraph, _ builder: inout TextBuilder) throws(DocumentError) {
    if let table = tables.last {
      tables[tables.count - 1].cell += table.cell.isEmpty ? paragraph.text : " " + paragraph.text
    } else if let level = isTitle ? 1 : paragraph.headingLevel {
      try builder.heading(paragraph.text, level: level)
    } else if let depth = paragraph.listDepth {
      try builder.listItem(paragraph.text, depth: depth)
    } else {
      try builder.paragraph(paragraph.text)
    }
  }

  /// A row of a table inside a cell becomes part of that cell.
  private mutating func finishRow(_ builder: inout TextBuilder) throws(DocumentError) {
    guard let table = tables.last else { return }
    tables[tables.count - 1] = Table()
    guard tables.count > 1 else { return try builder.row(table.cells) }
    tables[tables.count - 2].cell += " " + table.cells.joined(separator: ", ")
  }
}
