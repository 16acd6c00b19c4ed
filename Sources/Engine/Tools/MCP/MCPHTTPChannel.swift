import Conversation
import Foundation
import Synchronization
import Transport

/// A server behind one address ("Streamable HTTP"): every message is a POST of its own, answered by a JSON
/// message or by a stream of events that ends with one.
///
/// In the older era the server hands out a session, whose id goes with every further message.
final class MCPHTTPChannel: MCPChannel {
  let ending = MCPEnding()
  private let url: String
  private let headers: [HTTPHeader]
  private let client: HTTPClient
  private let clientVersion: String
  private let state = Mutex(State())

  private struct State {
    var nextID = 1
    var session: String?
  }

  /// - Parameters:
  ///   - headers: sent with every request; may hold keys.
  ///   - client: for what an administrator named.
  init(url: String, headers: [HTTPHeader], client: HTTPClient, clientVersion: String) {
    self.url = url
    self.headers = headers
    self.client = client
    self.clientVersion = clientVersion
  }

  // MARK: Requests

  func result(
    of request: MCPRequest, in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void
  ) async throws -> JSON {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    let message = JSONRPC.Message.request(
      id: .integer(id), method: request.method,
      params: request.params(in: era, id: id, clientVersion: clientVersion))
    do {
      return try await exchange(post(message, request, in: era), id, request, onNotification)
    } catch is CancellationError {
      if case .session = era { tellCancelled(id, in: era) }
      throw CancellationError()
    }
  }

  private func exchange(
    _ http: HTTPRequest, _ id: Int, _ request: MCPRequest,
    _ onNotification: @escaping @Sendable (String, JSON) -> Void
  ) async throws -> JSON {
    do {
      let response = try await client.send(http)
      guard response.status == 200 else { throw await refusal(response) }
      if request.method == "initialize", let session = response.headers["mcp-session-id"] {
        state.withLock { $0.session = session }
      }
      guard response.head.contentType == "text/event-stream" else {
        return try await Self.result(
          try JSON(parsing: response.body.collect(limitBytes: MCPLimits.messageBytes)))
      }
      return try await answer(to: id, in: response, onNotification)
    } catch let error as TransportError {
      throw Self.failure(error)
    } catch is DecodingError {
      throw MCPError.malformed
    }
  }

  private static func result(_ json: JSON) throws -> JSON {
    switch JSONRPC.Message(json) {
    case .result(_, let result): return result
    case .failure(_, let failure): throw MCPError.refused(failure)
    case .request, .notification, nil: throw MCPError.malformed
    }
  }

  /// Reads events up to the answer. What a server of the older era asks on the way was never offered, and is
  /// not answered.
  private func answer(
    to id: Int, in response: HTTPResponse, _ onNotification: @Sendable (String, JSON) -> Void
  ) async throws -> JSON {
    for try await event in ServerSentEvents(response, maxEventBytes: MCPLimits.messageBytes) {
      guard !event.data.isEmpty, let json = try? JSON(parsing: event.data),
        let message = JSONRPC.Message(json)
      else { continue }
      switch message {
      case .result(id, let result): return result
      case .failure(let about, let failure) where about == nil || about == id:
        throw MCPError.refused(failure)
      case .notification(let method, let params): onNotification(method, params)
      case .result, .failure, .request: continue
      }
    }
    throw MCPError.gone("its answer broke off")
  }

  private func post(_ message: JSONRPC.Message, _ request: MCPRequest, in era: MCPEra) -> HTTPRequest {
    var http = HTTPRequest("POST", url: url, body: Array(message.json.text.utf8))
    http.headers =
      headers + [
        HTTPHeader("Content-Type", "application/json"),
        HTTPHeader("Accept", "application/json, text/event-stream"),
      ] + envelope(request, in: era)
    http.acceptsCompression = false
    http.maxBodyBytes = request.isListening ? 1 << 30 : MCPLimits.messageBytes * 2
    let seconds = request.isListening ? Self.listeningSeconds : request.seconds
    http.deadlines = Deadlines(
      connectSeconds: 5, firstByteSeconds: request.seconds, idleSeconds: seconds, totalSeconds: seconds)
    return http
  }

  /// An open stream is begun anew so often.
  private static let listeningSeconds = 3_600.0

