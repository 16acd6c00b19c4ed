/// The sentences of a text, in order, without the white space between them.
///
/// A sentence ends at `.`, `!`, `?`, `…` and their CJK, Arabic and Indic kin, with the closing quotes and
/// brackets that follow; at an empty line; and at the end of a heading line, a table row or a list item. It
/// does not end after an abbreviation, an initial, a list number, inside a number, or before a lower-case
/// letter.
/// - Complexity: linear in the text.
package func sentences(in text: String) -> [Range<String.Index>] {
  var ranges: [Range<String.Index>] = []
  let scalars = text.unicodeScalars
  var start = text.startIndex
  var offset = 0
  for end in SentenceEnds.places(in: Array(scalars)) {
    let stop = scalars.index(start, offsetBy: end - offset)
    if let range = text.trimmed(start..<stop) { ranges.append(range) }
    start = stop
    offset = end
  }
  return ranges
}

extension String {
  /// The range without white space at its ends; nil if nothing is left.
  fileprivate func trimmed(_ range: Range<Index>) -> Range<Index>? {
    let scalars = unicodeScalars[range]
    guard let first = scalars.firstIndex(where: { !$0.isSpace }),
      let last = scalars.lastIndex(where: { !$0.isSpace })
    else { return nil }
    return first..<scalars.index(after: last)
  }
}

/// Where sentences end, as offsets into the scalars; the last one is the end of the text.
struct SentenceEnds {
  static func places(in scalars: [Unicode.Scalar]) -> [Int] {
    var ends = SentenceEnds(scalars: scalars)
    ends.scan()
    return ends.found
  }

  private let scalars: [Unicode.Scalar]
  private var found: [Int] = []

  private init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  private mutating func scan() {
    var place = 0
    var lineStart = 0
    while place < scalars.count {
      let scalar = scalars[place]
      if scalar == "\n" {
        if endsAtLineEnd(place, lineStart) { end(at: place + 1) }
        place += 1
        lineStart = place
      } else if Self.isTerminator(scalar) {
        let after = closing(from: place + 1)
        if isEnd(place, after, lineStart) { end(at: after) }
        place = after
      } else {
        place += 1
      }
    }
    end(at: scalars.count)
  }

  private mutating func end(at place: Int) {
    if place > found.last ?? 0 { found.append(place) }
  }

  // MARK: Lines

  private func endsAtLineEnd(_ place: Int, _ lineStart: Int) -> Bool {
    var next = place + 1
    while next < scalars.count, scalars[next] == " " || scalars[next] == "\t" { next += 1 }
    if next >= scalars.count || scalars[next] == "\n" { return true }
    return isBlockLine(from: lineStart, to: place) || isItemStart(next) || scalars[next] == "#"
  }

  /// A heading in Markdown or a table row.
  private func isBlockLine(from start: Int, to end: Int) -> Bool {
    guard start < end else { return false }
    if scalars[start] == "#" { return true }
    let line = scalars[start..<end]
    return zip(line, zip(line.dropFirst(), line.dropFirst(2))).contains {
      $0 == " " && $1.0 == "|" && $1.1 == " "
    }
  }

  private func isItemStart(_ place: Int) -> Bool {
    var next = place
    if "-*+•–▪◦".unicodeScalars.contains(scalars[next]) {
      next += 1
    } else {
      while next < scalars.count, scalars[next].isASCIIDigit, next - place < 4 { next += 1 }
      guard next > place, next < scalars.count, scalars[next] == "." || scalars[next] == ")" else {
        return false
      }
      next += 1
    }
    return next < scalars.count && scalars[next] == " "
  }

  // MARK: Marks

