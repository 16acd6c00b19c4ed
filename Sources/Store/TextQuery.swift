import Conversation

/// What a person typed, as an expression of FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax).
///
/// Every word stands in quotes, so nothing a person types is an operator.
struct TextQuery {
  /// Words of a query that count: FTS5 nests no deeper than 256, and each costs a pass over its list.
  static let wordsMaximum = 32
  /// Characters of a query that are looked at.
  static let charactersMaximum = 16_384
  /// Characters of one word that count.
  static let wordCharactersMaximum = 128

  let match: String

  /// Nil when nothing can match: no words, or nowhere to look.
  init?(_ query: String, in namespaces: [Namespace]) {
    let words = Self.words(of: query)
    guard !words.isEmpty, !namespaces.isEmpty else { return nil }
    let places = namespaces.map { Self.quoted($0.word) }.joined(separator: " OR ")
    let wanted = words.map(Self.quoted).joined(separator: " OR ")
    match = "(namespace : (\(places))) AND ({headings text} : (\(wanted)))"
  }

  /// The distinct words, in lower case; without those that say nothing, unless there are no others.
  static func words(of query: String) -> [String] {
    var seen: Set<String> = []
    var words: [String] = []
    for part in query.prefix(charactersMaximum).split(whereSeparator: { !($0.isLetter || $0.isNumber) }) {
      let word = part.lowercased()
      guard word.count <= wordCharactersMaximum, seen.insert(word).inserted else { continue }
      words.append(word)
    }
    let telling = words.filter { !StopWords.english.contains($0) }
    return Array((telling.isEmpty ? words : telling).prefix(wordsMaximum))
  }

  private static func quoted(_ word: String) -> String {
    "\"\(word)\""
  }
}
