import Conversation
import Foundation
import Testing

@testable import Server

@Suite struct ToolRouteTests {
  static let document: JSON = [
    "openapi": "3.1.0", "info": ["title": "Shop"], "servers": [["url": "https://shop.example/v1/"]],
    "paths": [
      "/items/{id}": [
        "get": [
          "operationId": "getItem", "summary": "One item",
          "parameters": [["name": "id", "in": "path", "required": true, "schema": ["type": "string"]]],
        ],
        "delete": ["operationId": "deleteItem"],
      ]
    ],
  ]

  @Test func `a described service is made, changed, listed and deleted, and its secret never comes back`()
    async throws
  {
    try await TestServer.run { server in
      let secret = "hush-\(UUID().uuidString)"
      let made = try await server.ask(
        "POST", "/tools",
        [
          "document": Self.document, "operations": ["getItem"], "secret": .string(secret),
          "authentication": ["type": "bearer"],
        ])
      #expect(made.status == 200 && made.json["name"] == "Shop")
      #expect(made.json["base_url"] == "https://shop.example/v1" && made.json["has_secret"] == true)
      let operations = made.json["available_operations"]?.array ?? []
      #expect(operations.map { $0["id"]?.string } == ["getItem", "deleteItem"])
      #expect(operations[1]["obstacle"]?.string?.contains("id") == true)
      let id = try #require(made.json["tool_id"]?.string)
      let changed = try await server.ask("PUT", "/tools/\(id)", ["name": "Store", "operations": []])
      #expect(changed.json["name"] == "Store" && changed.json["has_secret"] == true)
      let catalog = try await server.ask("GET", "/tools/catalog")
      let listed = try await server.ask("GET", "/tools")
      for reply in [made, changed, catalog, listed, try await server.ask("GET", "/tools/\(id)")] {
        #expect(reply.status == 200 && !reply.text.contains(secret))
      }
      #expect(catalog.json.array?.last?["config"]?["tool_id"]?.string == id)
      #expect(try await server.ask("PUT", "/tools/\(id)", ["secret": nil]).json["has_secret"] == false)
      #expect(try await server.ask("DELETE", "/tools/\(id)").status == 200)
      #expect(try await server.ask("GET", "/tools/\(id)").status == 404)
    }
  }

  @Test func `somebody else's service is not there, by any verb, nor for an assistant`() async throws {
    try await TestServer.run { server in
      let made = try await server.ask(
        "POST", "/tools", ["document": Self.document, "operations": ["getItem"]])
      let id = try #require(made.json["tool_id"]?.string)
      for (method, path, body) in [
        ("GET", "/tools/\(id)", nil), ("PUT", "/tools/\(id)", ["name": "Mine"]),
        ("DELETE", "/tools/\(id)", nil),
        ("POST", "/tools/\(id)/try", ["operation": "getItem"]),
      ] as [(String, String, JSON?)] {
        #expect(try await server.ask(method, path, body, as: TestServer.bert).status == 404, "\(method)")
      }
      let thread = try await server.thread(
        ["type": "agent", "type==agent/tools": [["type": "openapi", "config": ["tool_id": .string(id)]]]],
        as: TestServer.bert)
      let stream = try await server.stream(TestServer.run(thread, "hi"), as: TestServer.bert)
      #expect(stream.data("error").first?["code"] == "tool_unavailable")
    }
  }

  @Test func `what is no document, or lacks something, is told with its place`() async throws {
    try await TestServer.run { server in
      for (body, place) in [
        ([:], "document"), (["document": "no: json"], "document"),
        (["document": ["swagger": "2.0"]], "document"),
        (["document": ["openapi": "3.0.0", "paths": [:]]], "base_url"),
        (["url": "file:///etc/passwd"], "url"),
        (["url": "http://169.254.169.254/"], "url"),
        (["document": Self.document, "authentication": ["type": "api_key_header"]], "authentication"),
        (["document": Self.document, "authentication": ["type": "magic"]], "authentication"),
        (["document": Self.document, "secret": "a\nb"], "secret"),
        (["document": Self.document, "base_url": "ftp://x"], "base_url"),
      ] as [(JSON, String)] {
        let reply = try await server.ask("POST", "/tools", body)
        #expect(
          reply.status == 422 && reply.json["detail"]?[0]?["loc"]?[1]?.string == place,
          "\(body) \(reply.text)")
      }
    }
  }

  @Test func `an operation is tried through the egress policy, and the refusal is told`() async throws {
    try await TestServer.run { server in
      let made = try await server.ask(
        "POST", "/tools", ["document": Self.document, "base_url": "http://127.0.0.1:9"])
      let id = try #require(made.json["tool_id"]?.string)
      let reply = try await server.ask(
        "POST", "/tools/\(id)/try", ["operation": "getItem", "arguments": ["id": "7"]])
      #expect(reply.json["ok"] == false && reply.json["result"]?.string?.contains("private network") == true)
      let missing = try await server.ask("POST", "/tools/\(id)/try", ["operation": "getItem"])
      #expect(missing.json["result"]?.string?.contains("\"id\" is missing") == true)
    }
  }

  @Test func `what waits is shown, decided by a run, and a stale decision is a conflict`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread([
        "type": "agent", "type==agent/tools": [["type": "echo", "permission": "ask"]],
      ])
      _ = try await server.stream(TestServer.run(thread, "call echo hi"))
      let waiting = try await server.ask("GET", "/threads/\(thread)/approvals/pending").json
      let call = try #require(waiting[0]?["call_id"]?.string)
      let hash = try #require(waiting[0]?["arguments_hash"]?.string)
      #expect(waiting[0]?["cause"] == "permission" && waiting[0]?["decision"] == .null)

      func decide(_ decision: [String: JSON]) async throws -> Reply {
        try await server.ask(
          "POST", "/runs/stream",
          ["thread_id": .string(thread), "input": nil, "decisions": [.object(decision)]])
      }
      let stale = try await decide(
        [
          "call_id": .string(call), "action": "approve",
          "arguments_hash": .string(String(repeating: "0", count: 64)),
        ])
      #expect(stale.status == 409)
      for wrong in [
        ["call_id": .string(call), "action": "perhaps"], ["action": "refuse"],
        ["call_id": .string(call), "action": "approve"],
      ] as [[String: JSON]] {
        #expect(try await decide(wrong).status == 422)
      }
      let edited = try await decide([
        "call_id": .string(call), "action": "edit", "arguments_hash": .string(hash),
        "arguments": ["text": "ho"],
      ])
      #expect(edited.status == 200)
      let state = try await server.ask("GET", "/threads/\(thread)/state").json
      #expect(state["values"]?.array?.contains { $0["type"] == "tool" && $0["content"] == "ho" } == true)
      let audit = try await server.ask("GET", "/threads/\(thread)/approvals").json
      #expect(audit[0]?["decision"]?["action"] == "edit" && audit[0]?["arguments"] == ["text": "hi"])
      for path in ["approvals", "approvals/pending"] {
        #expect(try await server.ask("GET", "/threads/\(thread)/\(path)", as: TestServer.bert).status == 404)
      }
    }
  }
}
