import CXML

/// Hears a page's elements as the parser meets them and keeps blocks of text.
final class HTMLText {
  struct Block {
    enum Kind {
      case heading(level: Int)
      case paragraph
      case listItem(depth: Int)
      case row(cells: [String])
    }
    var kind: Kind
    var text: String
    var isMain: Bool
    /// All of its letters are in links.
    var isLinks = false
  }

  private(set) var blocks: [Block] = []
  private(set) var title: String?

  private let keepsEverything: Bool
  private var open: [Element] = []
  private var current = ""
  private var endsInSpace = true
  /// Whether the current block has letters outside of links.
  private var hasOwnWords = false
  private var row: [String]?
  private var kind = Block.Kind.paragraph

  /// An open element with what it means for the text inside it.
  private struct Element {
    var name: String
    var isSkipped: Bool
    var isMain: Bool
    var isPreformatted: Bool
    var isLink: Bool
    var listDepth: Int
  }

  static func read(_ text: String, keepsEverything: Bool) throws(DocumentError) -> HTMLText {
    let page = HTMLText(keepsEverything: keepsEverything)
    let bytes = Array(text.utf8)
    guard let count = Int32(exactly: bytes.count) else { throw .tooLarge(.fileBytes, limit: Int(Int32.max)) }
    var events = CXMLEvents(
      start: { context, name, attributes in
        guard let context, let name else { return }
        HTMLText.at(context).start(String(cString: name), Attributes(attributes))
      },
      end: { context, name in
        guard let context, let name else { return }
        HTMLText.at(context).end(String(cString: name))
      },
      text: { context, bytes, count in
        guard let context, let bytes, count > 0 else { return }
        let text = UnsafeBufferPointer(start: bytes, count: Int(count)).lazy.map { UInt8(bitPattern: $0) }
        HTMLText.at(context).hear(String(decoding: text, as: UTF8.self))
      })
    let outcome = withExtendedLifetime(page) {
      cxml_html_parse(bytes, count, &events, Unmanaged.passUnretained(page).toOpaque())
    }
    guard outcome == 0 else { throw .tooLarge(.fileBytes, limit: bytes.count) }
    page.flush()
    return page
  }

  /// The blocks inside `main` or `article` if the page marks them and they are more than a stub, without
  /// menus and tables of contents unless the page is little else.
  var mainBlocks: [Block] {
    let main = blocks.filter(\.isMain)
    let marked = main.letterCount >= 200 ? main : blocks
    let prose = marked.withoutLinkRuns
    return prose.letterCount * 2 >= marked.letterCount ? prose : marked
  }

  private init(keepsEverything: Bool) {
    self.keepsEverything = keepsEverything
  }

  private static func at(_ context: UnsafeMutableRawPointer) -> HTMLText {
    Unmanaged<HTMLText>.fromOpaque(context).takeUnretainedValue()
  }

  // MARK: What the parser tells

  private func start(_ name: String, _ attributes: Attributes) {
    let outer = open.last
    var element = Element(
      name: name, isSkipped: outer?.isSkipped ?? false, isMain: outer?.isMain ?? false,
      isPreformatted: outer?.isPreformatted ?? false, isLink: outer?.isLink ?? false,
      listDepth: outer?.listDepth ?? 0)
    if attributes["role"] == "main" || name == "main" || name == "article" { element.isMain = true }
    if Boilerplate.holds(name, attributes, inMain: element.isMain, everything: keepsEverything) {
      element.isSkipped = true
    }
    if name == "pre" { element.isPreformatted = true }
    if name == "a" { element.isLink = true }
    if name == "ul" || name == "ol" { element.listDepth += 1 }
    if !element.isSkipped { begin(name) }
    open.append(element)
    if name == "li" { kind = .listItem(depth: element.listDepth - 1) }
  }

  private func end(_ name: String) {
    guard let place = open.lastIndex(where: { $0.name == name }) else { return }
    if name == "title" && title == nil && !open[place].isSkipped {
      title = current.collapsingSpaces()
      clear()
    }
    if !open[place].isSkipped { finish(name) }
    open.removeSubrange(place...)
  }

