import NIOCore
import Synchronization

/// What comes for a client to be sent, in the order of its coming. It holds no more than its source does.
final class Arrivals<Content: Sendable>: Sendable {
  enum Arrival {
    case content(Content)
    /// Time to show that the connection stands.
    case beat
  }

  let stream: AsyncStream<Arrival>
  private let source: AsyncStream<Arrival>.Continuation
  /// Since when the client has been taking what is written; nil while nothing is.
  private let writingSince = Mutex<ContinuousClock.Instant?>(nil)
  private let hasClientLeft = Mutex(false)

  init() {
    (stream, source) = AsyncStream.makeStream()
  }

  func finish() {
    source.finish()
  }

  func clientLeft() {
    hasClientLeft.withLock { $0 = true }
    source.finish()
  }

  /// - Throws: when there is nobody left to send to.
  func check() throws {
    if Task.isCancelled || hasClientLeft.withLock({ $0 }) { throw CancellationError() }
  }

  func bring(_ content: Content) {
    source.yield(.content(content))
  }

  /// Brings a beat now and then, and gives up a connection whose client takes nothing.
  func beat(closing channel: any Channel) async {
    while (try? await Task.sleep(for: .seconds(HTTPLimits.keepAliveSeconds))) != nil {
      let since = writingSince.withLock { $0 }
      if let since, ContinuousClock.now - since > .seconds(HTTPLimits.stalledWriteSeconds) {
        channel.close(promise: nil)
        return
      }
      if since == nil { source.yield(.beat) }
    }
  }

  func isWriting(_ begins: Bool) {
    writingSince.withLock { $0 = begins ? .now : nil }
  }
}
