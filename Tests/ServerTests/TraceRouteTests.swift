import Conversation
import Testing

@Suite struct TraceRouteTests {
  @Test func `a run tells what was done for it, to its user alone`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let stream = try await server.stream(TestServer.run(thread, "say one"))
      let run = try #require(stream.runID)
      let path = "/threads/\(thread)/runs/\(run)/trace"
      let trace = try await server.ask("GET", path).json
      #expect(trace["run"]?["run_id"]?.string == run && trace["run"]?["usage"]?["calls"] == 1)
      let spans = try #require(trace["spans"]?.array)
      #expect(spans.map { $0["kind"]?.string } == ["run", "step", "model", "proof", "checkpoint"])
      #expect(spans[0]["attributes"]?["opengpts.request_id"]?.string == stream.reply.field("x-request-id"))
      let strangers = try await server.ask("GET", path, as: TestServer.bert)
      let none = try await server.ask("GET", "/threads/\(thread)/runs/\(Identifier<Run>.random())/trace")
      #expect(strangers.status == 404 && none.status == 404)
    }
  }

  @Test func `one's runs on all threads are listed newest first, by pages`() async throws {
    try await TestServer.run { server in
      var runs: [String?] = []
      for text in ["say one", "say two", "say three"] {
        runs.append(try await server.stream(TestServer.run(server.thread(), text)).runID)
      }
      let all = try await server.ask("GET", "/runs").json.array ?? []
      #expect(all.map { $0["run_id"]?.string } == runs.reversed())
      #expect(all.allSatisfy { $0["status"] == "success" && $0["usage"]?["calls"] == 1 })
      let page = try await server.ask("GET", "/runs?limit=1&offset=1").json.array ?? []
      #expect(page.map { $0["run_id"]?.string } == [runs[1]])
      #expect(try await server.ask("GET", "/runs", as: TestServer.bert).json == [])
    }
  }

  @Test func `traces are taken away with the rest`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      for text in ["say one", "say two"] { _ = try await server.stream(TestServer.run(thread, text)) }
      let runs = try await server.ask("GET", "/export").json["threads"]?[0]?["runs"]?.array ?? []
      #expect(runs.count == 2 && runs.allSatisfy { $0["spans"]?.array?.count == 5 })
    }
  }
}
