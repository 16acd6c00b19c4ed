import Conversation
import Providers
import Store

/// Gives vectors to the chunks that have none of a space's model, a batch at a time.
struct VectorMaker: Sendable {
  let store: Store

  enum Step: Sendable {
    /// So many more, up to the chunk with that key.
    case made(Int, last: Int64)
    /// No chunk after that key lacks its vector.
    case done
    /// No model is installed here to do it with.
    case noModel
  }

  /// Embeds the next chunks after `key`; they are durable, and found in open indexes, when it returns.
  /// - Throws: `ModelError` and `StoreError`: to be tried again; or cancellation.
  func step(in space: OpenSpace, after key: Int64) async throws -> Step {
    let chunks = try await store.chunksWithoutVector(
      model: space.model, after: key, limit: space.embedder.batchSize)
    guard let last = chunks.last else { return .done }
    guard let vectors = try await space.embedder.embedInBackground(chunks.map(\.chunk.textInContext)) else {
      return .noModel
    }
    try Task.checkCancellation()
    let rows = zip(chunks, vectors).map { (key: $0.chunk.key, vector: $1) }
    try await store.addVectors(rows, model: space.model)
    for (found, vector) in zip(chunks, vectors) {
      try await space.indexes.add([(id: found.chunk.key, vector: vector)], to: found.namespace)
    }
    return .made(chunks.count, last: last.chunk.key)
  }
}

/// How long to wait after a failure before the next try: longer each time, or what a model's server asked for.
struct RetryPause: Sendable {
  private static let firstSeconds = 5.0
  private static let longestSeconds = 300.0
  /// What a server may ask for: whatever it says, it is tried again within the hour.
  private static let longestAskedSeconds = 3_600.0
  private var seconds = RetryPause.firstSeconds

  /// The seconds to wait after this failure.
  mutating func next(after failure: any Error) -> Double {
    defer { seconds = min(2 * seconds, Self.longestSeconds) }
    guard case ModelError.rateLimited(let asked?) = failure else { return seconds }
    return max(seconds, min(asked, Self.longestAskedSeconds))
  }
}