  private func hear(_ text: String) {
    guard let element = open.last, !element.isSkipped else { return }
    if !element.isLink && !hasOwnWords { hasOwnWords = text.unicodeScalars.contains(where: \.isLetter) }
    if element.isPreformatted {
      current += text
      endsInSpace = false
      return
    }
    var collapsed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isSpace = scalar == " " || scalar == "\n" || scalar == "\t"
      if isSpace && endsInSpace { continue }
      collapsed.append(isSpace ? " " : scalar)
      endsInSpace = isSpace
    }
    current.unicodeScalars.append(contentsOf: collapsed)
  }

  // MARK: Blocks

  private func begin(_ name: String) {
    switch name {
    case "br": lineBreak()
    case "tr":
      flush()
      row = []
    case "td", "th": row == nil ? flush() : clear()
    case "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table":
      leaveRow()
      flush()
      if let level = Self.headingLevel(name) { kind = .heading(level: level) }
    case _ where Self.blockNames.contains(name): row == nil ? flush() : lineBreak()
    case _: break
    }
  }

  private func finish(_ name: String) {
    switch name {
    case "td", "th":
      if row == nil { return flush() }
      row?.append(current.collapsingSpaces())
      clear()
    case "tr":
      guard let cells = row else { return flush() }
      row = nil
      kind = .row(cells: cells)
      current = cells.joined(separator: " ")
      flush()
      kind = .paragraph
    case _ where Self.blockNames.contains(name):
      row == nil ? flush() : lineBreak()
      if name == "li" || Self.headingLevel(name) != nil { kind = .paragraph }
    case _: break
    }
  }

  /// A table that lays out the page, since blocks stand in its cells: its cells are paragraphs.
  private func leaveRow() {
    guard let cells = row else { return }
    row = nil
    let rest = current
    for cell in cells {
      current = cell
      flush()
    }
    current = rest
    flush()
  }

  private func lineBreak() {
    guard !current.isEmpty else { return }
    current += "\n"
    endsInSpace = true
  }

  private func flush() {
    let isPreformatted = open.last?.isPreformatted ?? false
    let text = isPreformatted ? current.trimmingNewlines() : current.trimmingSpaces()
    if text.unicodeScalars.contains(where: { !$0.isSpace }) {
      let isMain = open.last?.isMain ?? false
      blocks.append(Block(kind: kind, text: text, isMain: isMain, isLinks: !hasOwnWords))
      hasOwnWords = false
      kind = .paragraph
    }
    clear()
  }

  private func clear() {
    current = ""
    endsInSpace = true
  }

  private static func headingLevel(_ name: String) -> Int? {
    guard name.utf8.count == 2, name.utf8.first == UInt8(ascii: "h"), let digit = name.last else {
      return nil
    }
    return digit.wholeNumberValue
  }

  private static let blockNames: Set<String> = [
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "tfoot", "thead", "title", "ul",
  ]
}

extension [HTMLText.Block] {
  fileprivate var letterCount: Int { reduce(0) { $0 + $1.text.utf8.count } }

  /// Without each run of five or more blocks that are nothing but links.
  fileprivate var withoutLinkRuns: [HTMLText.Block] {
    var kept: [HTMLText.Block] = []
    for run in split(on: \.isLinks) where !(run.first?.isLinks ?? false) || run.count < 5 { kept += run }
    return kept
  }

  /// Into runs that have this in common.
  private func split(on property: (HTMLText.Block) -> Bool) -> [ArraySlice<HTMLText.Block>] {
    var runs: [ArraySlice<HTMLText.Block>] = []
    var start = 0
    for place in indices.dropFirst() where property(self[place]) != property(self[start]) {
      runs.append(self[start..<place])
      start = place
    }
    return isEmpty ? [] : runs + [self[start...]]
  }
}

extension String {
  /// Without empty lines at either end; the first line keeps its indent.
  fileprivate func trimmingNewlines() -> String {
    let start = unicodeScalars.drop { $0 == "\n" }
    guard let last = start.lastIndex(where: { !$0.isSpace }) else { return "" }
    return String(start[...last])
  }
}
