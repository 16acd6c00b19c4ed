package import Conversation
import Store
import VectorIndex

/// Finds the passages that answer a query: by their words and by their meaning, the two rankings fused.
package struct Searcher: Sendable {
  /// How deep each ranking is read before they are fused.
  static let depth = 50
  /// Reciprocal rank fusion's damping constant (Cormack, Clarke and Buettcher, SIGIR 2009).
  private static let damping = 60.0
  /// Below this cosine two texts have nothing to do with each other, as far as the model can tell.
  private static let leastSimilarity: Float = 0.2

  private let store: Store
  private let embedder: Embedder
  private let indexes: IndexKeeper

  init(store: Store, embedder: Embedder, indexes: IndexKeeper) {
    self.store = store
    self.embedder = embedder
    self.indexes = indexes
  }

  /// The best passages of the namespaces, best first; fewer or none when nothing fits.
  ///
  /// Without an embedding model the words alone count.
  package func search(
    _ query: String, in namespaces: [Namespace], count: Int = Limits.passages
  ) async throws -> [Passage] {
    async let byText = store.searchText(query, in: namespaces, count: Self.depth)
    async let byMeaning = nearest(to: query, in: namespaces)
    let hits = Self.fused(text: try await byText.map(\.key), vectors: try await byMeaning.map(\.id))
    return try await passages(Array(hits.prefix(count)))
  }

  private func nearest(to query: String, in namespaces: [Namespace]) async throws -> [VectorIndex.Match] {
    guard let vector = try await embedder.embed(query: query) else { return [] }
    let matches = try await indexes.search(vector, in: namespaces, count: Self.depth)
    return matches.filter { $0.score >= Self.leastSimilarity }
  }

  /// A chunk with its place in each ranking.
  struct Hit: Equatable {
    var key: Int64
    var score: Double
    var textRank: Int?
    var vectorRank: Int?
  }

  /// Reciprocal rank fusion: what both rankings have near the top comes first. Ties go to the older chunk.
  static func fused(text: [Int64], vectors: [Int64]) -> [Hit] {
    var hits: [Int64: Hit] = [:]
    for (place, key) in text.enumerated() {
      hits[key] = Hit(key: key, score: 1 / (damping + Double(place + 1)), textRank: place + 1)
    }
    for (place, key) in vectors.enumerated() {
      var hit = hits[key] ?? Hit(key: key, score: 0)
      hit.score += 1 / (damping + Double(place + 1))
      hit.vectorRank = place + 1
      hits[key] = hit
    }
    return hits.values.sorted { ($1.score, $0.key) < ($0.score, $1.key) }
  }

  private func passages(_ hits: [Hit]) async throws -> [Passage] {
    let found = try await store.chunks(keys: hits.map(\.key))
    return hits.compactMap { hit in
      guard let (chunk, source) = found[hit.key] else { return nil }
      return Passage(
        chunk: chunk, source: source, score: hit.score, textRank: hit.textRank, vectorRank: hit.vectorRank)
    }
  }
}
