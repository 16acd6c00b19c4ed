import Conversation
import Foundation
import Logging
import Synchronization

/// A server behind its standard streams: a JSON message a line, requests and answers matched by id.
final class MCPStdioChannel: MCPChannel {
  let ending = MCPEnding()
  private let state = Mutex(State())
  private let clientVersion: String
  private let onNotification: @Sendable (String, JSON) -> Void

  private struct State {
    var process: MCPProcess?
    var nextID = 1
    var open: [Int: Open] = [:]
    /// Why it ended.
    var end: String?
    var lastComplaint = ""
  }

  /// A request whose answer has not come.
  private struct Open {
    var continuation: CheckedContinuation<JSON, any Error>?
    var onNotification: @Sendable (String, JSON) -> Void

    /// The continuation, which is resumed once only.
    mutating func take() -> CheckedContinuation<JSON, any Error>? {
      defer { continuation = nil }
      return continuation
    }
  }

  /// Starts the server.
  /// - Parameter onNotification: told what belongs to no request.
  init(
    _ launch: MCPLaunch, clientVersion: String, logger: Logger,
    onNotification: @escaping @Sendable (String, JSON) -> Void
  ) throws(MCPError) {
    self.clientVersion = clientVersion
    self.onNotification = onNotification
    let process = try MCPProcess(
      launch,
      receiver: MCPProcess.Receiver(
        line: { [weak self] in self?.take($0) },
        complaint: { [weak self] line in
          logger.debug("tool server says", metadata: ["line": "\(line.prefix(500))"])
          self?.state.withLock { $0.lastComplaint = String(line.prefix(200)) }
        },
        end: { [weak self] in self?.finish($0) }))
    state.withLock { $0.process = process }
  }

  // MARK: Sending

  func result(
    of request: MCPRequest, in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void
  ) async throws -> JSON {
    let id = try reserve(onNotification)
    let message = JSONRPC.Message.request(
      id: .integer(id), method: request.method,
      params: request.params(in: era, id: id, clientVersion: clientVersion))
    let line = Array(message.json.text.utf8)
    do {
      guard !request.isListening else { return try await answer(to: id, sending: line) }
      return try await withDeadline(seconds: request.seconds) { try await self.answer(to: id, sending: line) }
    } catch {
      forget(id, tellServer: request.method != "initialize")
      throw error is DeadlinePassed ? MCPError.timedOut : error
    }
  }

  private func reserve(_ onNotification: @escaping @Sendable (String, JSON) -> Void) throws -> Int {
    try state.withLock { state in
      if let end = state.end { throw MCPError.gone(end) }
      guard state.open.count < MCPLimits.openRequests else {
        throw MCPError.gone("\(MCPLimits.openRequests) calls wait for it already")
      }
      defer { state.nextID += 1 }
      state.open[state.nextID] = Open(onNotification: onNotification)
      return state.nextID
    }
  }

  private func answer(to id: Int, sending line: [UInt8]) async throws -> JSON {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let failure = state.withLock { state -> (any Error)? in
          if let end = state.end { return MCPError.gone(end) }
          if Task.isCancelled || state.open[id] == nil { return CancellationError() }
          state.open[id]?.continuation = continuation
          state.process?.send(line)
          return nil
        }
        if let failure { continuation.resume(throwing: failure) }
      }
    } onCancel: {
      let open = state.withLock { $0.open[id]?.take() }
      open?.resume(throwing: CancellationError())
    }
  }

  /// Lets go of a request that is not waited for any longer.
  private func forget(_ id: Int, tellServer: Bool) {
    let wasOpen = state.withLock { $0.open.removeValue(forKey: id) } != nil
    guard wasOpen, tellServer else { return }
    send(.notification(method: "notifications/cancelled", params: ["requestId": .integer(id)]))
  }

  func notify(_ method: String, in era: MCPEra) async throws {
    send(.notification(method: method, params: [:]))
  }

  private func send(_ message: JSONRPC.Message) {
    state.withLock { $0.process?.send(Array(message.json.text.utf8)) }
  }

  /// Whatever belongs to no request is heard anyway.
  func listen(in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void) async throws {}

  // MARK: Receiving

  private func take(_ line: String) {
    guard let json = try? JSON(parsing: line), let message = JSONRPC.Message(json) else { return }
    switch message {
    case .result(let id, let result):
      state.withLock { $0.open.removeValue(forKey: id) }?.continuation?.resume(returning: result)
    case .failure(let id?, let failure):
      let open = state.withLock { $0.open.removeValue(forKey: id) }
      open?.continuation?.resume(throwing: MCPError.refused(failure))
    case .failure(nil, _):
      return
    case .notification(let method, let params):
      let token = params["progressToken"]?.integer
      let open = state.withLock { state in token.flatMap { state.open[$0] } }
      (open?.onNotification ?? onNotification)(method, params)
    case .request(let id, let method, _):
      answer(id, method)
    }
  }

  /// What servers of the older era may ask: whether we live; anything else was never offered.
  private func answer(_ id: JSON, _ method: String) {
    let reply: JSON =
      method == "ping"
      ? ["jsonrpc": "2.0", "id": id, "result": [:]]
      : [
        "jsonrpc": "2.0", "id": id,
        "error": ["code": .integer(JSONRPC.methodNotFound), "message": "not offered by this client"],
      ]
    state.withLock { $0.process?.send(Array(reply.text.utf8)) }
  }

  // MARK: End

  private func finish(_ reason: String) {
    let (open, why) = state.withLock { state in
      let why = state.lastComplaint.isEmpty ? reason : "\(reason); it said: \(state.lastComplaint)"
      state.end = why
      defer { state.open = [:] }
      return (state.open.values, why)
    }
    for request in open { request.continuation?.resume(throwing: MCPError.gone(why)) }
    ending.finish(why)
  }

  func close() async {
    await state.withLock({ $0.process })?.close()
  }
}
