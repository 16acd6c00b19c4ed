import Foundation

/// The search query of a conversation's last question, by rule: where no model writes it, or where what one wrote
/// is none.
enum FollowUp {
  /// Questions before the last that may be leant on.
  private static let depth = 3
  /// Words that carry meaning, from which on a question is taken to stand by itself.
  private static let wordsOfWholeQuestion = 4
  /// Characters of a query that a model writes: more is an answer.
  private static let queryCharacters = 400

  /// The last question and, as long as one leans on what was said before, the one before it.
  /// - Parameter questions: those of the person, the oldest first.
  static func query(_ questions: [String]) -> String {
    guard var first = questions.indices.last else { return "" }
    while first > 0, questions.count - first <= depth, leans(questions[first]) { first -= 1 }
    return questions[first...].joined(separator: " ")
  }

  /// Whether a question takes its subject from the one before: it is short, goes on where that ended, or has a
  /// pronoun in the subject's place.
  static func leans(_ question: String) -> Bool {
    let words = question.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    if let first = words.first, connectives.contains(first) { return true }
    if words.contains(where: pronouns.contains) { return true }
    if question.contains(where: chinesePronouns.contains) { return true }
    let hasUnspaced = question.unicodeScalars.contains { (0x3040...0x9FFF).contains($0.value) }
    if hasUnspaced { return question.count < 2 * wordsOfWholeQuestion }
    return Words(question).count < wordsOfWholeQuestion
  }

  private static let pronouns: Set<String> = [
    "it", "its", "it's", "they", "them", "their", "he", "him", "his", "she", "her", "one", "ones",
    "er", "ihn", "ihm", "deren", "dessen", "davon", "dazu", "damit", "darin", "dafür", "dabei", "darüber",
    "dort",
  ]
  private static let connectives: Set<String> = ["and", "or", "but", "und", "oder", "aber"]
  private static let chinesePronouns: Set<Character> = ["它", "他", "她", "这", "那", "其"]

  // MARK: What models write and read

  /// The questions in a transcript of lines that begin with `Human: ` and `AI: `.
  static func questions(in transcript: String) -> [String] {
    var questions: [String] = []
    var isQuestion = false
    for line in transcript.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("Human: ") {
        questions.append(String(line.dropFirst("Human: ".count)))
        isQuestion = true
      } else if line.hasPrefix("AI: ") {
        isQuestion = false
      } else if isQuestion {
        questions[questions.count - 1] += "\n" + line
      }
    }
    return questions
  }

  /// The query in a model's reply: its first line, without quotes and label; nil when it wrote none.
  static func query(writtenAs reply: String) -> String? {
    let line = reply.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.first {
      !$0.isEmpty
    }
    guard var query = line, query.count <= queryCharacters else { return nil }
    for label in ["search query:", "query:"] where query.lowercased().hasPrefix(label) {
      query = String(query.dropFirst(label.count))
    }
    query = query.trimmingCharacters(in: CharacterSet(charactersIn: " \"'`*“”„»«"))
    return query.contains { $0.isLetter || $0.isNumber } ? query : nil
  }
}
