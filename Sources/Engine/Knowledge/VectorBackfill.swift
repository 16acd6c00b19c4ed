import Conversation
import Logging
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

  /// Works until the task is cancelled: once now, and after each wake.
  package func run() async {
    wake()
    for await _ in wishes {
      do {
        var last: Int64? = 0
        while let key = last { last = try await embedNext(after: key) }
      } catch is CancellationError {
        return
      } catch {
        logger.error("vectors not added; tried again with the next file", metadata: ["cause": "\(error)"])
      }
    }
  }

  /// The key to go on after; nil when nothing is left to do, or there is no model to do it with.
  private func embedNext(after key: Int64) async throws -> Int64? {
    let chunks = try await store.chunksWithoutVector(
      model: Embedder.modelName, after: key, limit: Embedder.batchSize)
    guard let last = chunks.last, let vectors = try await embedder.embed(chunks.map(\.chunk.textInContext))
    else {
      return nil
    }
    try Task.checkCancellation()
    let rows = zip(chunks, vectors).map { (key: $0.chunk.key, vector: $1) }
    try await store.addVectors(rows, model: Embedder.modelName)
    for (found, vector) in zip(chunks, vectors) {
      try await indexes.add([(id: found.chunk.key, vector: vector)], to: found.namespace)
    }
    return last.chunk.key
  }
}
