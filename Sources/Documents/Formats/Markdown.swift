extension DocumentFormat {
  /// The text stays as written, so that places in it are places in the file; only headings are found.
  static let markdown = DocumentFormat(
    mediaTypes: ["text/markdown", "text/x-markdown"],
    extensions: ["md", "markdown", "mdown", "mkd"],
    isText: true,
    recognises: { _ in false },
    extract: Markdown.extract)
}

/// Finds ATX and setext headings (https://spec.commonmark.org/0.31.2/#atx-headings) outside fenced code, and
/// the title in a YAML front matter.
struct Markdown {
  private var headings: [SourceText.Heading] = []
  private var fence: Substring?
  private var isFrontMatter = false
  private var frontTitle: String?
  private var paragraph: (line: Substring, start: Int)?

  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let text = TextDecoding.text(of: try file.bytes()).withoutControls()
    guard text.utf8.count <= limits.textBytes else { throw .tooLarge(.textBytes, limit: limits.textBytes) }
    var markdown = Markdown()
    var offset = 0
    for scalars in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      markdown.read(Substring(scalars), at: offset)
      offset += scalars.count + 1
    }
    guard markdown.headings.count <= limits.headings else {
      throw .tooLarge(.headings, limit: limits.headings)
    }
    let title = markdown.frontTitle ?? markdown.headings.first { $0.level == 1 }?.title
    return SourceText(
      text: text, mediaType: "text/markdown", title: title, headings: markdown.headings)
  }

  private mutating func read(_ line: Substring, at start: Int) {
    if isFrontMatter || (start == 0 && line == "---") { return readFrontMatter(line, at: start) }
    let indent = line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
    let content = Substring(line.dropFirst(indent))
    if indent < 4 && toggleFence(content) { return paragraph = nil }
    if fence != nil { return }
    if indent < 4, let level = Self.atxLevel(content) {
      add(level: level, line: content.dropFirst(level), range: start..<(start + line.unicodeScalars.count))
    } else if indent < 4, let level = Self.setextLevel(content), let above = paragraph {
      let end = above.start + above.line.unicodeScalars.count
      add(level: level, line: above.line, range: above.start..<end)
    } else {
      paragraph = paragraph == nil && Self.canBeTitle(content) ? (line, start) : nil
      return
    }
    paragraph = nil
  }

  private mutating func readFrontMatter(_ line: Substring, at start: Int) {
    isFrontMatter = start == 0 || (line != "---" && line != "...")
    guard line.hasPrefix("title:") else { return }
    let title = String(line.dropFirst(6)).trimmingSpaces().trimming("\"'")
    frontTitle = title.isEmpty ? nil : String(title.unicodeScalars.prefix(SourceText.Heading.longestTitle))
  }

  /// Whether the line opens or closes fenced code.
  private mutating func toggleFence(_ line: Substring) -> Bool {
    let run = line.prefix { $0 == "`" }.isEmpty ? line.prefix { $0 == "~" } : line.prefix { $0 == "`" }
    guard run.utf8.count >= 3 else { return false }
    guard let open = fence else {
      let rest = line.dropFirst(run.count)
      if run.first == "`" && rest.contains("`") { return false }
      fence = run
      return true
    }
    let closes = run.first == open.first && run.utf8.count >= open.utf8.count
    if closes && line.dropFirst(run.count).allSatisfy(\.isWhitespace) { fence = nil }
    return true
  }

  private static func atxLevel(_ line: Substring) -> Int? {
    let level = line.utf8.prefix(7).prefix { $0 == UInt8(ascii: "#") }.count
    guard (1...6).contains(level) else { return nil }
    let next = line.dropFirst(level).first
    return next == nil || next == " " || next == "\t" ? level : nil
  }

  private static func setextLevel(_ line: Substring) -> Int? {
    guard let first = line.first, first == "=" || first == "-" else { return nil }
    let rest = line.drop { $0 == first }
    guard line.utf8.count - rest.utf8.count >= 2, rest.allSatisfy({ $0 == " " || $0 == "\t" }) else {
      return nil
    }
    return first == "=" ? 1 : 2
  }

  private static func canBeTitle(_ line: Substring) -> Bool {
    guard let first = line.first, !first.isWhitespace else { return false }
    return !"|>-*+<".contains(first)
  }

  private mutating func add(level: Int, line: Substring, range: Range<Int>) {
    var title = String(line).trimmingSpaces()
    let closing = title.utf8.reversed().prefix { $0 == UInt8(ascii: "#") }.count
    if closing > 0, closing == title.utf8.count || title.dropLast(closing).hasSuffix(" ") {
      title = String(title.dropLast(closing)).trimmingSpaces()
    }
    guard !title.isEmpty else { return }
    let shown = String(title.unicodeScalars.prefix(SourceText.Heading.longestTitle))
    headings.append(.init(level: level, range: range, title: shown))
  }
}

extension String {
  /// Without the quotes, or other such marks, at both ends.
  fileprivate func trimming(_ marks: String) -> String {
    guard count >= 2, let first, first == last, marks.contains(first) else { return self }
    return String(dropFirst().dropLast())
  }
}
