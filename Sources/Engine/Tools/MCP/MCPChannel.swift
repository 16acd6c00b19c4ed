import Conversation
import Synchronization

/// A way to one server: its standard streams, or HTTP.
protocol MCPChannel: Sendable {
  /// Comes when nothing can be asked of the server any longer.
  var ending: MCPEnding { get }

  /// Sends a request and waits for its result; notifications about it come in between.
  ///
  /// Cancelling the task tells the server, in the way its era has for it.
  /// - Throws: `MCPError`, or cancellation.
  func result(
    of request: MCPRequest, in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void
  ) async throws -> JSON

  func notify(_ method: String, in era: MCPEra) async throws

  /// Hears, for as long as the server likes, what it says unasked; only where the older era has a place for it.
  func listen(in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void) async throws

  /// Ends it, politely at first; returns when it has.
  func close() async
}

extension MCPChannel {
  func result(of request: MCPRequest, in era: MCPEra) async throws -> JSON {
    try await result(of: request, in: era) { _, _ in }
  }
}

/// The end of a channel, which comes once, and why.
final class MCPEnding: Sendable {
  private let state = Mutex(State())

  private struct State {
    var reason: String?
    var waiting: [CheckedContinuation<String, Never>] = []
  }

  func finish(_ reason: String) {
    let waiting = state.withLock { state in
      guard state.reason == nil else { return [CheckedContinuation<String, Never>]() }
      state.reason = reason
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: reason) }
  }

  /// Waits for it; cancelling the task that waits makes it come.
  var reason: String {
    get async {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let reason = state.withLock { state -> String? in
            if state.reason == nil { state.waiting.append(continuation) }
            return state.reason
          }
          if let reason { continuation.resume(returning: reason) }
        }
      } onCancel: {
        finish("this server is stopping")
      }
    }
  }
}
