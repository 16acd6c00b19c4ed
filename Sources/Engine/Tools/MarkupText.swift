/// Plain text from a short piece of HTML: a title, a few lines of a hit.
enum MarkupText {
  /// Without tags, entities resolved, on one line.
  /// - Complexity: linear.
  static func plain(_ markup: some StringProtocol) -> String {
    var text = ""
    var rest = Substring(markup)
    while let next = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      text += rest[..<next]
      if rest[next] == "<" {
        guard let end = rest[next...].firstIndex(of: ">") else { return text.onOneLine }
        rest = rest[rest.index(after: end)...]
      } else {
        let (character, after) = entity(rest[next...])
        text += character
        rest = after
      }
    }
    return (text + rest).onOneLine
  }

  /// What the text that begins with `&` begins with, and what follows.
  private static func entity(_ text: Substring) -> (String, Substring) {
    let body = text.dropFirst()
    guard let end = body.prefix(longestEntity).firstIndex(of: ";") else { return ("&", body) }
    let name = body[..<end]
    let resolved = name.first == "#" ? numbered(name.dropFirst()) : named[String(name)]
    guard let resolved else { return ("&", body) }
    return (resolved, body[body.index(after: end)...])
  }

  private static func numbered(_ digits: Substring) -> String? {
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map { String($0) }
  }

  private static let longestEntity = 10
  private static let named = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—",
    "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "middot": "·",
  ]
}
