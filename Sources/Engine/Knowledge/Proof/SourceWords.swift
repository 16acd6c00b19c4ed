import Conversation
import Foundation

/// A text as its words, for finding others' words in it although they were typed anew: in lower case, without
/// accents and punctuation, with words joined that a line end divides.
///
/// Signs that change what is said (a minus, per cent, currencies, comparisons) are words of their own; each
/// character of a script without spaces is one.
struct SourceWords {
  struct Word: Equatable {
    var text: String
    /// Unicode scalars from the start of the text.
    var range: Range<Int>
  }

  private(set) var words: [Word] = []

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    var place = 0
    while place < scalars.count {
      if Self.isSign(scalars[place], at: place, in: scalars) {
        words.append(Word(text: String(scalars[place]), range: place..<(place + 1)))
        place += 1
      } else if Self.isOfWord(scalars[place]) {
        place = addWord(from: place, in: scalars)
      } else {
        place += 1
      }
    }
  }

  private mutating func addWord(from start: Int, in scalars: [Unicode.Scalar]) -> Int {
    if scalars[start].standsAlone {
      words.append(Word(text: Self.folded(String(scalars[start])), range: start..<(start + 1)))
      return start + 1
    }
    var letters = String.UnicodeScalarView()
    var place = start
    while place < scalars.count, !scalars[place].standsAlone {
      if Self.isOfWord(scalars[place]) {
        letters.append(scalars[place])
        place += 1
      } else if scalars[place] == "\u{AD}" {
        place += 1
      } else if let next = Self.continuation(after: place, in: scalars) {
        place = next
      } else {
        break
      }
    }
    words.append(Word(text: Self.folded(String(letters)), range: start..<place))
    return place
  }

  /// Where a word goes on that a hyphen and a line end divide.
  private static func continuation(after hyphen: Int, in scalars: [Unicode.Scalar]) -> Int? {
    guard scalars[hyphen] == "-" || scalars[hyphen] == "\u{2010}" else { return nil }
    var place = hyphen + 1
    while place < scalars.count, scalars[place] == " " || scalars[place] == "\t" { place += 1 }
    guard place < scalars.count, scalars[place] == "\n" else { return nil }
    while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
    return place < scalars.count && scalars[place].properties.isLowercase ? place : nil
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  private static func isSign(_ scalar: Unicode.Scalar, at place: Int, in scalars: [Unicode.Scalar]) -> Bool {
    switch scalar {
    case "%", "‰": return true
    case "|", "~", "^", "`": return false
    case "-", "\u{2212}":
      let isNumber = place + 1 < scalars.count && scalars[place + 1].properties.numericType != nil
      return isNumber && (place == 0 || !isOfWord(scalars[place - 1]))
    case _:
      let category = scalar.properties.generalCategory
      return category == .mathSymbol || category == .currencySymbol
    }
  }

  private static func folded(_ text: String) -> String {
    text.precomposedStringWithCompatibilityMapping
      .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
  }
}

extension Unicode.Scalar {
  /// Whether it is a word by itself: an ideograph, a kana, a letter of Thai, Lao, Khmer or Burmese.
  fileprivate var standsAlone: Bool {
    properties.isIdeographic || (0x3040...0x30FF).contains(value) || (0x0E00...0x0EFF).contains(value)
      || (0x1780...0x17FF).contains(value) || (0x1000...0x109F).contains(value)
  }
}

// MARK: Finding

extension SourceWords {
  /// Where these words stand next to each other, from a word on; nil when they do not.
  ///
  /// Of ten words one may differ in a letter, if it is long, has no digit and begins the same: that is a slip.
  /// No word may be missing, added or another: each changes what is said.
  func range(of wanted: SourceWords, from first: Int = 0) -> Range<Int>? {
    let count = wanted.words.count
    guard count > 0, words.count - first >= count else { return nil }
    return (first...(words.count - count)).first { matches(wanted, at: $0) }.map { $0..<($0 + count) }
  }

  private func matches(_ wanted: SourceWords, at start: Int) -> Bool {
    var slipsLeft = max(1, wanted.words.count / 10)
    for (offset, word) in wanted.words.enumerated() {
      let found = words[start + offset].text
      if found == word.text { continue }
      guard slipsLeft > 0, Self.isSlip(found, word.text) else { return false }
      slipsLeft -= 1
    }
    return true
  }

  /// Letters from which on one may be wrong.
  private static let longWord = 5

  static func isSlip(_ one: String, _ other: String) -> Bool {
    guard abs(one.utf8.count - other.utf8.count) <= 2, one.first == other.first else { return false }
    let (one, other) = (Array(one), Array(other))
    guard min(one.count, other.count) >= longWord, abs(one.count - other.count) <= 1,
      !one.contains(where: \.isNumber), !other.contains(where: \.isNumber)
    else { return false }
    let head = zip(one, other).prefix { $0 == $1 }.count
    let tail = zip(one.reversed(), other.reversed()).prefix { $0 == $1 }.count
    return max(one.count, other.count) - head - tail <= 1
  }
}
