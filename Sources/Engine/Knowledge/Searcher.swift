package import Conversation
import Metering
import Store
import VectorIndex

/// Finds the passages that answer a query: by their words and by their meaning, the two rankings fused.
package struct Searcher: Sendable {
  /// How deep each ranking is read before they are fused, at least.
  static let depth = 50
  /// Chunks with words of the query whose scores are known to the fusion.
  private static let knownTextScores = 1_000
  /// Below this cosine two texts have nothing to do with each other, as far as the model can tell.
  private static let leastSimilarity = 0.2

  private let store: Store
  private let spaces: Spaces

  init(store: Store, spaces: Spaces) {
    self.store = store
    self.spaces = spaces
  }

  /// The best passages of the namespaces, best first; fewer or none when nothing fits.
  package func search(
    _ query: String, in namespaces: [Namespace], count: Int = Limits.passages
  ) async throws -> [Passage] {
    try await outcome(of: Search(query, in: namespaces, count: count)).passages
  }

  /// The passages, and every chunk that was considered with what became of it.
  ///
  /// Without an embedding model the words alone count.
  package func outcome(of search: Search) async throws -> SearchOutcome {
    try await ActiveSpan.during(.search, "retrieval", search.traced) { span in
      span.setContent("gen_ai.retrieval.query.text", search.query)
      let outcome = try await found(by: search)
      span.set([
        "opengpts.passages": .integer(outcome.passages.count),
        "opengpts.chunks_considered": .integer(outcome.candidates.count),
      ])
      return outcome
    }
  }

  private func found(by search: Search) async throws -> SearchOutcome {
    let depth = max(Self.depth, 2 * (search.offset + search.count))
    let space = spaces.serving
    async let byText = textHits(of: search, depth: depth)
    let vector = try await vector(of: search, in: space)
    let nearest = try await nearest(to: vector, of: search, in: space, depth: depth)
    let text = try await byText
    let similarities = try await similarities(to: vector, of: text.prefix(depth).map(\.key), in: space)
    return try await ActiveSpan.during(.fusion, "fusion") { _ in
      let hits = Fusion.fused(
        text: text, vectors: nearest, similarities: similarities,
        meaningShare: space.embedder.knows(search.query) ? Fusion.meaningShare : Fusion.foreignMeaningShare,
        depth: depth)
      let found = try await store.chunks(keys: hits.map(\.key))
      var list = PassageList(wanted: search.offset + search.count)
      for hit in hits {
        guard let (chunk, source) = found[hit.key] else { continue }
        list.add(chunk, as: Passage(chunk: chunk, source: source, hit: hit))
      }
      return try await outcome(of: list, from: search.offset, comparedMeaning: vector != nil)
    }
  }

  private func vector(of search: Search, in space: OpenSpace) async throws -> [Float]? {
    if search.ranking == .text { return nil }
    let (embedder, model) = (space.embedder, space.embedder.space.model)
    let attributes: [String: JSON] = [
      "gen_ai.operation.name": "embeddings", "gen_ai.request.model": .string(model),
    ]
    return try await ActiveSpan.during(.embedding, "embeddings \(model)", attributes) { span in
      let vector = try await embedder.embed(query: search.query)
      if vector == nil, embedder.isInstalled {
        span.fail("embedding_unavailable", "No embedding model answers; words alone count.")
      }
      return vector
    }
  }

  // MARK: Rankings

  private func textHits(of search: Search, depth: Int) async throws -> [(key: Int64, score: Double)] {
    if search.ranking == .vectors { return [] }
    return try await ActiveSpan.during(.words, "words") { span in
      let hits = try await store.searchText(
        search.query, in: search.namespaces, filter: search.filter, count: max(depth, Self.knownTextScores))
      span.set("opengpts.hits", .integer(hits.count))
      return hits
    }
  }

  private func nearest(
    to vector: [Float]?, of search: Search, in space: OpenSpace, depth: Int
  ) async throws -> [(key: Int64, score: Double)] {
    guard let vector else { return [] }
    return try await ActiveSpan.during(.vectors, "vectors") { span in
      let allowed =
        search.filter.isEmpty
        ? nil : try await store.chunkKeys(in: search.namespaces, filter: search.filter)
      let matches = try await space.indexes.search(
        vector, in: search.namespaces, count: depth, among: allowed)
      span.set("opengpts.hits", .integer(matches.count))
      return matches.map { ($0.id, Double($0.score)) }.filter { $0.1 >= Self.leastSimilarity }
    }
  }

  /// What those found by their words have to do with the query by their meaning.
  private func similarities(
    to vector: [Float]?, of keys: [Int64], in space: OpenSpace
  ) async throws -> [Int64: Double] {
    guard let vector else { return [:] }
    return try await store.vectors(of: keys, model: space.model).mapValues { other in
      Double(zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }

  // MARK: Passages

  private func outcome(
    of list: PassageList, from offset: Int, comparedMeaning: Bool
  ) async throws -> SearchOutcome {
    var outcome = SearchOutcome(comparedMeaning: comparedMeaning)
    outcome.candidates = list.candidates
    for place in outcome.candidates.indices where list.isBefore(outcome.candidates[place], offset) {
      outcome.candidates[place].fate = .otherPage
    }
    outcome.hasMore = list.hasMore
    for group in list.groups.dropFirst(offset) { outcome.passages.append(try await passage(of: group)) }
    return outcome
  }

  /// Neighbours are one passage, with the text of the file from the first to the last.
  private func passage(of group: PassageList.Group) async throws -> Passage {
    var passage = group.passage
    guard group.chunks.count > 1, let first = group.chunks.first, let last = group.chunks.last else {
      return passage
    }
    let text = try await store.text(of: passage.fileID, from: first.start, to: last.end)
    // Deleted meanwhile: then its best chunk is what is known.
    guard let text, text.unicodeScalars.count == last.end - first.start else { return passage }
    (passage.text, passage.start, passage.end) = (text, first.start, last.end)
    (passage.page, passage.headings) = (first.page, first.headings)
    return passage
  }
}

extension Passage {
  fileprivate init(chunk: Chunk, source: String, hit: Fusion.Hit) {
    self.init(
      chunk: chunk, source: source, score: hit.score, textRank: hit.textRank, vectorRank: hit.vectorRank)
    (textScore, similarity) = (hit.textScore, hit.similarity)
  }
}

extension Search {
  /// What is known of it before it is made, by OpenTelemetry's names.
  fileprivate var traced: [String: JSON] {
    [
      "gen_ai.operation.name": "retrieval", "gen_ai.retrieval.top_k": .integer(count),
      "opengpts.query_bytes": .integer(query.utf8.count), "opengpts.places": .integer(namespaces.count),
    ]
  }
}
