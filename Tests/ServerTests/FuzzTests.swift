import Conversation
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// Whatever is sent, the server answers with something else than a failure of its own, and goes on.
@Suite struct FuzzTests {
  @Test func `no body makes any route fail`() async throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    try await TestServer.run { server in
      var random = SeededRandom(seed: seed)
      let thread = try await server.thread(["type": "chatbot"])
      let assistant = try await server.assistant()
      // A stream that does not end would hold the rest up.
      let routes = Router(engine: server.engine, version: "").routes.filter { $0.path != "/files/events" }
      for round in 0..<600 {
        let route = routes[round % routes.count]
        let path = Self.path(route.path, thread: thread, assistant: assistant, using: &random)
        let body = Self.value(depth: 0, ids: [thread, assistant], using: &random)
        let reply = try await server.ask(route.method.rawValue, path, route.method == .get ? nil : body)
        #expect(reply.status < 500, "\(route.method) \(path) \(body.text): \(reply.status) \(reply.text)")
        if reply.status == 422 { #expect(reply.json["detail"]?[0]?["loc"]?.array?.isEmpty == false) }
      }
      #expect(try await server.ask("GET", "/readyz").status == 200)
    }
  }

  private static func path(
    _ template: String, thread: String, assistant: String, using random: inout SeededRandom
  ) -> String {
    let odd = [
      "nope", "%00", "..%2f", "9cdfa121-7dc7-5065-82ea-057a6adec591", "%F0%9F%A6%9C", thread, assistant,
    ]
    let path = template.split(separator: "/").map { part -> String in
      guard part.hasPrefix("{") else { return String(part) }
      if Bool.random(using: &random) { return part == "{thread_id}" ? thread : assistant }
      return odd.randomElement(using: &random) ?? ""
    }
    let queries = [
      "", "?limit=1", "?offset=x", "?before=y", "?stream_mode=z", "?from=-1", "?%ff=%zz&&=&limit",
    ]
    return "/" + path.joined(separator: "/") + (queries.randomElement(using: &random) ?? "")
  }

  /// Some JSON, often with members that the server knows.
  private static func value(depth: Int, ids: [String], using random: inout SeededRandom) -> JSON {
    let leaves: [JSON] = [
      nil, true, 0, -1, 1.5e300, .integer(.max), "", "x", "\u{0}", "say hi", "human", "agent", "🦜",
      .string(ids[0]), .string(ids[1]), .string(String(repeating: "y", count: 2_000)),
    ]
    guard depth < 5, Int.random(in: 0..<4, using: &random) > 0 else {
      return leaves.randomElement(using: &random) ?? nil
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      return .array(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          value(depth: depth + 1, ids: ids, using: &random)
        })
    }
    let names = [
      "name", "config", "public", "assistant_id", "thread_id", "input", "values", "messages", "type", "role",
      "content", "configurable", "tool_calls", "id", "stream_mode", "on_disconnect", "multitask_strategy",
      "checkpoint_id", "additional_kwargs", "tools", "args", "usage_metadata", "response_metadata", "status",
    ]
    let members = (0..<Int.random(in: 0...6, using: &random)).map { _ -> (String, JSON) in
      (names.randomElement(using: &random) ?? "", value(depth: depth + 1, ids: ids, using: &random))
    }
    return .object(Dictionary(members) { _, last in last })
  }

  @Test(arguments: [
    "GET * HTTP/1.1", "GET http:// HTTP/1.1", "GET http://[ HTTP/1.1", "GET ?x HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET //a:b@c:99999999999999999999/?# HTTP/1.1", "GET /%zz?%ff=%&limit=%31 HTTP/1.1",
    "GET /assistants/?= HTTP/1.1",
    "CONNECT localhost:1 HTTP/1.1", "GET /ok HTTP/9.9", "GET /ok", "G\u{e9}T /ok HTTP/1.1",
    "GET /\u{e9} HTTP/1.1",
    "GET /assistants/?limit=1&limit=2&limit HTTP/1.1", "TRACE /ok HTTP/1.1", "GET /ok HTTP/1.0",
  ])
  func `no first line ends the server`(line: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.raw("\(line)\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(!reply.hasPrefix("HTTP/1.1 5") || reply.hasPrefix("HTTP/1.1 501"), "\(reply)")
      #expect(try await server.ask("GET", "/ok").status == 200)
    }
  }

  @Test(arguments: [
    "Cookie: opengpts_user_id", "Cookie: =;;=;opengpts_user_id==x; opengpts_user_id=y", "Cookie: \u{1}",
    "Cookie: opengpts_user_id=\"a\"", "If-None-Match: ,,,\"", "Last-Event-ID: \u{e9}-", "Content-Type: ;;;=",
    "Sec-Fetch-Site: ", "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: x",
    "Expect: 200-ok", "Upgrade: h2c\r\nConnection: Upgrade", "Content-Type: multipart/form-data; boundary=\"",
  ])
  func `no header field ends the server`(field: String) async throws {
    try await TestServer.run { server in
      for line in [
        "GET /assistants/ HTTP/1.1", "GET / HTTP/1.1", "POST /ingest HTTP/1.1", "POST /runs HTTP/1.1",
      ] {
        let reply = try await server.raw(
          "\(line)\r\nHost: localhost\r\n\(field)\r\nConnection: close\r\n\r\n")
        #expect(!reply.hasPrefix("HTTP/1.1 5") || reply.hasPrefix("HTTP/1.1 501"), "\(line): \(reply)")
      }
      #expect(try await server.ask("GET", "/ok").status == 200)
    }
  }
}
