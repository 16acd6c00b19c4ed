/// What is said when files hold no answer and there is no language model to find words of its own.
enum NothingToQuote {
  static func text(answering question: String, hadPassages: Bool) -> String {
    switch Language(of: question) {
    case .english:
      """
      \(hadPassages ? "The files hold no sentence that answers this."
        : "Nothing in the files of this assistant fits the question.") No language model is set up on this server, so \
      I can only quote from files: add some that hold the answer, or ask with the words they use. To have questions \
      answered freely, set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, and start the server again.
      """
    case .german:
      """
      \(hadPassages ? "Die Dateien enthalten keinen Satz, der das beantwortet."
        : "In den Dateien dieses Assistenten passt nichts zur Frage.") Auf diesem Server ist kein Sprachmodell \
      eingerichtet, also kann ich nur aus Dateien zitieren: Füge welche hinzu, in denen die Antwort steht, oder frage \
      mit ihren Worten. Für freie Antworten setze OPENAI_API_KEY, oder OPENAI_BASE_URL für einen eigenen Server, und \
      starte den Server neu.
      """
    case .chinese:
      """
      \(hadPassages ? "文件中没有能回答此问题的句子。" : "此助手的文件中没有与问题相符的内容。")此服务器未设置语言模型，因此我\
      只能引用文件：请添加包含答案的文件，或使用文件中的词语提问。若要自由回答，请设置 OPENAI_API_KEY，或为自己的服务器设置 \
      OPENAI_BASE_URL，然后重新启动服务器。
      """
    }
  }

  /// The languages it is said in; a text in none of them is answered in English.
  private enum Language {
    case english, german, chinese

    init(of text: String) {
      if text.unicodeScalars.contains(where: \.properties.isIdeographic) {
        self = .chinese
        return
      }
      let words = text.lowercased().split { !$0.isLetter }
      let german =
        words.count { Self.germanWords.contains($0) } + (text.contains { "äöüß".contains($0) } ? 1 : 0)
      let english = words.count { Self.englishWords.contains($0) }
      self = german > english ? .german : .english
    }

    private static let germanWords: Set<Substring> = [
      "der", "die", "das", "und", "ist", "wie", "wer", "wo", "warum", "wann", "welche", "welcher", "welches",
      "ein",
      "eine", "ich", "nicht", "mit", "für", "von", "den", "dem", "des", "sind", "hat", "wird", "werden",
      "kann",
    ]
    private static let englishWords: Set<Substring> = [
      "the", "and", "is", "how", "who", "where", "why", "when", "which", "what", "a", "an", "i", "not",
      "with", "for",
      "of", "are", "has", "does", "do", "can", "to", "in",
    ]
  }
}
