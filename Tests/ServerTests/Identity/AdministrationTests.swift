import Conversation
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

@Suite struct AdministrationTests {
  @Test func `users are made, changed and shut out, but never the last who could`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let cara = try await server.person("cara", .admin)
      let made = try await server.ask(
        "POST", "/admin/users", ["login": "Bert", "name": "Bert", "role": "viewer"], with: cara.asSession)
      let password = try #require(made.json["password"]?.string, "\(made.text)")
      let id = made.json["user"]?["user_id"]?.string ?? ""
      let again = try await server.ask("POST", "/admin/users", ["login": "bert "], with: cara.asSession)
      #expect(again.status == 409)
      let signedIn = try await server.ask(
        "POST", "/auth/sign-in", ["login": "bert", "password": .string(password)], with: [])
      let cookie = [("Cookie", String((signedIn.field("set-cookie") ?? "").prefix { $0 != ";" }))]
      #expect(try await server.ask("GET", "/account", with: cookie).json["must_change_password"] == true)
      let changed = try await server.ask(
        "PUT", "/admin/users/\(id)", ["name": "Robert", "role": "member"], with: cara.asSession)
      #expect(changed.json["role"] == "member" && changed.json["name"] == "Robert")
      let reset = try await server.ask("POST", "/admin/users/\(id)/password", [:], with: cara.asSession)
      #expect(reset.json["password"]?.string != nil && reset.json["password"]?.string != password)
      #expect(try await server.ask("GET", "/account", with: cookie).status == 401)
      for change in [["name": "C", "role": "member"], ["name": "C", "disabled": true]] as [JSON] {
        let reply = try await server.ask("PUT", "/admin/users/\(cara.user.id)", change, with: cara.asSession)
        #expect(reply.status == 409, "\(reply.text)")
      }
      #expect(
        try await server.ask("GET", "/admin/users?q=rob", with: cara.asSession).json[0]?["login"] == "bert")
    }
  }

  @Test func `limits say which one it is, and until when`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let cara = try await server.person("cara", .admin)
      let anna = try await server.person("anna")
      let budget = "/admin/users/\(anna.user.id)/budget"
      let assistant =
        try await server.ask(
          "POST", "/assistants", ["name": "A", "config": ["configurable": ["type": "chatbot"]]],
          with: anna.asSession
        ).json["assistant_id"] ?? nil
      var threads: [String] = []
      for _ in 0..<3 {
        threads.append(
          try await server.ask(
            "POST", "/threads", ["name": "T", "assistant_id": assistant], with: anna.asSession
          ).json["thread_id"]?.string ?? "")
      }
      _ = try await server.ask("PUT", "/admin/budget", ["concurrent_runs": 5], with: cara.asSession)
      _ = try await server.ask("PUT", budget, ["concurrent_runs": 2], with: cara.asSession)
      var statuses: [Int] = []
      for thread in threads {
        let reply = try await server.ask(
          "POST", "/runs", TestServer.run(thread, "hold"), with: anna.asSession)
        statuses.append(reply.status)
        if reply.status == 429 { #expect(reply.json["limit"] == ["name": "concurrent_runs", "value": 2]) }
      }
      #expect(statuses == [200, 200, 429])
      server.model.release()

      let set = try await server.ask("PUT", budget, ["requests_per_minute": 3], with: cara.asSession)
      #expect(set.status == 200 && set.json["concurrent_runs"] == nil)
      var last = Reply(status: 0, headers: [], bytes: [])
      for _ in 0..<5 { last = try await server.ask("GET", "/threads", with: anna.asSession) }
      #expect(last.status == 429 && last.json["limit"]?["name"] == "requests_per_minute", "\(last.text)")
      #expect(last.json["until"]?.string.flatMap { Timestamp($0) } != nil && last.field("retry-after") != nil)
      #expect(
        try await server.ask("PUT", budget, ["requests_per_minute": -1], with: cara.asSession).status == 422)
    }
  }

  @Test(arguments: [("tokens_per_month", 1_000), ("microdollars_per_month", 5_000)])
  func `a month's use of models ends with the next run, until the next month`(bound: String, limit: Int)
    async throws
  {
    try await TestServer.run(identity: .accounts) { server in
      let cara = try await server.person("cara", .admin)
      let assistant =
        try await server.ask(
          "POST", "/assistants", ["name": "A", "config": ["configurable": ["type": "chatbot"]]],
          with: cara.asSession
        ).json["assistant_id"] ?? nil
      let thread = try await server.ask(
        "POST", "/threads", ["name": "T", "assistant_id": assistant], with: cara.asSession)
      let id = try #require(thread.json["thread_id"]?.string.flatMap { Identifier<Conversation.Thread>($0) })
      let set = try await server.ask(
        "PUT", "/admin/budget", .object([bound: .integer(limit)]), with: cara.asSession)
      #expect(set.status == 200)
      func run() async throws -> Reply {
        try await server.ask(
          "POST", "/runs", TestServer.run("\(id)", "say a", ["multitask_strategy": "enqueue"]),
          with: cara.asSession)
      }
      #expect(try await run().status == 200)
      let other = Run(
        threadID: id, assistantID: .random(), userID: cara.user.id, status: .success, config: [:])
      try await server.engine.store.record(
        UsageRecord(
          run: other, model: "m", usage: TokenUsage(inputTokens: 600, outputTokens: 400), costMicros: 5_000))
      let refused = try await run()
      #expect(refused.status == 429 && refused.json["limit"]?["name"]?.string == bound, "\(refused.text)")
      #expect(refused.json["until"]?.string?.hasSuffix("-01T00:00:00.000000Z") == true)
    }
  }

  @Test func `files beyond what somebody may store are refused, and nothing of them stays`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let cara = try await server.person("cara", .admin)
      let assistant =
        try await server.ask(
          "POST", "/assistants", ["name": "A", "config": ["configurable": ["type": "chatbot"]]],
          with: cara.asSession
        ).json["assistant_id"]?.string ?? ""
      _ = try await server.ask("PUT", "/admin/budget", ["storage_bytes": 20], with: cara.asSession)
      #expect(try await server.upload("assistant_id", assistant, with: cara.asSession) != nil)
      #expect(
        try await server.upload("assistant_id", assistant, with: cara.asSession) != nil, "it is there already"
      )
      let other = try await server.ask(
        "POST", "/ingest",
        bytes: Array(
          """
          --b\r\nContent-Disposition: form-data; name="files"; filename="b.txt"\r\n\r\nPears are green.\r\n\
          --b\r\nContent-Disposition: form-data; name="config"\r\n\r\n\
          {"configurable":{"assistant_id":"\(assistant)"}}\r\n--b--\r\n
          """.utf8), type: "multipart/form-data; boundary=b", as: nil, headers: cara.asSession)
      #expect(other.status == 507 && other.json["limit"]?["name"] == "storage_bytes", "\(other.text)")
      let files = try await server.ask("GET", "/assistants/\(assistant)/files", with: cara.asSession)
      #expect(files.json.array?.count == 1)
    }
  }

  @Test func `every change an administrator can make is on record`() async throws {
    try await TestServer.run { server in
      for route in Router(engine: server.engine, version: "").routes
      where route.leastRole == .admin && route.method != .get {
        #expect(route.audits != nil, "\(route.method) \(route.path)")
      }
    }
  }

  @Test func `what was done is on record, in pages and as lines`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let cara = try await server.person("cara", .admin)
      let anna = try await server.person("anna")
      let id =
        try await server.ask("POST", "/assistants", ["name": "A", "config": [:]], with: anna.asKey)
        .json["assistant_id"]?.string ?? ""
      _ = try await server.ask("DELETE", "/assistants/\(id)", with: anna.asKey)
      _ = try await server.ask("PUT", "/admin/users/\(anna.user.id)", ["name": "Ann"], with: cara.asSession)
      _ = try await server.ask("PUT", "/admin/users/\(UUID())", ["name": "Ann"], with: cara.asSession)
      let log = try await server.ask("GET", "/admin/audit", with: cara.asSession)
      #expect(
        log.json.array?.compactMap { $0["action"]?.string } == [
          "user.change", "assistant.delete", "assistant.create",
        ])
      #expect(
        log.json[0]?["object"]?.string == "user \(anna.user.id)" && log.json[0]?["address"] == "127.0.0.1")
      #expect(log.json[1]?["user_name"] == "Anna" && log.json[1]?["object"]?.string == "assistant \(id)")
      let part = try await server.ask(
        "GET", "/admin/audit?action=assistant&limit=1&user_id=\(anna.user.id)", with: cara.asSession)
      #expect(part.json.array?.count == 1)
      let lines = try await server.ask("GET", "/admin/audit/export", with: cara.asSession)
      #expect(lines.field("content-type") == "application/x-ndjson")
      #expect(lines.text.split(separator: "\n").count == 3)
      #expect(try await server.ask("GET", "/admin/audit", with: anna.asSession).status == 403)
    }
  }
}
