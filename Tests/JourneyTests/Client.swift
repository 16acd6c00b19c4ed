import Conversation
import Foundation
import Testing
import Transport

/// A client of the daemon, as anybody might write one.
struct Client: Sendable {
  private static let http = HTTPClient(policy: .trusted)
  let port: Int
  var user = "journey"

  struct Reply {
    var status: Int
    var json: JSON
  }

  func get(_ path: String) async throws -> Reply {
    try await send("GET", path)
  }

  func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> Reply {
    try await send(method, path, raw: try body.map { Array(try JSON.encoded($0)) })
  }

  func send(
    _ method: String, _ path: String, raw body: [UInt8]?, type: String = "application/json"
  ) async throws -> Reply {
    let (head, reply) = try await Self.http.fetch(request(method, path, body, type: type))
    return Reply(
      status: head.status,
      json: (try? JSON(parsing: reply)) ?? .string(String(decoding: reply, as: UTF8.self)))
  }

  private func request(_ method: String, _ path: String, _ body: [UInt8]?, type: String) -> HTTPRequest {
    var request = HTTPRequest(method, url: "http://127.0.0.1:\(port)\(path)", body: body)
    request.headers = [HTTPHeader("Cookie", "opengpts_user_id=\(user)")]
    if body != nil { request.headers.append(HTTPHeader("Content-Type", type)) }
    return request
  }

  // MARK: What people do

  func assistant(_ configurable: [String: JSON]) async throws -> String {
    let reply = try await send(
      "POST", "/assistants", ["name": "J", "config": ["configurable": .object(configurable)]])
    return try #require(reply.json["assistant_id"]?.string, "\(reply)")
  }

  func thread(_ assistant: String, named name: String = "T") async throws -> String {
    let reply = try await send(
      "POST", "/threads", ["assistant_id": .string(assistant), "name": .string(name)])
    return try #require(reply.json["thread_id"]?.string, "\(reply)")
  }

  /// - Returns: the chunk ids; for a refusal the status and what was said.
  func ingest(_ files: [(name: String, bytes: [UInt8])], into namespace: JSON) async throws -> Reply {
    let boundary = "b\(UUID().uuidString)"
    var body = Data()
    for (name, bytes) in files {
      body.append(
        Data(
          "--\(boundary)\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\(name)\"\r\n\r\n".utf8
        ))
      body.append(contentsOf: bytes)
      body.append(Data("\r\n".utf8))
    }
    let config = JSON.object(["configurable": namespace]).text
    body.append(
      Data(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"config\"\r\n\r\n\(config)\r\n--\(boundary)--\r\n"
          .utf8))
    return try await send(
      "POST", "/ingest", raw: Array(body), type: "multipart/form-data; boundary=\(boundary)")
  }

  /// The body of a run on that thread; nil text goes on with what is next.
  func run(_ thread: String, _ text: String?, extra: [String: JSON] = [:]) -> JSON {
    let input: JSON = text.map { [["type": "human", "content": .string($0)]] } ?? nil
    return .object(["thread_id": .string(thread), "input": input].merging(extra) { $1 })
  }

  /// The events of a run, as they come.
  func stream(_ run: JSON) async throws -> ServerSentEvents {
    try await Self.http.events(
      request("POST", "/runs/stream", Array(try JSON.encoded(run)), type: "application/json"))
  }

  /// All events of a run: their names, and the messages as the last event about each left them.
  func turn(_ thread: String, _ text: String?, extra: [String: JSON] = [:]) async throws -> Turn {
    var turn = Turn()
    for try await event in try await stream(run(thread, text, extra: extra)) { turn.take(event) }
    turn.isComplete = true
    return turn
  }

  func messages(_ thread: String) async throws -> [JSON] {
    let values = try await get("/threads/\(thread)/state").json["values"]
    return values?["messages"]?.array ?? values?.array ?? []
  }

  func next(_ thread: String) async throws -> [String] {
    try await get("/threads/\(thread)/state").json["next"]?.array?.compactMap(\.string) ?? []
  }
}

struct Turn {
  private(set) var events: [String] = []
  private(set) var messages: [JSON] = []
  private(set) var error: JSON?
  /// The stream was brought to its end.
  var isComplete = false

  mutating func take(_ event: ServerSentEvent) {
    events.append(event.event)
    let data = try? JSON(parsing: event.data)
    if event.event == "error" { error = data }
    for message in (event.event == "data" ? data?.array : nil) ?? [] {
      if let place = messages.firstIndex(where: { $0["id"] == message["id"] }) {
        messages[place] = message
      } else {
        messages.append(message)
      }
    }
  }

  var answer: String { messages.last?["content"]?.string?.trimmingCharacters(in: .whitespaces) ?? "" }
}
