/// Words so common that they tell no passage from another, and whose lists are the longest to rank.
enum StopWords {
  /// Those of the language that the words seem to be in. English ones are left out of any text; a German one
  /// only where others show that the text is German, for `war` and `die` say much in English.
  static func of(_ words: [ScannedWord]) -> Set<String> {
    words.contains { onlyGerman.contains($0.text) } ? english.union(german) : english
  }

  private static let english: Set<String> = [
    "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can",
    "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i",
    "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not", "of", "on", "or", "our", "please",
    "s", "she", "should", "so", "some", "t", "tell", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "us", "was", "we", "were", "what", "when", "where", "which",
    "who",
    "whom", "why", "will", "with", "would", "you", "your",
  ]

  private static let german = onlyGerman.union([
    "also", "am", "an", "bin", "bis", "da", "das", "denn", "des", "die", "du", "er", "es", "hat", "hier",
    "in", "man", "mit", "oder", "so", "um", "von", "war", "was", "wer", "wo", "zu",
  ])

  /// In German, and in no other language that is likely here. Without umlauts, as words are compared.
  private static let onlyGerman: Set<String> = [
    "aber", "als", "auch", "auf", "aus", "bei", "bist", "dann", "dass", "dem", "den", "der", "diese",
    "diesem", "diesen", "dieser", "dieses", "doch", "durch", "ein", "eine", "einem", "einen", "einer",
    "eines", "etwas", "fur", "gegen", "gibt", "haben", "hatte", "ich", "ihr", "ihre", "im", "ist", "jede",
    "jeder", "kann", "kein", "keine", "konnen", "mein", "meine", "mich", "mir", "muss", "nach", "nicht",
    "noch", "nur", "ob", "ohne", "sehr", "sein", "seine", "sich", "sie", "sind", "uber", "und", "uns",
    "unter", "vom", "vor", "waren", "warum", "weil", "welche", "welchen", "welcher", "welches", "wenn",
    "werden", "wie", "wir", "wird", "wurde", "zum", "zur", "zwischen",
  ]
}
