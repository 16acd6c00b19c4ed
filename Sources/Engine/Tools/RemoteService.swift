import Conversation
import Foundation
import Transport

/// A service that tools ask: where it is, and how its failures are told to the model and the person.
///
/// Every request goes through one client, whose egress policy judges the address that is connected to. Keys
/// travel in headers and never appear in an error.
struct RemoteService: Sendable {
  /// As messages call it.
  let name: String
  /// Without a slash at the end.
  let baseURL: String
  let client: HTTPClient
  /// Sent with every request; may hold keys.
  var headers: [HTTPHeader] = []
  /// What an administrator has to look at when access is refused, e.g. `tavily.api_key`.
  var accessSetting: String?
  /// Cut out of whatever a service says.
  var secret: String?
  var pace: Pace?
  var deadlines = Self.readDeadlines
  var maxBodyBytes = Self.replyBytes

  /// The most of a reply that is read, decoded: JSON and feeds of a few results measure some 100 KB.
  static let replyBytes = 2 << 20
  /// Seconds a look-up may take; below what a whole call may, so that the cause can still be told.
  static let readDeadlines = Deadlines(
    connectSeconds: 5, firstByteSeconds: 20, idleSeconds: 10, totalSeconds: 30)
  /// Seconds an action may take: a little less than a whole call.
  static let actionDeadlines = Deadlines(
    connectSeconds: 5, firstByteSeconds: 55, idleSeconds: 20, totalSeconds: 57)
  /// Characters of a service's own explanation that are passed on.
  private static let explanationCharacters = 300

  /// A reply with status 200 to 299.
  struct Reply {
    let service: String
    let head: HTTPHead
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws(ToolError) -> JSON {
      guard let json = try? JSON(parsing: body) else { throw unexpected }
      return json
    }

    /// For a reply that lacks what it should hold.
    var unexpected: ToolError { ToolError("\(service) sent a reply that could not be read.") }
  }

  /// Asks for something that changes nothing there.
  /// - Throws: `ToolError` in words for the model, or cancellation.
  func get(_ path: String, _ query: [(String, String)] = []) async throws -> Reply {
    try await send(HTTPRequest(url: baseURL + path + Self.encoded(query)), retry: Self.readRetry)
  }

  /// Looks something up by a POST that changes nothing there.
  func look(_ path: String, form: [(String, String)]) async throws -> Reply {
    let body = Array(Self.encoded(form).utf8.dropFirst())
    return try await send(
      post(path, body, type: "application/x-www-form-urlencoded"), retry: Self.readRetry)
  }

  func look(_ path: String, json: JSON) async throws -> Reply {
    try await send(post(path, Array(json.text.utf8), type: "application/json"), retry: Self.readRetry)
  }

  /// Does something there: sent once.
  func act(_ path: String, json: JSON) async throws -> Reply {
    try await send(post(path, Array(json.text.utf8), type: "application/json"), retry: .none)
  }

  /// Any request. What only reads is tried again, everything else is sent once.
  func carryOut(
    _ method: String, _ path: String, query: [(String, String)], headers: [HTTPHeader], body: [UInt8]?,
    type: String, readsOnly: Bool
  ) async throws -> Reply {
    var request = HTTPRequest(method, url: baseURL + path + Self.encoded(query), headers: headers, body: body)
    if body != nil { request.headers.append(HTTPHeader("Content-Type", type)) }
    return try await send(request, retry: readsOnly ? Self.readRetry : .none)
  }

  private static let readRetry = RetryPolicy(attempts: 2, baseSeconds: 0.5, maxRetryAfterSeconds: 5)

  private func post(_ path: String, _ body: [UInt8], type: String) -> HTTPRequest {
    HTTPRequest("POST", url: baseURL + path, headers: [HTTPHeader("Content-Type", type)], body: body)
  }

