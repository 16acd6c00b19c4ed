/// The stem of an English word (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980), so
/// that `connect`, `connected` and `connections` meet.
///
/// Works on lower-case ASCII letters; a word with anything else in it, or of two letters, stays as it is.
enum EnglishStem {
  static func of(_ word: [UInt8]) -> [UInt8] {
    guard word.count > 2, word.allSatisfy(\.isLowercaseLetter) else { return word }
    var stem = Stem(letters: word)
    stem.stripPlural()
    stem.stripPast()
    stem.turnFinalY()
    stem.replace(doubleEndings, above: 0)
    stem.replace(adjectiveEndings, above: 0)
    stem.strip(endings, above: 1)
    stem.tidyEnd()
    return stem.letters
  }

  fileprivate typealias Rule = (ending: [UInt8], replacement: [UInt8])

  private static func rules(_ pairs: KeyValuePairs<String, String>) -> [Rule] {
    pairs.map { (Array($0.key.utf8), Array($0.value.utf8)) }
  }

  /// Step 2 of the paper, with the two departures its author made later (`bli`, `logi`).
  private static let doubleEndings = rules([
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble", "logi": "log",
  ])
  /// Step 3.
  private static let adjectiveEndings = rules([
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
  ])
  /// Step 4. `ion` goes after `s` and `t` only.
  private static let endings = rules([
    "ement": "", "ment": "", "ent": "", "ance": "", "ence": "", "able": "", "ible": "", "ant": "", "ism": "",
    "ate": "", "iti": "", "ous": "", "ive": "", "ize": "", "ion": "", "al": "", "er": "", "ic": "", "ou": "",
  ])
}

private struct Stem {
  var letters: [UInt8]

  // MARK: Steps

  mutating func stripPlural() {
    if ends(with: "sses") || ends(with: "ies") {
      letters.removeLast(2)
    } else if ends(with: "s"), !ends(with: "ss") {
      letters.removeLast()
    }
  }

  mutating func stripPast() {
    if ends(with: "eed") {
      if measure(letters.count - 3) > 0 { letters.removeLast() }
      return
    }
    for ending in ["ed", "ing"] where ends(with: ending) {
      guard hasVowel(letters.count - ending.utf8.count) else { return }
      letters.removeLast(ending.utf8.count)
      return mendPast()
    }
  }

  /// `hop(ped)` to hop, `fil(ing)` to file, `siz(ed)` to size.
  private mutating func mendPast() {
    if ends(with: "at") || ends(with: "bl") || ends(with: "iz") {
      letters.append(UInt8(ascii: "e"))
    } else if endsInDouble, let last = letters.last, !"lsz".utf8.contains(last) {
      letters.removeLast()
    } else if measure(letters.count) == 1, endsShort(letters.count) {
      letters.append(UInt8(ascii: "e"))
    }
  }

  mutating func turnFinalY() {
    if ends(with: "y"), hasVowel(letters.count - 1) { letters[letters.count - 1] = UInt8(ascii: "i") }
  }

  /// The longest ending that is there decides, also when the stem before it is too short to change.
  mutating func replace(_ rules: [EnglishStem.Rule], above least: Int) {
    guard let rule = longest(of: rules) else { return }
    let stem = letters.count - rule.ending.count
    if measure(stem) > least { letters.replaceSubrange(stem..., with: rule.replacement) }
  }

  mutating func strip(_ rules: [EnglishStem.Rule], above least: Int) {
    guard let rule = longest(of: rules) else { return }
    let stem = letters.count - rule.ending.count
    if rule.ending == Array("ion".utf8), stem == 0 || !"st".utf8.contains(letters[stem - 1]) { return }
    if measure(stem) > least { letters.removeLast(rule.ending.count) }
  }

  mutating func tidyEnd() {
    if ends(with: "e") {
      let stem = letters.count - 1
      if measure(stem) > 1 || (measure(stem) == 1 && !endsShort(stem)) { letters.removeLast() }
    }
    if ends(with: "ll"), measure(letters.count) > 1 { letters.removeLast() }
  }

  // MARK: Conditions

  private func ends(with ending: String) -> Bool {
    letters.reversed().starts(with: ending.utf8.reversed())
  }

  private func longest(of rules: [EnglishStem.Rule]) -> EnglishStem.Rule? {
    rules.filter {
      letters.count >= $0.ending.count && letters.suffix($0.ending.count).elementsEqual($0.ending)
    }
    .max { $0.ending.count < $1.ending.count }
  }

  private func isConsonant(_ place: Int) -> Bool {
    switch letters[place] {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
    case UInt8(ascii: "y"): place == 0 || !isConsonant(place - 1)
    default: true
    }
  }

  private func hasVowel(_ end: Int) -> Bool {
    (0..<end).contains { !isConsonant($0) }
  }

  /// m of the paper: how often a vowel is followed by a consonant in the first `end` letters.
  private func measure(_ end: Int) -> Int {
    var count = 0
    for place in 0..<end where place > 0 && isConsonant(place) && !isConsonant(place - 1) { count += 1 }
    return count
  }

  private var endsInDouble: Bool {
    let count = letters.count
    return count > 1 && letters[count - 1] == letters[count - 2] && isConsonant(count - 1)
  }

  /// Consonant, vowel, consonant, the last not w, x or y: `hop`, not `snow`.
  private func endsShort(_ end: Int) -> Bool {
    guard end > 2, isConsonant(end - 1), !isConsonant(end - 2), isConsonant(end - 3) else { return false }
    return !"wxy".utf8.contains(letters[end - 1])
  }
}

extension UInt8 {
  var isLowercaseLetter: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
}
