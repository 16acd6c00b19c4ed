import Conversation
import Foundation
import Testing

/// Search over everything, opinions, preferences, and taking everything away.
@Suite struct FindTests {
  private func find(_ server: TestServer, _ query: String, as user: String = TestServer.anna) async throws
    -> JSON
  {
    let text = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return try await server.ask("GET", "/search/everything?query=\(text)", as: user).json
  }

  @Test func `what was said is found by its words, lit, and only by whose it is`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say the heron fishes at dawn"))
      let found = try await find(server, "herons fish")["messages"]?["items"]?.array ?? []
      #expect(Set(found.compactMap { $0["type"]?.string }) == ["human", "ai"])
      #expect(found.allSatisfy { $0["thread_id"] == .string(thread) })
      let lit = found[0]["excerpt"]?.array?.filter { $0["is_match"] == true }.compactMap {
        $0["text"]?.string
      }
      #expect(lit?.contains("fish") == true)
      #expect(try await find(server, "heron", as: TestServer.bert)["messages"]?["items"] == [])
    }
  }

  @Test func `in a script without spaces any part of a sentence is found`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say 苍鹭在黎明时捕鱼"))
      #expect(try await find(server, "黎明")["messages"]?["items"]?.array?.isEmpty == false)
      #expect(try await find(server, "黄昏")["messages"]?["items"] == [])
    }
  }

  @Test func `files, assistants and threads are found too, and what is deleted is not`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant([
        "type": "chatbot", "type==chatbot/system_message": "Be an ornithologist",
      ])
      let thread = try await server.ask(
        "POST", "/threads", ["name": "Ornithology", "assistant_id": .string(assistant)])
      let id = try #require(thread.json["thread_id"]?.string)
      _ = try await server.stream(TestServer.run(id, "say ornithology"))
      let found = try await find(server, "ornitho")
      #expect(
        found["assistants"]?["items"]?.array?.count == 1 && found["threads"]?["items"]?.array?.count == 1)
      #expect(found["messages"]?["items"]?.array?.count == 2)
      _ = try await server.file(in: id)
      _ = try await server.ask("DELETE", "/threads/\(id)")
      let rest = try await find(server, "ornitho")
      #expect(rest["threads"]?["items"] == [] && rest["messages"]?["items"] == [])
    }
  }

  @Test func `pages follow each other, and one kind can be asked for alone`() async throws {
    try await TestServer.run { server in
      for _ in 0..<3 { _ = try await server.thread() }
      let first = try await server.ask("GET", "/search/everything?query=T&kind=threads&limit=2").json
      #expect(first["threads"]?["items"]?.array?.count == 2 && first["threads"]?["has_more"] == true)
      #expect(first["messages"] == nil)
      let second = try await server.ask("GET", "/search/everything?query=T&kind=threads&limit=2&offset=2")
        .json
      #expect(second["threads"]?["items"]?.array?.count == 1 && second["threads"]?["has_more"] == false)
    }
  }

  @Test(arguments: ["\"", "NEAR(", "a*", "text : b", "*", "'; --", "-", "a AND", "\u{0}", "%", "\\"])
  func `no query is an operator`(query: String) async throws {
    try await TestServer.run { server in
      let found = try await find(server, query)
      #expect(found["messages"]?["items"] == [])
    }
  }
}

// MARK: Opinions

extension FindTests {
  @Test func `an opinion is kept with its run, replaced, and taken back`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let run = try #require(try await server.stream(TestServer.run(thread, "say one")).runID)
      func opine(_ more: [String: JSON], as user: String = TestServer.anna) async throws -> Reply {
        let body: [String: JSON] = ["run_id": .string(run), "key": "user_score"]
        return try await server.ask("POST", "/runs/feedback", .object(body.merging(more) { $1 }), as: user)
      }
      #expect(try await opine(["score": 1]).json == ["status": "ok"])
      #expect(try await opine(["score": 0, "comment": "wrong"]).status == 200)
      let kept = try await server.ask("GET", "/threads/\(thread)/feedback").json.array ?? []
      #expect(kept.map { $0["score"] } == [0] && kept.first?["comment"] == "wrong")
      #expect(try await opine([:]).status == 200)
      #expect(try await server.ask("GET", "/threads/\(thread)/feedback").json == [])
      #expect(try await opine(["score": 1], as: TestServer.bert).detail == "Run not found")
      #expect(try await opine(["score": "high"]).status == 422)
    }
  }

  @Test func `preferences are kept one by one, for each person alone`() async throws {
    try await TestServer.run { server in
      let both: JSON = ["a": [1], "b": true]
      let kept = try await server.ask("POST", "/preferences", both)
      #expect(kept.json == both)
      #expect(try await server.ask("POST", "/preferences", ["b": nil]).json == ["a": [1]])
      #expect(try await server.ask("GET", "/preferences").json == ["a": [1]])
      #expect(try await server.ask("GET", "/preferences", as: TestServer.bert).json == [:])
      let many = Dictionary(
        uniqueKeysWithValues: (0...Limits.preferences).map { ("n\($0)", JSON.integer($0)) })
      #expect(try await server.ask("POST", "/preferences", .object(many)).status == 422)
      #expect(try await server.ask("GET", "/preferences").json == ["a": [1]])
    }
  }

  @Test func `everything can be taken away in one document, and nobody else's`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.file(in: thread)
      _ = try await server.stream(TestServer.run(thread, "say one"))
      _ = try await server.thread(as: TestServer.bert)
      let reply = try await server.ask("GET", "/export")
      #expect(reply.field("content-disposition")?.contains("attachment") == true)
      let threads = reply.json["threads"]?.array ?? []
      #expect(threads.count == 1 && threads[0]["messages"]?.array?.count == 2)
      let content = threads[0]["files"]?[0]?["content"]?.string ?? ""
      #expect(Data(base64Encoded: content)?.isEmpty == false)
      #expect(reply.json["assistants"]?[0]?["versions"]?.array?.count == 1)
    }
  }
}
