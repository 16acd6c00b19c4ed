import Conversation
import Logging
import Store

/// Gives vectors to the chunks that have none of the model that serves: those of long files, of files from before
/// the model was installed, and of those a crash caught in between. SQLite says which; nothing else is remembered.
package final class VectorBackfill: Sendable {
  private let maker: VectorMaker
  private let spaces: Spaces
  private let logger: Logger
  private let wishes: AsyncStream<Void>
  private let wish: AsyncStream<Void>.Continuation

  init(store: Store, spaces: Spaces, logger: Logger) {
    maker = VectorMaker(store: store)
    self.spaces = spaces
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
      var pause = RetryPause()
      while let failure = await failureOfEmbedding() {
        let seconds = pause.next(after: failure)
        logger.warning(
          "vectors not added; tried again", metadata: ["after": "\(seconds) s", "cause": "\(failure)"])
        guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      }
    }
  }

  /// Goes through all chunks without vectors.
  /// - Returns: what stopped it; nil when nothing is left to do, or there is no model to do it with.
  private func failureOfEmbedding() async -> (any Error)? {
    do {
      var key: Int64 = 0
      while case .made(_, let last) = try await maker.step(in: spaces.serving, after: key) { key = last }
      return nil
    } catch is CancellationError {
      return nil
    } catch {
      return error
    }
  }
}
