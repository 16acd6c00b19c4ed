extension VectorIndex {
  /// One thing found: the id it was inserted under and how near it is (higher is nearer).
  public struct Match: Sendable, Equatable {
    public let id: Int64
    public let score: Float

    public init(id: Int64, score: Float) {
      self.id = id
      self.score = score
    }

    /// The order of results: nearer first, and the smaller id first among equals.
    static func precedes(_ a: Match, _ b: Match) -> Bool {
      a.score > b.score || (a.score == b.score && a.id < b.id)
    }
  }
}
