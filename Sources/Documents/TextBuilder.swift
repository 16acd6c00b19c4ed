/// Puts the blocks a format finds, in reading order, into one text and notes where headings and pages are.
///
/// Blocks are separated by an empty line; list items and table rows among themselves by a line end only.
struct TextBuilder {
  private(set) var text = ""
  private(set) var headings: [SourceText.Heading] = []
  private(set) var pages: [SourceText.Page] = []
  private var scalarCount = 0
  private var lastBlock = Block.none
  private var isPageBlank = false
  private let limits: DocumentLimits

  private enum Block { case none, paragraph, heading, listItem, row, openLine }

  init(limits: DocumentLimits) {
    self.limits = limits
  }

  mutating func heading(_ title: String, level: Int) throws(DocumentError) {
    let line = title.collapsingSpaces()
    guard let range = try append(line, as: .heading) else { return }
    guard headings.count < limits.headings else { throw .tooLarge(.headings, limit: limits.headings) }
    let shown = String(line.unicodeScalars.prefix(SourceText.Heading.longestTitle))
    headings.append(.init(level: max(1, level), range: range, title: shown))
  }

  mutating func paragraph(_ text: String) throws(DocumentError) {
    _ = try append(text, as: .paragraph)
  }

  mutating func listItem(_ text: String, depth: Int) throws(DocumentError) {
    let item = text.trimmingSpaces()
    guard !item.isEmpty else { return }
    let indent = String(repeating: "  ", count: min(max(depth, 0), 8))
    _ = try append(indent + "- " + item, as: .listItem)
  }

  /// A table row on one line, its cells divided by bars. A row without text is left out.
  mutating func row(_ cells: [String]) throws(DocumentError) {
    let shown = cells.map { $0.collapsingSpaces() }
    guard shown.contains(where: { !$0.isEmpty }) else { return }
    _ = try append(shown.joined(separator: " | "), as: .row)
  }

  /// Starts a page, slide or chapter that readers know by its number; it ends where the next one starts.
  /// - Parameter continuesLine: whether the text goes on as if there were no page end.
  mutating func page(_ number: Int, continuesLine: Bool = false) throws(DocumentError) {
    guard pages.count < limits.pages else { throw .tooLarge(.pages, limit: limits.pages) }
    closePage()
    if lastBlock != .none { lastBlock = continuesLine ? .openLine : .paragraph }
    pages.append(.init(number: number, range: scalarCount..<scalarCount))
    isPageBlank = true
  }

  /// Puts a document that was found inside this one under a heading of its own: its headings go below that, and
  /// its pages are headings too.
  mutating func part(_ source: SourceText, named name: String, level: Int) throws(DocumentError) {
    try heading(name, level: level)
    let skipped = source.text.unicodeScalars.prefix { $0.isSpace }.count
    guard let range = try append(source.text, as: .paragraph) else { return }
    let pages = source.pages.map { page in
      SourceText.Heading(
        level: 1, range: page.range.lowerBound..<page.range.lowerBound, title: "page \(page.number)")
    }
    let inside = source.headings.isEmpty ? pages : source.headings
    for var heading in inside {
      guard headings.count < limits.headings else { throw .tooLarge(.headings, limit: limits.headings) }
      let shift = range.lowerBound - skipped
      let start = min(max(heading.range.lowerBound + shift, range.lowerBound), range.upperBound)
      heading.range = start..<min(max(heading.range.upperBound + shift, start), range.upperBound)
      heading.level += level
      headings.append(heading)
    }
  }

  /// - Parameter mediaType: of the format that was read.
  mutating func finish(mediaType: String, title: String?) -> SourceText {
    closePage()
    let shown = title?.collapsingSpaces() ?? ""
    return SourceText(
      text: text, mediaType: mediaType,
      title: shown.isEmpty ? nil : String(shown.unicodeScalars.prefix(SourceText.Heading.longestTitle)),
      pages: pages, headings: headings)
  }

  private mutating func closePage() {
    guard let page = pages.last else { return }
    pages[pages.count - 1].range = page.range.lowerBound..<scalarCount
  }

  private mutating func append(_ raw: String, as block: Block) throws(DocumentError) -> Range<Int>? {
    let piece = block == .listItem ? raw.withoutControls() : raw.withoutControls().trimmingSpaces()
    guard !piece.isEmpty else { return nil }
    if lastBlock != .none {
      let tight = lastBlock == .openLine || lastBlock == block && (block == .listItem || block == .row)
      text += tight ? "\n" : "\n\n"
      scalarCount += tight ? 1 : 2
    }
    let start = scalarCount
    openPage(at: start)
    text += piece
    scalarCount += piece.unicodeScalars.count
    lastBlock = block
    guard text.utf8.count <= limits.textBytes else { throw .tooLarge(.textBytes, limit: limits.textBytes) }
    return start..<scalarCount
  }

  /// A page begins with its first block, not with the empty line before it.
  private mutating func openPage(at start: Int) {
    guard isPageBlank, !pages.isEmpty else { return }
    pages[pages.count - 1].range = start..<start
    isPageBlank = false
  }
}