  private static func isTerminator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "!", "?", "…": true
    case _: scalar.value > 0x80 && isFullStop(scalar)
    }
  }

  /// Marks after which no space is needed.
  private static func isFullStop(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "。", "！", "？", "｡", "．", "؟", "۔", "।", "॥": true
    case _: false
    }
  }

  private static let closers = Set("\"'”’»)]}」』）】》〉".unicodeScalars)

  private func closing(from place: Int) -> Int {
    var place = place
    while place < scalars.count, Self.isTerminator(scalars[place]) || Self.closers.contains(scalars[place]) {
      place += 1
    }
    return place
  }

  private func isEnd(_ mark: Int, _ after: Int, _ lineStart: Int) -> Bool {
    if scalars[mark..<after].contains(where: Self.isFullStop) { return true }
    guard after < scalars.count else { return true }
    guard scalars[after].isSpace else { return false }
    var next = after
    while next < scalars.count, scalars[next].isSpace { next += 1 }
    guard next < scalars.count else { return true }
    if scalars[next].isLower { return false }
    guard scalars[mark] == ".", after == mark + 1 else { return true }
    return !isAbbreviation(endingAt: mark, next: next, lineStart)
  }

  private func isAbbreviation(endingAt mark: Int, next: Int, _ lineStart: Int) -> Bool {
    var start = mark
    while start > lineStart, !scalars[start - 1].isSpace, mark - start < 16 { start -= 1 }
    while start < mark, "(\"'“‘„«[".unicodeScalars.contains(scalars[start]) { start += 1 }
    let word = String(String.UnicodeScalarView(scalars[start..<mark]))
    let before = scalars[max(lineStart, min(found.last ?? 0, start))..<start]
    let isFirst = before.allSatisfy { $0.isSpace || "#-*".unicodeScalars.contains($0) }
    if word.unicodeScalars.allSatisfy(\.isASCIIDigit) {
      return word.isEmpty || isFirst || (word.utf8.count <= 2 && isMonth(from: next))
    }
    if word.unicodeScalars.count == 1 { return word != "I" || isFirst }
    let lowercase = word.lowercased()
    if Self.titles.contains(lowercase) { return true }
    if Self.beforeNumbers.contains(lowercase) { return scalars[next].properties.numericType != nil }
    // "U.S.", "z.B.": letters and dots in turn.
    let parts = word.split(separator: ".")
    return parts.count > 1 && parts.allSatisfy { $0.unicodeScalars.count == 1 }
      && !Self.startsSentence(scalars[next...])
  }

  private func isMonth(from place: Int) -> Bool {
    let word = scalars[place...].prefix { $0.isLetter }.prefix(10)
    return Self.germanMonths.contains(String(String.UnicodeScalarView(word)))
  }

  /// A word that hardly follows an abbreviation of letters but in a new sentence.
  private static func startsSentence(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    let word = String(String.UnicodeScalarView(scalars.prefix(5).prefix { $0.isLetter }))
    return [
      "The", "This", "These", "It", "In", "He", "She", "They", "We", "But", "A", "Der", "Die", "Das", "Es",
    ]
    .contains(word)
  }

  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "cf", "e.g", "i.e", "eg", "ie", "al", "approx", "ca", "dept",
    "gen", "gov", "hon", "rev", "sgt", "capt", "col", "lt", "messrs", "resp", "viz", "incl", "est", "ed",
    "eds",
    "bzw", "vgl", "usw", "evtl", "ggf", "inkl", "zzgl", "hr", "fr", "str", "sog", "z.b", "d.h", "u.a", "z.t",
    "o.ä", "bspw", "dipl", "ing", "jan", "feb", "mar", "apr", "aug", "sept", "sep", "oct", "nov", "dec",
  ]
  private static let beforeNumbers: Set<String> = [
    "no", "nos", "nr", "fig", "figs", "eq", "eqs", "sec", "sect", "ch", "chap", "vol", "pp", "p", "art",
    "abs",
    "abb", "tab", "kap", "bd", "ref", "refs", "ver", "v", "op", "ziff", "s",
  ]
  private static let germanMonths: Set<String> = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
  ]
}