  private func send(_ request: HTTPRequest, retry: RetryPolicy) async throws -> Reply {
    try await pace?.turn(of: name)
    var request = request
    request.headers += headers
    request.deadlines = deadlines
    request.maxBodyBytes = maxBodyBytes
    request.retry = retry
    do {
      let (head, body) = try await client.fetch(request)
      guard (200..<300).contains(head.status) else { throw refusal(head, body) }
      return Reply(service: name, head: head, body: body)
    } catch let error as TransportError {
      throw failure(error)
    }
  }

  /// `?a=b&c=d`, everything but letters, digits and `-._~` percent-encoded; empty for none.
  static func encoded(_ query: [(String, String)]) -> String {
    guard !query.isEmpty else { return "" }
    return "?" + query.map { "\(escaped($0))=\(escaped($1))" }.joined(separator: "&")
  }

  static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

// MARK: Failures

extension RemoteService {
  private func refusal(_ head: HTTPHead, _ body: [UInt8]) -> ToolError {
    let status = "(status \(head.status))"
    switch head.status {
    case 401, 403:
      let advice = accessSetting.map { " An administrator should check \($0)." }
      return ToolError("\(name) refused access \(status).\(advice ?? "")")
    case 404: return ToolError("\(name) has nothing at this address \(status).")
    case 429:
      let wait = head.retryAfterSeconds.map { " in \(Int(min($0.rounded(.up), 86_400))) seconds" }
      return ToolError("\(name) has been asked too often \(status). Try again\(wait ?? " later").")
    case 500...:
      // An action that fails is a 500 too, and says why.
      let reason = explanation(body).map { ": \($0)" } ?? ". Try again later."
      return ToolError("\(name) has a problem of its own \(status)\(reason)")
    case 300..<400: return ToolError("\(name) sent on to another address, which is not followed \(status).")
    case _:
      let reason = explanation(body).map { ": \($0)" } ?? "."
      return ToolError("\(name) did not accept the request \(status)\(reason)")
    }
  }

  /// The service's own words, from the places where services put them.
  private func explanation(_ body: [UInt8]) -> String? {
    guard let json = try? JSON(parsing: body) else { return nil }
    let places = [
      json["error"]?["message"], json["detail"]?["error"], json["message"], json["error"], json["detail"],
    ]
    guard let said = places.lazy.compactMap({ $0?.string }).first else { return nil }
    let open = secret.map { $0.isEmpty ? said : said.replacing($0, with: "(key)") } ?? said
    return open.cut(toCharacters: Self.explanationCharacters)
  }

  /// Every transport failure as something to do. The address a name led to is left out: it would tell
  /// outsiders about the network this server stands in.
  private func failure(_ error: TransportError) -> any Error {
    switch error {
    case .cancelled: CancellationError()
    case .invalidRequest, .invalidURL: ToolError("\(name) cannot be asked: its address is not usable.")
    case .blocked:
      ToolError(
        "\(name) leads to an address inside a private network, where tools may not go. An administrator can "
          + "allow it by the setting tools.allowed_networks.")
    case .unreachable: ToolError("\(name) cannot be reached. Try again later.")
    case .tls: ToolError("\(name) could not prove who it is, so nothing was sent to it.")
    case .timedOut: ToolError("\(name) took too long to answer. Try again later.")
    case .tooLarge(let limit): ToolError("\(name) sent more than \(limit >> 20) MB, which is too much.")
    case .cut: ToolError("\(name) broke off in the middle of its reply. Try again.")
    case .tooManyRedirects: ToolError("\(name) sends from one address to the next without end.")
    case .malformedResponse, .notEventStream: ToolError("\(name) sent a reply that could not be read.")
    case .rateLimited: ToolError("\(name) has been asked too often. Try again later.")
    case .status(let status, _): ToolError("\(name) did not accept the request (status \(status)).")
    case .busy: ToolError("Too many tools are at work on this server. Try again in a moment.")
    }
  }
}

extension String {
  /// At most so many characters; what was cut ends in an ellipsis.
  func cut(toCharacters limit: Int) -> String {
    guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else {
      return self
    }
    return self[..<end] + "…"
  }

  /// White space runs as one space, none at the ends.
  var onOneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
