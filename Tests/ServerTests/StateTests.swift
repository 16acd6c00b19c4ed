import Conversation
import Testing

@Suite struct StateTests {
  private func edit(_ server: TestServer, _ thread: String, _ body: JSON) async throws -> Reply {
    try await server.ask("POST", "/threads/\(thread)/state", body)
  }

  private func values(_ server: TestServer, _ thread: String) async throws -> [JSON] {
    let values = try await server.ask("GET", "/threads/\(thread)/state").json["values"]
    return values?.array ?? values?["messages"]?.array ?? []
  }

  @Test func `every kind of message is kept as it is`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let messages: JSON = [
        ["type": "human", "content": "h", "id": "1"],
        [
          "type": "ai", "content": "", "id": "2",
          "tool_calls": [["name": "f", "args": ["a": 1], "id": "c1"]],
        ],
        ["type": "tool", "content": ["any": ["json"]], "tool_call_id": "c1", "id": "3", "name": "f"],
        ["type": "system", "content": "s", "id": "4"],
        ["type": "function", "content": "fn", "name": "f", "id": "5"],
        ["type": "human", "content": [["type": "text", "text": "multi"]], "id": "6"],
        ["type": "chat", "role": "x", "content": "c", "id": "7"],
      ]
      #expect(try await edit(server, thread, ["values": messages]).json == .null)
      let kept = try await values(server, thread)
      #expect(kept.map { $0["id"]?.string } == ["1", "2", "3", "4", "5", "6", "7"])
      #expect(kept[1]["tool_calls"] == [["name": "f", "args": ["a": 1], "id": "c1", "type": "tool_call"]])
      #expect(kept[2]["content"] == ["any": ["json"]])
      #expect(kept[5]["content"] == [["type": "text", "text": "multi"]])
    }
  }

  @Test func `a known id is replaced, a new one appended, and nothing runs`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let before = try await values(server, thread)
      _ = try await edit(
        server, thread, ["values": [["type": "human", "content": "edited", "id": before[0]["id"] ?? nil]]])
      let after = try await values(server, thread)
      #expect(after.map { $0["content"] } == ["edited", "one "])
      #expect(server.model.asked == 1)
    }
  }

  @Test func `tool calls that are edited are the ones that are made, and those taken out are gone`()
    async throws
  {
    try await TestServer.run { server in
      for calls: JSON in [[["name": "echo", "args": ["text": "other"], "id": "call-1"]], []] {
        let thread = try await server.thread([
          "type": "agent", "type==agent/interrupt_before_action": true, "type==agent/tools": ["echo"],
        ])
        _ = try await server.stream(TestServer.run(thread, "call echo again"))
        var message = try #require(try await values(server, thread).last?.object)
        message["tool_calls"] = calls
        _ = try await edit(server, thread, ["values": [.object(message)]])
        let next = try await server.ask("GET", "/threads/\(thread)/state").json["next"]
        #expect(next == (calls == [] ? [] : ["action"]))
        guard calls != [] else { continue }
        let stream = try await server.stream(TestServer.run(thread, nil))
        let tool = stream.data("data").compactMap { $0[0] }.first { $0["type"] == "tool" }
        #expect(tool?["content"] == "other")
      }
    }
  }

  @Test func `a body cannot reach into another thread`() async throws {
    try await TestServer.run { server in
      let mine = try await server.thread()
      let other = try await server.thread(as: TestServer.bert)
      let reply = try await edit(
        server, mine,
        [
          "values": [["type": "human", "content": "x"]],
          "config": ["configurable": ["thread_id": .string(other)]],
        ])
      #expect(reply.status == 422)
      #expect(reply.json["detail"]?[0]?["loc"] == ["body", "config", "configurable", "thread_id"])
      let theirs = try await server.ask("GET", "/threads/\(other)/state", as: TestServer.bert).json
      #expect(theirs["values"] == .null)
      #expect(try await values(server, mine).isEmpty)
      let own = try await edit(
        server, mine,
        [
          "values": [["type": "human", "content": "x"]],
          "config": ["configurable": ["thread_id": .string(mine)]],
        ])
      #expect(own.status == 200)
    }
  }

  @Test func `a run is found under its own thread alone`() async throws {
    try await TestServer.run { server in
      let (thread, other) = (try await server.thread(), try await server.thread())
      let run = try await server.stream(TestServer.run(thread, "say x")).runID ?? ""
      #expect(try await server.ask("GET", "/threads/\(thread)/runs/\(run)").status == 200)
      for (method, path) in [("GET", ""), ("GET", "/stream"), ("POST", "/cancel")] {
        let reply = try await server.ask(method, "/threads/\(other)/runs/\(run)\(path)")
        #expect(reply.status == 404, "\(path)")
      }
    }
  }

  @Test func `history goes back in pages, and a thread forks from any of its points`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let whole = try await server.ask("GET", "/threads/\(thread)/history").json.array ?? []
      #expect(whole.map { $0["next"] } == [[], ["chatbot"], ["__start__"]])
      #expect(whole[0]["parent"] == whole[1]["config"] && whole[2]["parent"] == .null)
      let first = whole[0]["config"]?["configurable"]?["checkpoint_id"]?.string ?? ""
      let rest = try await server.ask("GET", "/threads/\(thread)/history?limit=1&before=\(first)")
      #expect(rest.json == [whole[1]])
      let unknown = "9cdfa121-7dc7-5065-82ea-057a6adec591"
      for (query, status) in [("before=x", 422), ("before=\(unknown)", 404), ("limit=101", 422)] {
        let reply = try await server.ask("GET", "/threads/\(thread)/history?\(query)")
        #expect(reply.status == status, "\(query): \(reply.text)")
      }

      let config: JSON = [
        "configurable": ["checkpoint_id": whole[1]["config"]?["configurable"]?["checkpoint_id"] ?? nil]
      ]
      let fork = try await server.stream(TestServer.run(thread, nil, ["config": config]))
      #expect(fork.data("data").last?[0]?["content"] == "one ")
      #expect(try await values(server, thread).count == 2)
      let absent = try await edit(
        server, thread,
        [
          "values": [["type": "human", "content": "x"]],
          "config": ["configurable": ["checkpoint_id": .string(unknown)]],
        ])
      #expect(absent.status == 404)
    }
  }

  @Test func `an edit that is wrong is told with its place, and changes nothing`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      for (body, location): (JSON, JSON) in [
        ([:], ["body", "values"]), (["values": "x"], ["body", "values"]),
        (["values": [["type": "remove", "content": "", "id": "3"]]], ["body", "values", 0]),
        (
          ["values": [["type": "ai", "content": "", "tool_calls": [["args": [:]]]]]],
          ["body", "values", 0, "tool_calls", 0, "name"]
        ),
        (["values": [], "config": 3], ["body", "config"]),
      ] {
        let reply = try await edit(server, thread, body)
        #expect(reply.status == 422, "\(reply.text)")
        #expect(reply.json["detail"]?[0]?["loc"] == location, "\(reply.text)")
      }
      let many = JSON.array(
        Array(repeating: ["type": "human", "content": "x"], count: Limits.messagesPerUpdate + 1))
      #expect(try await edit(server, thread, ["values": many]).status == 422)
      #expect(try await values(server, thread).isEmpty)
    }
  }
}
