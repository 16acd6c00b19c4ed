import Foundation

/// A word of a text as the full-text index sees it.
struct ScannedWord: Equatable {
  enum Script: Equatable {
    /// Set off by spaces or marks, as in English, German or Russian.
    case spaced
    /// A run of characters that are written without spaces, as in Chinese, Japanese or Thai.
    case unspaced
  }

  /// In lower case and without accents, so that `Ä`, `ä` and `a` are one.
  var text: String
  var script: Script
  /// UTF-8 bytes from the start of the text.
  var range: Range<Int>
  /// Whether a single mark like `-` or `/` ties it to the word before it, as the parts of `AB-1234/5` are.
  var isTied = false
  /// `c++` or `c#`, for the word before the signs.
  var withSigns: String?
}

/// Finds the words of a text.
///
/// What it finds is in indexes on disk: a change here needs a migration that builds them anew.
struct WordScanner {
  /// Scalars of one word that count; what is longer is no word but data.
  static let longestWord = 64
  private static let ties: Set<Unicode.Scalar> = ["-", "_", "/", ".", ":", "+", "#", "&", "@"]

  private var words: [ScannedWord] = []
  private var current = String.UnicodeScalarView()
  private var script = ScannedWord.Script.spaced
  private var start = 0
  private var offset = 0
  /// Since the end of the last word.
  private var marks: [Unicode.Scalar] = []

  static func words(of text: String) -> [ScannedWord] {
    var scanner = WordScanner()
    for scalar in text.unicodeScalars { scanner.read(scalar) }
    scanner.end()
    scanner.endMarks()
    return scanner.words
  }

  private mutating func read(_ scalar: Unicode.Scalar) {
    if let kind = scalar.script(after: current.isEmpty ? nil : script) {
      if !current.isEmpty, kind != script { end() }
      if current.isEmpty {
        endMarks()
        (start, script) = (offset, kind)
      }
      current.append(scalar)
    } else {
      end()
      if marks.count < 3 { marks.append(scalar) }
    }
    offset += UTF8.width(scalar)
  }

  private mutating func end() {
    guard !current.isEmpty else { return }
    let text =
      script == .unspaced ? String(current) : String(current.prefix(Self.longestWord)).foldedForSearch
    if !text.isEmpty {
      let isTied = marks.count == 1 && Self.ties.contains(marks[0]) && words.last?.script == .spaced
      words.append(
        ScannedWord(text: text, script: script, range: start..<offset, isTied: isTied && script == .spaced))
    }
    current.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
  }

  /// `++` and `#` belong to a short word before them, as in the names of languages and notes.
  private mutating func endMarks() {
    guard let last = words.last, last.text.utf8.count <= 2, last.text.utf8.first?.isLowercaseLetter == true,
      let signs = marks.signs
    else { return }
    words[words.count - 1].withSigns = last.text + signs
  }
}

extension [Unicode.Scalar] {
  fileprivate var signs: String? {
    if starts(with: ["+", "+"]) { return "++" }
    return first == "#" ? "#" : nil
  }
}

extension Unicode.Scalar {
  /// How a word is written that this scalar is in; nil when it is in none.
  fileprivate func script(after script: ScannedWord.Script?) -> ScannedWord.Script? {
    if isASCII {
      let isWord = (0x30...0x39).contains(value) || (0x41...0x5A).contains(value & ~0x20)
      return isWord ? .spaced : nil
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      return Self.isUnspaced(value) ? .unspaced : .spaced
    case .nonspacingMark, .spacingMark, .enclosingMark: return script
    default: return nil
    }
  }

  /// Thai, Lao, Burmese and Khmer; kana, Chinese characters and Korean syllables.
  private static func isUnspaced(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
      true
    default: false
    }
  }

  /// Marks above and below letters of alphabets, and the vowel points of Hebrew and Arabic, which writers
  /// leave out as they please; not those that are letters of their own, as in Indian scripts.
  fileprivate var isAccent: Bool {
    switch value {
    case 0x0300...0x036F, 0x0483...0x0487, 0x0591...0x05C7, 0x064B...0x0655, 0x0670, 0x1AB0...0x1AFF,
      0x1DC0...0x1DFF:
      true
    default: false
    }
  }
}

extension String {
  /// In lower case, without accents, ligatures and other ways of writing the same letters.
  var foldedForSearch: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    var folded = UnicodeScalarView()
    for scalar in lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars where !scalar.isAccent
    {
      switch scalar {
      case "ß": folded.append(contentsOf: "ss".unicodeScalars)
      case "ς": folded.append("σ")
      case "ø": folded.append("o")
      case "æ": folded.append(contentsOf: "ae".unicodeScalars)
      case "œ": folded.append(contentsOf: "oe".unicodeScalars)
      case "ł": folded.append("l")
      case "đ": folded.append("d")
      case "ı": folded.append("i")
      default: folded.append(scalar)
      }
    }
    return String(folded)
  }
}
