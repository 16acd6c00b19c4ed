extension DocumentFormat {
  static let csv = DocumentFormat(
    mediaTypes: ["text/csv", "text/tab-separated-values"],
    extensions: ["csv", "tsv"],
    isText: true,
    recognises: { _ in false },
    extract: CSV.extract)
}

/// Comma-separated values (RFC 4180), also with semicolons, tabs or bars.
///
/// Each record becomes one line of `header: value` pairs, so that a chunk from the middle of a table still
/// says what its values are.
struct CSV {
  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let text = TextDecoding.text(of: try file.bytes()).withoutControls()
    var csv = CSV(text, separator: separator(in: text))
    var builder = TextBuilder(limits: limits)
    guard let header = csv.next() else { throw .empty }
    try builder.row(header)
    while let record = csv.next() { try builder.row(labelled(record, by: header)) }
    return builder.finish(mediaType: "text/csv", title: nil)
  }

  /// Empty values are left out; values beyond the header stand alone.
  static func labelled(_ record: [String], by header: [String]) -> [String] {
    record.enumerated().compactMap { index, value in
      let value = value.collapsingSpaces()
      let label = index < header.count ? header[index].collapsingSpaces() : ""
      guard !value.isEmpty else { return nil }
      return label.isEmpty ? value : label + ": " + value
    }
  }

  private var rest: Substring.UTF8View
  private let separator: UInt8

  private init(_ text: String, separator: UInt8) {
    rest = text[...].utf8
    self.separator = separator
  }

  /// The most frequent candidate of the first line, outside of quotes.
  private static func separator(in text: String) -> UInt8 {
    let line = text.utf8.prefix { $0 != UInt8(ascii: "\n") }.prefix(65_536)
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let candidates = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? UInt8(ascii: ",")
  }

  /// The next record that is not an empty line; nil at the end.
  private mutating func next() -> [String]? {
    rest = rest.drop { $0 == UInt8(ascii: "\n") }
    guard !rest.isEmpty else { return nil }
    var fields: [String] = []
    while true {
      fields.append(field())
      guard let mark = rest.first else { return fields }
      rest = rest.dropFirst()
      if mark == UInt8(ascii: "\n") { return fields }
    }
  }

  /// Up to the separator or line end, which stays. A quote that is never closed ends with the text.
  private mutating func field() -> String {
    let quote = UInt8(ascii: "\"")
    guard rest.first == quote else { return plain() }
    var value = ""
    repeat {
      rest = rest.dropFirst()
      let part = rest.prefix { $0 != quote }
      value += (value.isEmpty ? "" : "\"") + String(Substring(part))
      rest = rest.dropFirst(part.count).dropFirst()
    } while rest.first == quote
    return value + plain()
  }

  private mutating func plain() -> String {
    let value = rest.prefix { [separator] in $0 != separator && $0 != UInt8(ascii: "\n") }
    rest = rest[value.endIndex...]
    return String(Substring(value))
  }
}
