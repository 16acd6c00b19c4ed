import Conversation

/// A text in which quotations are looked up.
struct QuotedText {
  /// White space runs as one space, and where each scalar of that stands.
  private let plain: [Unicode.Scalar]
  private let places: [Int]
  private let text: String

  init(_ text: String) {
    self.text = text
    (plain, places) = Self.collapsed(Array(text.unicodeScalars))
  }

  /// Where a quotation stands, in Unicode scalars, and how well it fits; nil when it does not.
  /// - Complexity: the text's length times that of the quotation at worst; near the text's length for prose.
  ///
  /// Emphasis that the answer adds (`**never**`) changes no word; a source in Markdown may have it too.
  func find(_ quotation: String) -> (range: Range<Int>, state: Quotation.State)? {
    let plain = quotation.replacing(/\*+|__/, with: "")
    if let range = exactRange(of: quotation) ?? exactRange(of: plain) { return (range, .exact) }
    return nearRange(of: quotation).map { ($0, .near) }
  }

  private func exactRange(of quotation: String) -> Range<Int>? {
    let wanted = Self.collapsed(Array(quotation.unicodeScalars)).scalars
    guard let first = wanted.first, plain.count >= wanted.count else { return nil }
    for start in 0...(plain.count - wanted.count) where plain[start] == first {
      if plain[start..<(start + wanted.count)].elementsEqual(wanted) {
        return places[start]..<(places[start + wanted.count - 1] + 1)
      }
    }
    return nil
  }

  /// Words that a gap may leave out.
  private static let longestGap = 400

  /// The parts between marks of omission, in their order and not far from each other.
  private func nearRange(of quotation: String) -> Range<Int>? {
    let parts = Self.parts(of: quotation).map(SourceWords.init).filter { !$0.words.isEmpty }
    guard let first = parts.first else { return nil }
    let words = SourceWords(text)
    var from = 0
    while let start = words.range(of: first, from: from) {
      if let end = Self.end(of: parts.dropFirst(), in: words, after: start.upperBound) {
        return words.words[start.lowerBound].range.lowerBound..<words.words[end - 1].range.upperBound
      }
      from = start.lowerBound + 1
    }
    return nil
  }

  private static func end(
    of parts: ArraySlice<SourceWords>, in words: SourceWords, after place: Int
  ) -> Int? {
    var place = place
    for part in parts {
      guard let next = words.range(of: part, from: place), next.lowerBound - place <= longestGap else {
        return nil
      }
      place = next.upperBound
    }
    return place
  }

  private static func parts(of quotation: String) -> [String] {
    quotation.replacing(/\[\s*(?:\.\.\.|…)\s*\]|\(\s*(?:\.\.\.|…)\s*\)|\.\.\.|…/, with: "\u{0}")
      .split(separator: "\u{0}").map(String.init)
  }

  private static func collapsed(_ scalars: [Unicode.Scalar]) -> (scalars: [Unicode.Scalar], places: [Int]) {
    var plain: [Unicode.Scalar] = []
    var places: [Int] = []
    for (place, scalar) in scalars.enumerated() {
      if scalar.properties.isWhitespace {
        guard let last = plain.last, last != " " else { continue }
        plain.append(" ")
      } else {
        plain.append(scalar)
      }
      places.append(place)
    }
    if plain.last == " " {
      plain.removeLast()
      places.removeLast()
    }
    return (plain, places)
  }
}
