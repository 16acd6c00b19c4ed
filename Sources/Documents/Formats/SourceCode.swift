extension DocumentFormat {
  static let sourceCode = DocumentFormat(
    mediaTypes: ["text/x-source"],
    extensions: [
      "swift", "c", "h", "cc", "cpp", "hpp", "m", "cs", "java", "kt", "scala", "go", "rs", "py", "rb", "php",
      "pl",
      "lua", "r", "jl", "js", "mjs", "ts", "tsx", "jsx", "vue", "css", "scss", "sh", "bash", "ps1", "sql",
      "hs",
      "ml", "ex", "erl", "clj", "dart", "zig", "nim", "asm", "cmake", "gradle", "proto", "graphql", "tf",
    ],
    isText: true,
    recognises: { _ in false },
    extract: SourceCode.extract)
}

/// Source code: the text as it is; what is declared without indentation stands over its lines as a heading, so
/// that a chunk is cut before it and knows what it belongs to.
enum SourceCode {
  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    var source = try PlainText.extract(file, limits)
    source.mediaType = DocumentFormat.sourceCode.mediaTypes[0]
    source.headings = headings(in: source.text, limits)
    return source
  }

  private static func headings(in text: String, _ limits: DocumentLimits) -> [SourceText.Heading] {
    var headings: [SourceText.Heading] = []
    var offset = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let count = line.unicodeScalars.count
      if headings.count < limits.headings, isDeclaration(line) {
        let title = String(line).trimmingSpaces()
        let shown = title.unicodeScalars.prefix(SourceText.Heading.longestTitle)
        headings.append(.init(level: 1, range: offset..<(offset + count), title: String(shown)))
      }
      offset += count + 1
    }
    return headings
  }

  private static let modifiers: Set<Substring> = [
    "public", "private", "internal", "package", "fileprivate", "open", "protected", "static", "final",
    "abstract",
    "export", "default", "async", "unsafe", "extern", "pub", "inline", "const", "sealed", "data", "override",
    "nonisolated", "indirect", "virtual",
  ]
  private static let keywords: Set<Substring> = [
    "func", "function", "def", "fn", "class", "struct", "enum", "protocol", "interface", "trait", "impl",
    "extension",
    "actor", "module", "namespace", "type", "object", "record", "sub", "defmodule", "macro", "union", "mod",
    "procedure", "CREATE", "create",
  ]

  private static func isDeclaration(_ line: Substring) -> Bool {
    guard let first = line.first, first.isLetter else { return false }
    let words = line.prefix(200).split(separator: " ").drop { modifiers.contains($0) }
    return words.count > 1 && keywords.contains(words.first ?? "")
  }
}
