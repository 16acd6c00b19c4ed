import Conversation
import Logging
import Providers
import Store

/// Gives vectors to the chunks that have none: those of long files, of files from before the model was
/// installed, and of those a crash caught in between. SQLite says which; nothing else is remembered.
package final class VectorBackfill: Sendable {
  private let store: Store
  private let embedder: Embedder
  private let indexes: IndexKeeper
  private let logger: Logger
  private let wishes: AsyncStream<Void>
  private let wish: AsyncStream<Void>.Continuation
  /// Seconds until the next try after a failure, at first and at most; doubled each time.
  private static let firstPauseSeconds = 5.0
  private static let longestPauseSeconds = 300.0

  init(store: Store, embedder: Embedder, indexes: IndexKeeper, logger: Logger) {
    self.store = store
    self.embedder = embedder
    self.indexes = indexes
    self.logger = logger
    (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func wake() {
    wish.yield()
  }

  /// Works until the task is cancelled: once now, after each wake, and again some time after a failure.
  package func run() async {
    wake()
    for await _ in wishes {
      var pause = Self.firstPauseSeconds
      while let failure = await failureOfEmbedding() {
        let asked = if case ModelError.rateLimited(let seconds?) = failure { seconds } else { 0.0 }
        logger.warning(
          "vectors not added; tried again",
          metadata: ["after": "\(max(pause, asked)) s", "cause": "\(failure)"])
        guard (try? await Task.sleep(for: .seconds(max(pause, asked)))) != nil else { return }
        pause = min(2 * pause, Self.longestPauseSeconds)
      }
    }
  }

  /// Goes through all chunks without vectors.
  /// - Returns: what stopped it; nil when nothing is left to do.
  private func failureOfEmbedding() async -> (any Error)? {
    do {
      var last: Int64? = 0
      while let key = last { last = try await embedNext(after: key) }
      return nil
    } catch is CancellationError {
      return nil
    } catch {
      return error
    }
  }

  /// The key to go on after; nil when nothing is left to do, or there is no model to do it with.
  private func embedNext(after key: Int64) async throws -> Int64? {
    let chunks = try await store.chunksWithoutVector(
      model: embedder.space.model, after: key, limit: embedder.batchSize)
    guard let last = chunks.last,
      let vectors = try await embedder.embedInBackground(chunks.map(\.chunk.textInContext))
    else {
      return nil
    }
    try Task.checkCancellation()
    let rows = zip(chunks, vectors).map { (key: $0.chunk.key, vector: $1) }
    try await store.addVectors(rows, model: embedder.space.model)
    for (found, vector) in zip(chunks, vectors) {
      try await indexes.add([(id: found.chunk.key, vector: vector)], to: found.namespace)
    }
    return last.chunk.key
  }
}
