/// What turns texts into vectors at a vendor, or on a server of one's own.
package protocol EmbeddingModel: Sendable {
  /// Recorded with each vector: vectors of different models, or widths, never meet in one index.
  var name: String { get }
  /// Elements of each vector.
  var dimensions: Int { get }
  /// Texts of one request at most.
  var batchSize: Int { get }

  /// One vector for each text, in their order, of length one: their dot product is the cosine.
  /// - Parameter texts: at most `batchSize`, none of them empty.
  /// - Throws: what happened, as what the caller can do about it; `.malformed` for a reply with other vectors than
  ///   those that were asked for.
  func embed(_ texts: [String], as purpose: EmbeddingPurpose) async throws(ModelError) -> [[Float]]
}

/// What a text is; some models embed what is looked for otherwise than what is found.
package enum EmbeddingPurpose: Sendable {
  case query
  case passage
}
