import Foundation
import GRDB

/// Terms of the full-text index for English, German, Chinese and what is written like them, as a tokenizer of
/// FTS5 (https://sqlite.org/fts5.html#custom_tokenizers).
///
/// - A spaced word is its English stem and, where that differs, its German stem in the same place. Which
///   language a few words are in cannot be told, and what both stemmers make of a word is found in any case.
/// - Unspaced writing is its overlapping pairs, and the last character by itself, so that every character
///   begins a term (Nie, Gao, Zhou, "On the use of words and n-grams for Chinese information retrieval", 2000).
/// - Parts tied together of which one has a digit, like `AB-1234/5`, are terms one by one and `ab12345` too.
/// - `C++` is `c` and `c++` in a text, `c++` alone in a query.
///
/// Its name is in the schema: what it makes of a text must never change. Another version gets another name.
final class WordTokenizer: FTS5CustomTokenizer {
  static let name = "words"
  /// Words whose stems are remembered: stemming costs more than finding them again, and most come again soon.
  private static let remembered = 20_000

  private var stems: [String: [String]] = [:]

  init(db: Database, arguments: [String]) {}

  func tokenize(
    context: UnsafeMutableRawPointer?, tokenization: FTS5Tokenization, pText: UnsafePointer<CChar>?,
    nText: CInt, tokenCallback: @escaping FTS5TokenCallback
  ) -> CInt {
    guard let pText, nText > 0 else { return Self.ok }
    let bytes = UnsafeRawBufferPointer(start: pText, count: Int(nText))
    let words = WordScanner.words(of: String(decoding: bytes, as: UTF8.self))
    for place in words.indices {
      for term in terms(at: place, in: words, isQuery: tokenization.contains(.query)) {
        for (number, form) in term.forms.enumerated() {
          let flags = number == 0 ? 0 : Self.colocated
          let code = Self.emit(form, flags, term.range, context, tokenCallback)
          if code != Self.ok { return code }
        }
      }
    }
    return Self.ok
  }

  private static let ok: CInt = 0
  /// FTS5_TOKEN_COLOCATED.
  private static let colocated: CInt = 1

  private static func emit(
    _ text: String, _ flags: CInt, _ range: Range<Int>, _ context: UnsafeMutableRawPointer?,
    _ callback: FTS5TokenCallback
  ) -> CInt {
    var text = text
    return text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { letters in
        callback(
          context, flags, letters.baseAddress, CInt(letters.count), CInt(range.lowerBound),
          CInt(range.upperBound))
      }
    }
  }
}

// MARK: Terms

extension WordTokenizer {
  /// One place of a text with the terms that stand in it.
  private struct Term {
    var forms: [String]
    var range: Range<Int>
  }

  private func terms(at place: Int, in words: [ScannedWord], isQuery: Bool) -> [Term] {
    let word = words[place]
    guard word.script == .spaced else { return Self.pairs(of: word, isQuery: isQuery) }
    if isQuery, let signs = word.withSigns { return [Term(forms: [signs], range: word.range)] }
    var forms = stems(of: word.text)
    if !isQuery {
      if let signs = word.withSigns { forms.append(signs) }
      if let joined = words.joined(at: place) { forms.append(joined) }
    }
    return [Term(forms: forms, range: word.range)]
  }

  private func stems(of word: String) -> [String] {
    if let known = stems[word] { return known }
    let letters = Array(word.utf8)
    let english = String(decoding: EnglishStem.of(letters), as: UTF8.self)
    let german = String(decoding: GermanStem.of(letters), as: UTF8.self)
    let found = english == german ? [english] : [english, german]
    if stems.count >= Self.remembered { stems.removeAll(keepingCapacity: true) }
    stems[word] = found
    return found
  }

  private static func pairs(of word: ScannedWord, isQuery: Bool) -> [Term] {
    let characters = Array(word.text.unicodeScalars)
    var terms: [Term] = []
    var start = word.range.lowerBound
    for (place, character) in characters.enumerated() {
      let isLast = place == characters.count - 1
      let end = start + UTF8.width(character)
      if !isLast {
        let next = characters[place + 1]
        terms.append(Term(forms: ["\(character)\(next)"], range: start..<(end + UTF8.width(next))))
      } else if !isQuery || characters.count == 1 {
        terms.append(Term(forms: [String(character)], range: start..<end))
      }
      start = end
    }
    return terms
  }
}

extension [ScannedWord] {
  /// Parts of a number of a part, a version or a file, at most.
  private static var longestTied: Int { 8 }

  /// The words tied to the one at `place`, which is the first of them; empty when it is not, or is alone.
  func tied(at place: Int) -> ArraySlice<ScannedWord> {
    guard !self[place].isTied else { return [] }
    let rest = self[(place + 1)...].prefix { $0.isTied }
    return rest.isEmpty || rest.count >= Self.longestTied ? [] : self[place...(place + rest.count)]
  }

  /// The words tied together at `place` written as one, if one of them has a digit.
  func joined(at place: Int) -> String? {
    let tied = tied(at: place)
    let hasDigit = tied.contains { $0.text.utf8.contains { (0x30...0x39).contains($0) } }
    return hasDigit ? tied.map(\.text).joined() : nil
  }
}

extension UTF8 {
  /// Bytes of a scalar.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
  }
}
