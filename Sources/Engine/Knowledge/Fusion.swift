/// One ranking of two: by words and by meaning.
///
/// A convex combination of the two scores, each as a share of the best one (Bruch, Gai, Ingber, "An Analysis of
/// Fusion Functions for Hybrid Retrieval", ACM TOIS 2023). Reciprocal ranks lost to it on every collection
/// measured: they take the tenth of a ranking for good however far it lies behind the first.
enum Fusion {
  /// What meaning counts; words count the rest.
  static let meaningShare = 0.6
  /// The same for a query in letters that the embedding model hardly knows.
  static let foreignMeaningShare = 0.4

  /// A chunk with its place and score in each ranking.
  struct Hit: Equatable {
    var key: Int64
    /// From 0 to 1; comparable within one search.
    var score = 0.0
    /// From 1; nil when the ranking was not read so far down.
    var textRank: Int?
    var vectorRank: Int?
    /// BM25, and the cosine with the query; nil when it is not known.
    var textScore: Double?
    var similarity: Double?
  }

  /// The chunks that either ranking has, best first; ties go to the older chunk.
  /// - Parameters:
  ///   - text: the chunks that have words of the query, best first. All of them count where they are found by
  ///     their meaning, the first `depth` in any case.
  ///   - vectors: the nearest chunks, nearest first.
  ///   - similarities: the cosines of further chunks, of those found by their words above all.
  ///   - meaningShare: what meaning counts where both rankings found something.
  static func fused(
    text: [(key: Int64, score: Double)], vectors: [(key: Int64, score: Double)],
    similarities: [Int64: Double] = [:], meaningShare: Double = meaningShare, depth: Int
  ) -> [Hit] {
    var hits: [Int64: Hit] = [:]
    for (place, found) in vectors.enumerated() {
      hits[found.key] = Hit(key: found.key, vectorRank: place + 1, similarity: found.score)
    }
    for (place, found) in text.enumerated() where place < depth || hits[found.key] != nil {
      var hit = hits[found.key] ?? Hit(key: found.key, similarity: similarities[found.key])
      (hit.textRank, hit.textScore) = (place + 1, found.score)
      hits[found.key] = hit
    }
    let share = vectors.isEmpty ? 0 : text.isEmpty ? 1 : meaningShare
    let (bestText, bestSimilarity) = (text.first?.score ?? 0, vectors.first?.score ?? 0)
    return hits.values.map { hit in
      var hit = hit
      hit.score =
        share * part(hit.similarity, of: bestSimilarity) + (1 - share) * part(hit.textScore, of: bestText)
      return hit
    }.sorted { ($1.score, $0.key) < ($0.score, $1.key) }
  }

  private static func part(_ score: Double?, of best: Double) -> Double {
    guard let score, best > 0 else { return 0 }
    return min(max(score / best, 0), 1)
  }
}
