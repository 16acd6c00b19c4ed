import Conversation

/// What a person typed, as expressions of FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax).
///
/// Everything stands in quotes, so nothing a person types is an operator.
struct TextQuery {
  /// Words of a query that count: FTS5 nests no deeper than 256, and each costs a pass over its list.
  static let wordsMaximum = 32
  /// Characters of a query that are looked at.
  static let charactersMaximum = 16_384

  /// Finds what has any of the words.
  let match: String
  /// Finds what has two of them side by side, as they are in the query; nil when there are no such two.
  let pairsMatch: String?

  /// Nil when nothing can match: no words, or nowhere to look.
  init?(_ query: String, in namespaces: [Namespace]) {
    let words = WordScanner.words(of: String(query.prefix(Self.charactersMaximum)))
    let terms = Self.terms(of: words)
    guard !terms.isEmpty, !namespaces.isEmpty else { return nil }
    let places = namespaces.map { Self.quoted($0.word) }.joined(separator: " OR ")
    func match(_ terms: [String]) -> String {
      "(namespace : (\(places))) AND ({headings text} : (\(terms.joined(separator: " OR "))))"
    }
    self.match = match(terms)
    let pairs = Self.pairs(of: words)
    pairsMatch = pairs.isEmpty ? nil : match(pairs)
  }

  /// The distinct words of a query, in lower case and without accents; without those that say nothing, unless
  /// there are no others.
  static func words(of query: String) -> [String] {
    let words = WordScanner.words(of: String(query.prefix(charactersMaximum)))
    let empty = StopWords.of(words)
    var telling = Distinct(), all = Distinct()
    for word in words {
      all.add(word.text)
      if !empty.contains(word.text) { telling.add(word.text) }
    }
    return Array((telling.values.isEmpty ? all : telling).values.prefix(wordsMaximum))
  }

  /// The distinct terms; without words that say nothing, unless there are no others.
  private static func terms(of words: [ScannedWord]) -> [String] {
    let empty = StopWords.of(words)
    var telling = Distinct(), all = Distinct()
    for place in words.indices {
      let word = words[place]
      for term in tiedTerms(at: place, in: words) + terms(of: word) {
        all.add(term)
        if word.withSigns != nil || !empty.contains(word.text) { telling.add(term) }
      }
    }
    return Array((telling.values.isEmpty ? all : telling).values.prefix(wordsMaximum))
  }

  private static func terms(of word: ScannedWord) -> [String] {
    guard word.script == .unspaced else { return [quoted(word.withSigns ?? word.text)] }
    let characters = Array(word.text.unicodeScalars)
    if characters.count == 1 { return [quoted(word.text) + "*"] }
    return zip(characters, characters.dropFirst()).map { quoted("\($0)\($1)") }
  }

  /// The number of a part is looked for as a whole too, so that those that share a piece of it come after it.
  private static func tiedTerms(at place: Int, in words: [ScannedWord]) -> [String] {
    guard let joined = words.joined(at: place) else { return [] }
    return [quoted(joined), quoted(words.tied(at: place).map(\.text).joined(separator: " "))]
  }

  /// Only of spaced words: pairs of characters say what pairs of pairs would.
  private static func pairs(of words: [ScannedWord]) -> [String] {
    let empty = StopWords.of(words)
    let telling = words.filter { !empty.contains($0.text) }
    var pairs = Distinct()
    for (one, next) in zip(telling, telling.dropFirst())
    where one.script == .spaced && next.script == .spaced && one.text != next.text {
      pairs.add(quoted("\(one.text) \(next.text)"))
    }
    return Array(pairs.values.prefix(wordsMaximum))
  }

  private static func quoted(_ words: String) -> String {
    "\"\(words)\""
  }
}

/// Texts in the order they came, each once.
private struct Distinct {
  private(set) var values: [String] = []
  private var known: Set<String> = []

  mutating func add(_ value: String) {
    if known.insert(value).inserted { values.append(value) }
  }
}
