import Conversation
import Testing

@Suite struct ThreadTests {
  @Test func `a thread is made, read, changed, listed and deleted`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant(["type": "chat_retrieval"])
      let made = try await server.ask("POST", "/threads", ["name": "T", "assistant_id": .string(assistant)])
      #expect(made.status == 200)
      #expect(made.json["metadata"] == ["assistant_type": "chat_retrieval"])
      #expect(made.json["assistant_id"] == .string(assistant))
      let path = "/threads/\(made.json["thread_id"]?.string ?? "")"
      let changed = try await server.ask("PUT", path, ["name": "U", "assistant_id": .string(assistant)])
      #expect(changed.json["name"] == "U")
      #expect(try await server.ask("GET", path).json == changed.json)
      #expect(try await server.ask("GET", "/threads").json == [changed.json])
      #expect(try await server.ask("GET", "\(path)/state").json == ["values": nil, "next": []])
      #expect(try await server.ask("GET", "\(path)/history").json == [])
      #expect(try await server.ask("DELETE", path).json == ["status": "ok"])
      #expect(try await server.ask("GET", path).json == ["detail": "Thread not found"])
    }
  }

  @Test func `every door of somebody else's thread is closed`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let run = try #require(try await server.stream(TestServer.run(thread, "say hi")).runID)
      let assistant = try await server.assistant(as: TestServer.bert)
      let message: JSON = [["type": "human", "content": "x"]]
      let rows: [(String, String, JSON?)] = [
        ("GET", "/threads/\(thread)", nil), ("GET", "/threads/\(thread)/state", nil),
        ("PUT", "/threads/\(thread)", ["name": "stolen", "assistant_id": .string(assistant)]),
        ("POST", "/threads/\(thread)/state", ["values": message]),
        ("GET", "/threads/\(thread)/history", nil), ("GET", "/threads/\(thread)/files", nil),
        ("GET", "/threads/\(thread)/runs", nil), ("GET", "/threads/\(thread)/runs/\(run)", nil),
        ("GET", "/threads/\(thread)/runs/\(run)/stream", nil),
        ("POST", "/threads/\(thread)/runs/\(run)/cancel", nil),
        ("POST", "/runs", ["thread_id": .string(thread), "input": message]),
        ("POST", "/runs/stream", ["thread_id": .string(thread), "input": message]),
      ]
      for (method, path, body) in rows {
        let reply = try await server.ask(method, path, body, as: TestServer.bert)
        #expect(reply.status == 404, "\(method) \(path): \(reply.text)")
        #expect(["Thread not found", "Run not found"].contains(reply.detail))
      }
      #expect(try await server.ask("DELETE", "/threads/\(thread)", as: TestServer.bert).status == 200)
      #expect(try await server.ask("GET", "/threads/\(thread)").json["name"] == "T")
      #expect(try await server.ask("GET", "/threads/", as: TestServer.bert).json == [])
    }
  }

  @Test func `a thread needs an assistant that its user may see`() async throws {
    try await TestServer.run { server in
      let hidden = try await server.assistant(as: TestServer.bert)
      for id in [hidden, "9cdfa121-7dc7-5065-82ea-057a6adec591"] {
        let reply = try await server.ask("POST", "/threads", ["name": "x", "assistant_id": .string(id)])
        #expect(reply.status == 404)
        #expect(reply.detail == "Assistant not found")
      }
      let shared = try await server.assistant(isPublic: true, as: TestServer.bert)
      #expect(
        try await server.ask("POST", "/threads", ["name": "x", "assistant_id": .string(shared)]).status == 200
      )
      for body: JSON in [
        ["name": "x", "assistant_id": "nope"], ["name": "x"], ["name": "x", "assistant_id": nil],
      ] {
        #expect(try await server.ask("POST", "/threads", body).status == 422)
      }
    }
  }

  @Test func `a thread is named after a message of any length`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant()
      let long = String(repeating: "ä", count: 5_000)
      let reply = try await server.ask(
        "POST", "/threads", ["name": .string(long), "assistant_id": .string(assistant)])
      #expect(reply.status == 200)
      #expect(reply.json["name"]?.string == String(repeating: "ä", count: Limits.nameCharacters))
    }
  }

  @Test func `a thread outlives its assistant and says so`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant()
      let thread = try await server.ask(
        "POST", "/threads", ["name": "x", "assistant_id": .string(assistant)])
      let id = thread.json["thread_id"]?.string ?? ""
      _ = try await server.ask("DELETE", "/assistants/\(assistant)")
      #expect(try await server.ask("GET", "/threads/\(id)").json["assistant_id"] == .null)
      for (method, path, body): (String, String, JSON?) in [
        ("GET", "/threads/\(id)/state", nil), ("GET", "/threads/\(id)/history", nil),
        ("POST", "/threads/\(id)/state", ["values": [["type": "human", "content": "x"]]]),
        ("POST", "/runs/stream", TestServer.run(id, "hi")),
      ] {
        let reply = try await server.ask(method, path, body)
        #expect(reply.status == 400, "\(method) \(path)")
        #expect(reply.detail == "Thread has no assistant")
      }
    }
  }

  @Test func `a deleted thread leaves nothing under its id`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant()
      let path = "/threads/9cdfa121-7dc7-5065-82ea-057a6adec591"
      let body: JSON = ["name": "x", "assistant_id": .string(assistant)]
      _ = try await server.ask("PUT", path, body)
      _ = try await server.stream(TestServer.run("9cdfa121-7dc7-5065-82ea-057a6adec591", "say hi"))
      _ = try await server.ask("DELETE", path)
      _ = try await server.ask("PUT", path, body)
      #expect(try await server.ask("GET", "\(path)/state").json == ["values": nil, "next": []])
      #expect(try await server.ask("GET", "\(path)/runs").json == [])
    }
  }

  @Test func `deleting a thread stops what goes on in it`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.ask("POST", "/runs", TestServer.run(thread, "hold"))
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      #expect(try await server.ask("DELETE", "/threads/\(thread)").status == 200)
      #expect(server.model.stopped == 1)
    }
  }
}
