/// Words so common that they tell no passage from another, and whose lists are the longest to rank.
enum StopWords {
  static let english: Set<String> = [
    "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can",
    "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i",
    "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not", "of", "on", "or", "our", "please",
    "s", "she", "should", "so", "some", "t", "tell", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "us", "was", "we", "were", "what", "when", "where", "which",
    "who",
    "whom", "why", "will", "with", "would", "you", "your",
  ]
}
