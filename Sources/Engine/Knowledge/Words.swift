/// The words of a text that carry meaning, for comparing texts by what they speak of.
struct Words {
  private let stems: Set<String>

  init(_ text: String) {
    var stems: Set<String> = []
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      guard !Self.emptyWords.contains(String(word)) else { continue }
      stems.insert(Self.stem(of: String(word)))
    }
    self.stems = stems
  }

  var count: Int { stems.count }

  /// How many of these words the other text has too, from 0 to 1.
  func share(in other: Words) -> Double {
    stems.isEmpty ? 0 : Double(stems.intersection(other.stems).count) / Double(stems.count)
  }

  /// Enough to let `hunts`, `hunting` and `hunted` meet; no more is claimed.
  private static func stem(of word: String) -> String {
    for ending in ["ing", "ed", "es", "en", "s", "e"]
    where word.count > ending.count + 3 && word.hasSuffix(ending) {
      return String(word.dropLast(ending.count))
    }
    return word
  }

  /// English and German words that say nothing about a topic.
  private static let emptyWords: Set<String> = [
    "a", "about", "an", "and", "are", "as", "at", "be", "by", "can", "did", "do", "does", "for", "from",
    "had",
    "has", "have", "how", "i", "in", "is", "it", "its", "me", "my", "of", "on", "or", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "to", "was", "we", "were", "what", "when", "where",
    "which",
    "who", "why", "will", "with", "you", "your", "tell", "please",
    "aber", "als", "am", "auf", "aus", "bei", "das", "dass", "dem", "den", "der", "des", "die", "du", "ein",
    "eine", "einem", "einen", "einer", "er", "es", "für", "hat", "ich", "im", "ist", "mit", "nicht", "sich",
    "sie", "sind", "und", "von", "war", "warum", "was", "welche", "wer", "wie", "wir", "wo", "zu", "zum",
    "zur",
  ]
}
