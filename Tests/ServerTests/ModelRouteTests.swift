import Conversation
import Testing

@testable import Server

@Suite struct ModelRouteTests {
  @Test func `models are listed with what they can, and keys never leave`() async throws {
    try await TestServer.run { server in
      let body: JSON = [
        "provider": "compatible", "model": "m", "base_url": "https://models.example/v1",
        "max_output_tokens": nil,
        "api_key": "sk-secret", "effort": nil, "tools": nil, "images": nil, "fallback": nil,
        "input_price": 1, "output_price": 2, "context_tokens": 8_000,
      ]
      let saved = try await server.ask("PUT", "/models/Mine%2F1", body)
      #expect(saved.status == 200 && saved.json["name"] == "Mine/1" && saved.json["has_key"] == true)
      let list = try await server.ask("GET", "/models")
      #expect(!list.text.contains("sk-secret") && !saved.text.contains("sk-secret"))
      let mine = try #require(list.json.array?.first { $0["name"] == "Mine/1" })
      #expect(mine["origin"] == "administrator" && mine["pinned"] == false && mine["context_tokens"] == 8_000)
      #expect(try await server.ask("GET", "/models?limit=1").json.array?.count == 1)
      let schema = try await server.ask("GET", "/runs/config_schema").text
      #expect(schema.contains("Mine/1"))
      #expect(try await server.ask("DELETE", "/models/Mine%2F1").status == 200)
      #expect(try await server.ask("DELETE", "/models/Mine%2F1").status == 404)
    }
  }

  @Test(
    arguments: [
      (["provider": "nobody", "model": "m"], "provider"), (["model": "m"], "provider"),
      (["provider": "openai", "model": "m", "basurl": "x"], "basurl"),
      (["provider": "openai", "model": "m", "base_url": "file:///etc/passwd"], "base_url"),
    ] as [(JSON, String)])
  func `a model that makes no sense is refused with the place`(body: JSON, key: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("PUT", "/models/x", body)
      #expect(reply.status == 422 && reply.json["detail"]?[0]?["loc"] == ["body", .string(key)])
    }
  }

  @Test func `a run tells what it took, and use is summed up for its user alone`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let run = try #require(try await server.stream(TestServer.run(thread, "say hi there")).runID)
      let usage = try await server.ask("GET", "/threads/\(thread)/runs/\(run)").json["usage"]
      #expect(usage?["calls"] == 1 && usage?["unpriced_calls"] == 1)
      #expect(try await server.ask("GET", "/threads/\(thread)/runs").json[0]?["usage"] == usage)
      for grouping in ["day", "model", "assistant"] {
        let reply = try await server.ask("GET", "/usage?group_by=\(grouping)")
        #expect(reply.json["total"]?["calls"] == 1 && reply.json["items"]?.array?.count == 1)
      }
      #expect(try await server.ask("GET", "/usage", as: TestServer.bert).json["total"]?["calls"] == 0)
      #expect(
        try await server.ask("GET", "/usage?scope=everybody", as: TestServer.bert).json["total"]?["calls"]
          == 1)
      #expect(
        try await server.ask("GET", "/usage?from=2020-01-01&to=2020-01-02").json["total"]?["calls"] == 0)
      for wrong in ["group_by=x", "from=yesterday", "scope=y", "to=2026-13-45"] {
        #expect(try await server.ask("GET", "/usage?\(wrong)").status == 422, "\(wrong)")
      }
    }
  }
}
