package import Conversation

/// What a search did, kept with what it found: so a reader sees later why an answer says what it says, also when
/// the files are others by then. Models never read it.
package struct SearchReport: Codable, Sendable, Equatable {
  /// The member of `additional_kwargs` of a tool's message that holds it.
  package static let key = "search"

  /// What was looked for, as it was written in the end.
  package var query: String
  /// Whose files were searched.
  package var namespaces: [Namespace]
  /// Whether texts were compared by their meaning, or by their words alone.
  package var comparedMeaning: Bool
  /// Chunks that were ranked.
  package var considered: Int
  /// The best of these, best first, with what became of them; their texts are excerpts.
  package var candidates: [SearchOutcome.Candidate]
  /// How long it took.
  package var seconds: Double

  init(_ outcome: SearchOutcome, of search: Search, seconds: Double) {
    query = search.query
    namespaces = search.namespaces
    comparedMeaning = outcome.comparedMeaning
    considered = outcome.candidates.count
    candidates = outcome.candidates.enumerated()
      .filter { $0.offset < Limits.candidatesKept || $0.element.fate == .shown }.map(\.element.brief)
    self.seconds = seconds
  }

  package enum CodingKeys: String, CodingKey {
    case query, namespaces, considered, candidates, seconds
    case comparedMeaning = "compared_meaning"
  }
}

extension SearchOutcome.Candidate {
  /// Itself, with the beginning of its text alone.
  fileprivate var brief: Self {
    var brief = self
    brief.passage.text = String(
      String.UnicodeScalarView(passage.text.unicodeScalars.prefix(Limits.excerptScalars)))
    return brief
  }
}
