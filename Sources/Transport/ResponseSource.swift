/// The reader's hold on a transfer: letting go of it, or cancelling the task that reads, ends it.
final class ResponseSource: Sendable {
  private let transfer: Transfer
  private let loop: CurlLoop
  /// A body being read keeps its client, and so the loop's thread, alive.
  private let client: HTTPClient

  init(_ transfer: Transfer, loop: CurlLoop, client: HTTPClient) {
    self.transfer = transfer
    self.loop = loop
    self.client = client
  }

  deinit { cancel() }

  func cancel() {
    if transfer.exchange.end(.failure(.cancelled)) { loop.post(.cancel(transfer)) }
  }

  func head() async throws(TransportError) -> HTTPHead {
    guard let head = try await read({ $0.findHead() }) else { throw .cut(receivedBytes: 0) }
    return head
  }

  func next() async throws(TransportError) -> [UInt8]? {
    try await read { $0.findBytes() }
  }

  private func read<Value: Sendable>(
    _ find: (Exchange) -> Exchange.Found<Value>
  ) async throws(TransportError) -> Value? {
    while true {
      if Task.isCancelled { cancel() }
      switch find(transfer.exchange) {
      case .value(let value, let wasHeldBack):
        if wasHeldBack { loop.post(.resume(transfer)) }
        return value
      case .end(nil): return nil
      case .end(let error?): throw error
      case .nothing(let version): await wait(since: version)
      }
    }
  }

  private func wait(since version: Int) async {
    await withTaskCancellationHandler {
      await transfer.exchange.change(since: version)
    } onCancel: {
      cancel()
    }
  }
}
