import Conversation
import Testing

@Suite struct AssistantTests {
  @Test func `an assistant is made, read, changed under its id, listed and deleted`() async throws {
    try await TestServer.run { server in
      let config: JSON = ["configurable": ["type": "chatbot", "type==chatbot/system_message": "Be brief."]]
      let made = try await server.ask("POST", "/assistants", ["name": "Mine", "config": config, "extra": 1])
      #expect(made.status == 200)
      #expect(
        Set(made.json.object?.keys.map { $0 } ?? []) == [
          "assistant_id", "user_id", "name", "config", "updated_at", "public",
        ])
      #expect(made.json["config"] == config)
      #expect(made.json["public"] == false)
      let path = "/assistants/\(made.json["assistant_id"]?.string ?? "")"
      #expect(try await server.ask("GET", path).json == made.json)

      let changed = try await server.ask("PUT", path, ["name": "Ours", "config": [:], "public": true])
      #expect(changed.json["assistant_id"] == made.json["assistant_id"])
      #expect(changed.json["name"] == "Ours")
      #expect(try await server.ask("GET", "/assistants/").json == [changed.json])
      let versions = try await server.ask("GET", "\(path)/versions").json.array ?? []
      #expect(versions.map { $0["name"] } == ["Ours", "Mine"])

      #expect(try await server.ask("DELETE", path).json == ["status": "ok"])
      #expect(try await server.ask("DELETE", path).json == ["status": "ok"])
      #expect(try await server.ask("GET", path).status == 404)
    }
  }

  @Test func `nobody changes or deletes what is somebody else's`() async throws {
    try await TestServer.run { server in
      let id = try await server.assistant(isPublic: true)
      let taken = try await server.ask(
        "PUT", "/assistants/\(id)", ["name": "taken", "config": [:]], as: TestServer.bert)
      #expect(taken.status == 404)
      #expect(taken.detail == "Assistant not found")
      #expect(try await server.ask("DELETE", "/assistants/\(id)", as: TestServer.bert).status == 200)
      #expect(try await server.ask("GET", "/assistants/\(id)").json["name"] == "A")
      #expect(try await server.ask("GET", "/assistants/\(id)/versions", as: TestServer.bert).status == 404)
    }
  }

  @Test func `a private assistant is there for its owner alone`() async throws {
    try await TestServer.run { server in
      let id = try await server.assistant()
      let reply = try await server.ask("GET", "/assistants/\(id)", as: TestServer.bert)
      #expect(reply.status == 404)
      #expect(reply.json == ["detail": "Assistant not found"])
      #expect(try await server.ask("GET", "/assistants/", as: TestServer.bert).json == [])
    }
  }

  @Test func `others see of a public assistant neither prompt nor keys`() async throws {
    try await TestServer.run { server in
      let id = try await server.assistant(
        [
          "type": "agent", "type==agent/agent_type": "GPT 4o", "type==agent/system_message": "secret prompt",
          "system_message": "secret too", "type==agent/retrieval_description": "secret three",
          "type==agent/tools": [
            ["type": "echo", "name": "Echo", "id": "1", "config": ["api_key": "secret key"]]
          ],
        ], isPublic: true)
      let listed = try await server.ask("GET", "/assistants/public/", as: nil)
      let read = try await server.ask("GET", "/assistants/\(id)", as: TestServer.bert)
      for text in [listed.text, read.text] { #expect(!text.contains("secret"), "\(text)") }
      #expect(listed.json[0] == read.json)
      let settings = read.json["config"]?["configurable"]
      #expect(settings?["type"] == "agent")
      #expect(settings?["type==agent/agent_type"] == "GPT 4o")
      #expect(settings?["type==agent/tools"] == [["type": "echo", "name": "Echo"]])
      #expect(try await server.ask("GET", "/assistants/\(id)").text.contains("secret key"))
    }
  }

  @Test func `what is wrong is told with its place, all at once`() async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("POST", "/assistants", ["name": 3, "config": [:], "public": "maybe"])
      #expect(reply.status == 422)
      #expect(reply.json["detail"]?.array?.map { $0["loc"] } == [["body", "name"], ["body", "public"]])
      #expect(reply.json["detail"]?.array?.map { $0["type"] } == ["string_type", "bool_parsing"])
      let missing = try await server.ask("POST", "/assistants", ["name": "x"])
      #expect(
        missing.json["detail"] == [
          ["type": "missing", "loc": ["body", "config"], "msg": "Field required", "input": ["name": "x"]]
        ])
    }
  }

  @Test(arguments: [
    (#"{"name": "#, "json_invalid"), ("", "missing"), ("[1]", "model_attributes_type"),
    (#"{"name": "x", "config": {}, "public": null}"#, "bool_type"),
    (#"{"name": "x", "config": []}"#, "dict_type"), (#"{"name": null, "config": {}}"#, "string_type"),
    (String(repeating: "[", count: 100_000), "json_invalid"), ("\u{0}", "json_invalid"),
    ("NaN", "json_invalid"),
    (#"{"name":"\#(String(repeating: "n", count: 1001))","config":{}}"#, "string_too_long"),
  ])
  func `a bad body is a 422 that says what it is`(body: String, type: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.ask(
        "POST", "/assistants", bytes: Array(body.utf8), type: "application/json")
      #expect(reply.status == 422, "\(reply.text)")
      #expect(reply.json["detail"]?[0]?["type"] == .string(type), "\(reply.text)")
      #expect(reply.bytes.count < 4_000)
    }
  }

  @Test func `broken JSON is told with the byte where it breaks`() async throws {
    try await TestServer.run { server in
      let reply = try await server.ask(
        "POST", "/assistants", bytes: Array(#"{"name": }"#.utf8), type: "application/json")
      #expect(reply.json["detail"]?[0]?["loc"] == ["body", 9], "\(reply.text)")
    }
  }

  @Test func `a body that is no JSON or too large is refused`() async throws {
    try await TestServer.run { server in
      let form = try await server.ask("POST", "/assistants", bytes: Array("a=b".utf8), type: "text/plain")
      #expect(form.status == 415)
      let large = try await server.ask(
        "POST", "/assistants", bytes: Array(repeating: 0x20, count: Limits.jsonBodyBytes + 1),
        type: "application/json")
      #expect(large.status == 413)
      #expect(large.detail?.contains("4194304") == true)
      #expect(try await server.ask("GET", "/ok").status == 200)
    }
  }

  @Test func `an id that is none is not found, and nothing is made under it`() async throws {
    try await TestServer.run { server in
      #expect(try await server.ask("GET", "/assistants/not-a-uuid").status == 404)
      #expect(try await server.ask("DELETE", "/assistants/not-a-uuid").status == 404)
      let put = try await server.ask("PUT", "/assistants/not-a-uuid", ["name": "x", "config": [:]])
      #expect(put.status == 422)
      #expect(put.json["detail"]?[0]?["loc"] == ["path", "assistant_id"])
    }
  }

  @Test func `lists come in pages when asked to`() async throws {
    try await TestServer.run { server in
      for _ in 0..<3 { _ = try await server.assistant() }
      let all = try await server.ask("GET", "/assistants/").json.array ?? []
      #expect(all.count == 3)
      #expect(try await server.ask("GET", "/assistants/?limit=1&offset=1").json == .array([all[1]]))
      #expect(try await server.ask("GET", "/assistants/?limit=0").json == [])
      for query in ["limit=-1", "limit=x", "limit=10001", "offset=-1", "limit=99999999999999999999"] {
        let reply = try await server.ask("GET", "/assistants/?\(query)")
        #expect(reply.status == 422, "\(query)")
        #expect(reply.json["detail"]?[0]?["loc"]?[0] == "query")
      }
    }
  }

  @Test func `whoever sends no cookie is one and the same user`() async throws {
    try await TestServer.run { server in
      let id = try await server.ask("POST", "/assistants", ["name": "x", "config": [:]], as: nil)
      #expect(try await server.ask("GET", "/assistants/", as: nil).json == [id.json])
      #expect(try await server.ask("GET", "/assistants/", as: "static-default-user-id").json == [id.json])
      #expect(try await server.ask("GET", "/assistants/", as: TestServer.anna).json == [])
      #expect(try await server.ask("GET", "/threads/", as: String(repeating: "u", count: 256)).status == 400)
    }
  }
}
