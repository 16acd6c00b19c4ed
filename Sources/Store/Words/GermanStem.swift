/// The stem of a German word (the German stemmer of Snowball, M. F. Porter,
/// https://snowballstem.org/algorithms/german/stemmer.html), so that `Haus`, `Hauses` and `Häuser` meet.
///
/// Works on lower-case ASCII letters, so after the umlauts have lost their dots, which the original takes from
/// the stem at its end; a word with anything else in it stays as it is.
enum GermanStem {
  static func of(_ word: [UInt8]) -> [UInt8] {
    guard word.count > 2, word.allSatisfy(\.isLowercaseLetter) else { return word }
    var stem = Stem(word)
    stem.stripInflection()
    stem.stripComparison()
    stem.stripDerivation()
    return stem.letters
  }
}

private struct Stem {
  private(set) var letters: [UInt8]
  /// Where R1 and R2 begin: after the first consonant that follows a vowel, and the same once more. R1 leaves
  /// at least three letters.
  private let first: Int
  private let second: Int

  init(_ word: [UInt8]) {
    letters = word
    let start = Self.region(of: word, from: 0)
    first = max(start, 3)
    second = Self.region(of: word, from: start)
  }

  private static func region(of word: [UInt8], from start: Int) -> Int {
    var place = start
    while place < word.count, !isVowel(word, place) { place += 1 }
    while place < word.count, isVowel(word, place) { place += 1 }
    return min(place + 1, word.count)
  }

  /// u and y between vowels count as consonants.
  private static func isVowel(_ word: [UInt8], _ place: Int) -> Bool {
    guard isVowelLetter(word[place]) else { return false }
    guard "uy".utf8.contains(word[place]), place > 0, place + 1 < word.count else { return true }
    return !(isVowelLetter(word[place - 1]) && isVowelLetter(word[place + 1]))
  }

  private static func isVowelLetter(_ letter: UInt8) -> Bool { "aeiouy".utf8.contains(letter) }

  // MARK: Steps

  mutating func stripInflection() {
    switch longest(of: ["em", "ern", "er", "e", "en", "es", "s"]) {
    case "s"?:
      if isInFirst("s"), let before = letters.dropLast().last, "bdfghklmnrt".utf8.contains(before) {
        letters.removeLast()
      }
    case let ending?:
      guard isInFirst(ending) else { return }
      letters.removeLast(ending.utf8.count)
      // Ergebnis(se)
      if "e es en".split(separator: " ").contains(where: { $0 == ending }), ends(with: "niss") {
        letters.removeLast()
      }
    case nil: break
    }
  }

  mutating func stripComparison() {
    switch longest(of: ["en", "er", "est", "st"]) {
    case "st"?:
      let stem = letters.count - 2
      if isInFirst("st"), stem > 3, "bdfghklmnt".utf8.contains(letters[stem - 1]) { letters.removeLast(2) }
    case let ending?: if isInFirst(ending) { letters.removeLast(ending.utf8.count) }
    case nil: break
    }
  }

  mutating func stripDerivation() {
    guard let ending = longest(of: ["end", "ung", "ig", "ik", "isch", "lich", "heit", "keit"]),
      isInSecond(ending)
    else { return }
    switch ending {
    case "end", "ung":
      letters.removeLast(3)
      if ends(with: "ig"), isInSecond("ig"), !ends(with: "eig") { letters.removeLast(2) }
    case "ig", "ik", "isch":
      if letters.dropLast(ending.utf8.count).last != UInt8(ascii: "e") {
        letters.removeLast(ending.utf8.count)
      }
    case "lich", "heit":
      letters.removeLast(4)
      for inner in ["er", "en"] where ends(with: inner) && isInFirst(inner) { return letters.removeLast(2) }
    default:
      letters.removeLast(4)
      if ends(with: "lich"), isInSecond("lich") {
        letters.removeLast(4)
      } else if ends(with: "ig"), isInSecond("ig") {
        letters.removeLast(2)
      }
    }
  }

  // MARK: Conditions

  private func ends(with ending: String) -> Bool {
    letters.reversed().starts(with: ending.utf8.reversed())
  }

  private func longest(of endings: [String]) -> String? {
    endings.filter(ends).max { $0.utf8.count < $1.utf8.count }
  }

  private func isInFirst(_ ending: String) -> Bool { letters.count - ending.utf8.count >= first }

  private func isInSecond(_ ending: String) -> Bool { letters.count - ending.utf8.count >= second }
}
