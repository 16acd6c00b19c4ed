extension DocumentFormat {
  static let json = DocumentFormat(
    mediaTypes: ["application/json", "application/x-ndjson"],
    extensions: ["json", "jsonl", "ndjson", "geojson"],
    isText: true,
    recognises: { _ in false },
    extract: JSONText.extract)
}

/// JSON (RFC 8259) and lines of it, for reading: an object of a list is a row with its labels, any other value a
/// line with its path, and what holds others is a heading. What is no JSON is read as the text it is.
struct JSONText {
  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let text = TextDecoding.text(of: try file.bytes())
    guard let values = JSONValue.sequence(in: text) else { return try PlainText.extract(file, limits) }
    var json = JSONText(limits: limits)
    if values.count == 1 {
      try json.add(values[0], path: [])
    } else {
      try json.addList(values, path: [])
    }
    return json.builder.finish(mediaType: DocumentFormat.json.mediaTypes[0], title: nil)
  }

  private var builder: TextBuilder

  private init(limits: DocumentLimits) {
    builder = TextBuilder(limits: limits)
  }

  /// Levels that become headings; below them the path says it.
  private static let headingLevels = 3

  private mutating func add(_ value: JSONValue, path: [String]) throws(DocumentError) {
    switch value {
    case .scalar(let text): try builder.row([Self.labelled(text, path.joined(separator: "."))])
    case .list(let values): try addList(values, path: path)
    case .object(let members):
      for (name, value) in members where value.isScalar { try add(value, path: path + [name]) }
      for (name, value) in members where !value.isScalar {
        if !value.isListOfScalars { try addHeading(path + [name]) }
        try add(value, path: path + [name])
      }
    }
  }

  private mutating func addHeading(_ path: [String]) throws(DocumentError) {
    guard path.count <= Self.headingLevels else { return }
    try builder.heading(path.joined(separator: "."), level: path.count)
  }

  private mutating func addList(_ values: [JSONValue], path: [String]) throws(DocumentError) {
    if JSONValue.list(values).isListOfScalars {
      let items = values.compactMap { if case .scalar(let text) = $0 { text } else { nil } }
      return try builder.row([Self.labelled(items.joined(separator: ", "), path.joined(separator: "."))])
    }
    for value in values { try builder.row(Self.cells(of: value, path: [])) }
  }

  /// All that is in a value, each with its path.
  private static func cells(of value: JSONValue, path: [String]) -> [String] {
    switch value {
    case .scalar(let text): text.isEmpty ? [] : [labelled(text, path.joined(separator: "."))]
    case .object(let members): members.flatMap { cells(of: $0.value, path: path + [$0.name]) }
    case .list(let values):
      if values.allSatisfy(\.isScalar) {
        [
          labelled(
            values.flatMap { cells(of: $0, path: []) }.joined(separator: ", "), path.joined(separator: "."))
        ]
      } else {
        values.flatMap { cells(of: $0, path: path) }
      }
    }
  }

  private static func labelled(_ text: String, _ label: String) -> String {
    label.isEmpty ? text : label + ": " + text
  }
}

/// A JSON value whose members keep their order, and whose numbers are as they were written.
enum JSONValue {
  case scalar(String)
  case list([JSONValue])
  case object([(name: String, value: JSONValue)])

  var isScalar: Bool {
    if case .scalar = self { true } else { false }
  }

  var isListOfScalars: Bool {
    if case .list(let values) = self { values.allSatisfy(\.isScalar) } else { false }
  }

  /// The values of a text that holds nothing but values: one, or one on each line. Nil for any other text.
  static func sequence(in text: String) -> [JSONValue]? {
    var parser = JSONParser(text)
    var values: [JSONValue] = []
    while let value = parser.next() { values.append(value) }
    return parser.isAtEnd && !values.isEmpty ? values : nil
  }
}

/// Reads values one after the other; gives up at the first fault.
private struct JSONParser {
  private let bytes: [UInt8]
  private var place = 0
  private var isBroken = false

  /// Deeper than any data for people.
  private static let deepest = 200

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { !isBroken && place >= bytes.count }

  /// The next value; nil at the end or at a fault.
  mutating func next() -> JSONValue? {
    skipSpace()
    guard place < bytes.count else { return nil }
    guard let value = value(depth: 0) else {
      isBroken = true
      return nil
    }
    skipSpace()
    return value
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipSpace()
    guard place < bytes.count, depth < Self.deepest else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return string().map(JSONValue.scalar)
    case _: return word()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    place += 1
    var members: [(name: String, value: JSONValue)] = []
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\""), let name = string(), take(":"),
        let value = value(depth: depth + 1)
      else { return nil }
      members.append((name, value))
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  private mutating func list(depth: Int) -> JSONValue? {
    place += 1
    var values: [JSONValue] = []
    if take("]") { return .list(values) }
    while true {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      if take("]") { return .list(values) }
      guard take(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    var text: [UInt8] = []
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else if !escape(into: &text) {
        return nil
      }
    }
    return nil
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard place < bytes.count else { return false }
    let mark = bytes[place]
    place += 1
    switch mark {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = unicode() else { return false }
      text.append(contentsOf: String(scalar).utf8)
    case _: text.append(mark)
    }
    return true
  }

  /// Four hexadecimal digits, and four more for a character beyond the basic plane.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let high = unit() else { return nil }
    if let scalar = Unicode.Scalar(high) { return scalar }
    let start = place
    if UTF16.isLeadSurrogate(high), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
      bytes[place + 1] == UInt8(ascii: "u")
    {
      place += 2
      if let low = unit(), UTF16.isTrailSurrogate(low) {
        return String(decoding: [high, low], as: UTF16.self).unicodeScalars.first
      }
      place = start
    }
    return "\u{FFFD}"
  }

  private mutating func unit() -> UInt16? {
    guard place + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
    else { return nil }
    place += 4
    return unit
  }

  /// A number, `true`, `false` or `null`, which says nothing.
  private mutating func word() -> JSONValue? {
    let start = place
    while place < bytes.count, Self.isOfWord(bytes[place]) { place += 1 }
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    switch word {
    case "true", "false": return .scalar(word)
    case "null": return .scalar("")
    case _: return Double(word) == nil ? nil : .scalar(word)
    }
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "E")
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private mutating func take(_ mark: Character) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == mark.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }
}