  /// What stands in headers so that what passes requests on need not read their bodies.
  private func envelope(_ request: MCPRequest, in era: MCPEra) -> [HTTPHeader] {
    switch era {
    case .stateless:
      var headers = [
        HTTPHeader("MCP-Protocol-Version", era.version), HTTPHeader("Mcp-Method", request.method),
      ]
      if let subject = request.subject {
        headers.append(HTTPHeader("Mcp-Name", MCPHeaderRules.encoded(subject)))
      }
      return headers + request.mirrored.map { HTTPHeader("Mcp-Param-\($0)", $1) }
    case .session:
      guard request.method != "initialize" else { return [] }
      let session = state.withLock { $0.session }.map { [HTTPHeader("Mcp-Session-Id", $0)] } ?? []
      return [HTTPHeader("MCP-Protocol-Version", era.version)] + session
    }
  }

  // MARK: Other messages

  func notify(_ method: String, in era: MCPEra) async throws {
    try await notify(method, [:], in: era)
  }

  private func notify(_ method: String, _ params: JSON, in era: MCPEra) async throws {
    var request = MCPRequest(method: method)
    request.seconds = MCPLimits.connectSeconds
    do {
      _ = try await client.fetch(post(.notification(method: method, params: params), request, in: era))
    } catch {
      throw Self.failure(error)
    }
  }

  /// Beside the task that is being cancelled, and for some seconds at most.
  private func tellCancelled(_ id: Int, in era: MCPEra) {
    Task { try? await notify("notifications/cancelled", ["requestId": .integer(id)], in: era) }
  }

  func listen(in era: MCPEra, onNotification: @escaping @Sendable (String, JSON) -> Void) async throws {
    guard case .session = era else { return }
    var http = HTTPRequest("GET", url: url)
    http.headers =
      headers + [HTTPHeader("Accept", "text/event-stream")] + envelope(MCPRequest(method: "listen"), in: era)
    http.maxBodyBytes = 1 << 30
    http.deadlines = Deadlines(idleSeconds: Self.listeningSeconds, totalSeconds: Self.listeningSeconds)
    for try await event in try await client.events(http) {
      if case .notification(let method, let params)? = (try? JSON(parsing: event.data)).flatMap(
        JSONRPC.Message.init)
      {
        onNotification(method, params)
      }
    }
  }

  func close() async {
    let session = state.withLock { $0.session }
    ending.finish("it was closed")
    guard let session else { return }
    var http = HTTPRequest("DELETE", url: url, headers: headers + [HTTPHeader("Mcp-Session-Id", session)])
    http.deadlines = Deadlines(connectSeconds: 1, firstByteSeconds: 2, idleSeconds: 2, totalSeconds: 2)
    // Whoever closes may be cancelled already; the server is told all the same.
    let farewell = http
    await Task { _ = try? await client.fetch(farewell) }.value
  }

  // MARK: Failures

  /// An error of the protocol says so in its body, whatever its status.
  private func refusal(_ response: HTTPResponse) async -> MCPError {
    let body = await response.body.prefix(limitBytes: TransportLimits.errorBodyBytes)
    if case .failure(_, let failure)? = (try? JSON(parsing: body)).flatMap(JSONRPC.Message.init) {
      return .refused(failure)
    }
    switch response.status {
    case 401, 403: return .gone("it refused access (status \(response.status)); check its headers")
    case 404 where state.withLock({ $0.session }) != nil: return .sessionLost
    case 400..<500: return .refused(JSONRPC.Failure(code: 0, message: "status \(response.status)"))
    case let status: return .gone("it has a problem of its own (status \(status))")
    }
  }

  private static func failure(_ error: TransportError) -> any Error {
    switch error {
    case .cancelled: CancellationError()
    case .timedOut: MCPError.timedOut
    case .tooLarge: MCPError.tooLarge
    case .malformedResponse, .notEventStream: MCPError.malformed
    case .blocked, .invalidRequest, .invalidURL: MCPError.gone("its address is not usable")
    case .unreachable: MCPError.gone("it cannot be reached")
    case .tls: MCPError.gone("it could not prove who it is")
    case .cut: MCPError.gone("the connection was cut")
    case .tooManyRedirects: MCPError.gone("it sends from one address to the next")
    case .rateLimited, .busy: MCPError.gone("it takes no more requests now")
    case .status(let status, _): MCPError.gone("it answered with status \(status)")
    }
  }
}
