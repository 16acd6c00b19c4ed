package import Conversation
package import Store

/// What is looked for, and where.
package struct Search: Sendable {
  /// Which rankings count.
  package enum Ranking: String, Sendable, CaseIterable {
    /// By words and by meaning, fused.
    case both
    case text
    case vectors
  }

  package var query: String
  /// Whose files are searched. The caller has made sure that the user may.
  package var namespaces: [Namespace]
  package var filter: ChunkFilter
  package var ranking: Ranking
  /// Passages wanted, and how many better ones to leave out.
  package var count: Int
  package var offset: Int

  package init(
    _ query: String, in namespaces: [Namespace], filter: ChunkFilter = ChunkFilter(),
    ranking: Ranking = .both, count: Int = Limits.passages, offset: Int = 0
  ) {
    self.query = query
    self.namespaces = namespaces
    self.filter = filter
    self.ranking = ranking
    self.count = count
    self.offset = offset
  }
}

/// What a search came to, and why.
package struct SearchOutcome: Sendable {
  /// The page of passages asked for, best first.
  package var passages: [Passage] = []
  /// Whether there are more after this page.
  package var hasMore = false
  /// Every chunk that was considered, best first, and what became of it.
  package var candidates: [Candidate] = []
  /// Whether texts were compared by their meaning; without an embedding model only words count.
  package var comparedMeaning = false

  /// A chunk that was considered. Its JSON is the passage's, with `fate` and `of` beside.
  package struct Candidate: Sendable, Equatable {
    /// The chunk by itself, with its place and score in each ranking.
    package var passage: Passage
    package var fate: Fate
    /// The chunk of the passage that it became part of, or repeats.
    package var of: Identifier<Chunk>?

    package enum Fate: String, Codable, Sendable, CaseIterable {
      /// It is a passage of this page, or the best chunk of one.
      case shown
      /// It stands next to a better chunk and was joined to its passage.
      case joined
      /// It says what a better one says, word for word or nearly.
      case duplicate
      /// Better ones fill this page, or it was on a page before.
      case otherPage = "other_page"
    }
  }
}

extension SearchOutcome.Candidate: Codable {
  private enum CodingKeys: String, CodingKey {
    case fate, of
  }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    passage = try Passage(from: decoder)
    fate = try members.decode(Fate.self, forKey: .fate)
    of = try members.decodeIfPresent(Identifier<Chunk>.self, forKey: .of)
  }

  package func encode(to encoder: any Encoder) throws {
    try passage.encode(to: encoder)
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(fate, forKey: .fate)
    try members.encodeIfPresent(of, forKey: .of)
  }
}
