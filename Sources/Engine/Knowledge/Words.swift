import Foundation

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

  /// How much of these words the other text has too, from 0 to 1, each counted by its weight.
  func share(in other: Words, weights: Weights) -> Double {
    let whole = stems.reduce(0) { $0 + weights[$1] }
    return whole > 0 ? stems.intersection(other.stems).reduce(0) { $0 + weights[$1] } / whole : 0
  }

  /// How much of the words of both is in both, from 0 to 1.
  func overlap(with other: Words) -> Double {
    let all = stems.union(other.stems).count
    return all > 0 ? Double(stems.intersection(other.stems).count) / Double(all) : 0
  }

  /// What a word tells in a set of texts: the less, the more of them have it (Spärck Jones, 1972).
  struct Weights {
    private var counts: [String: Int] = [:]
    private let total: Int

    init(_ texts: [Words]) {
      total = texts.count
      for text in texts {
        for stem in text.stems { counts[stem, default: 0] += 1 }
      }
    }

    fileprivate subscript(stem: String) -> Double {
      log(1 + Double(total + 1) / Double(1 + counts[stem, default: 0]))
    }
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
