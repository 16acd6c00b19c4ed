import Conversation
import Testing

@Suite struct SchemaTests {
  @Test func `the configuration's form has its choices inline, with title and default`() async throws {
    try await TestServer.run { server in
      let document = try await server.ask("GET", "/runs/config_schema", as: nil).json
      #expect(document["properties"]?["configurable"]?["$ref"] == "#/$defs/Configurable")
      let configurable = document["$defs"]?["Configurable"]
      #expect(configurable?["type"] == "object" && configurable?["default"] == nil)
      let fields = try #require(configurable?["properties"])
      for (key, title, standard) in [
        ("type", "Bot Type", "agent"), ("type==agent/agent_type", "Agent Type", "GPT 3.5 Turbo"),
        ("type==chatbot/llm_type", "LLM Type", "GPT 3.5 Turbo"),
        ("type==chat_retrieval/llm_type", "LLM Type", "GPT 3.5 Turbo"),
      ] {
        let field = fields[key]
        #expect(field?["type"] == "string" && field?["title"] == .string(title), "\(key)")
        #expect(field?["default"] == .string(standard))
        #expect(field?["enum"]?.array?.contains(.string(standard)) == true)
      }
      #expect(fields["type==agent/interrupt_before_action"]?["default"] == false)
      #expect(fields["type==agent/system_message"]?["title"] == "Instructions")
      #expect(fields["type==agent/retrieval_description"]?["default"]?.string?.isEmpty == false)
    }
  }

  @Test func `each tool is described as the original's page reads it`() async throws {
    try await TestServer.run { server in
      let document = try await server.ask("GET", "/runs/config_schema").json
      let list = document["$defs"]?["Configurable"]?["properties"]?["type==agent/tools"]
      #expect(list?["type"] == "array" && list?["default"] == [])
      let tools = list?["items"]?["anyOf"]?.array ?? []
      let types = tools.map { $0["properties"]?["type"]?["default"] }
      #expect(types.contains("retrieval") && types.contains("echo"))
      let echo = tools.first { $0["properties"]?["type"]?["default"] == "echo" }?["properties"]
      #expect(echo?["name"]?["const"] == "Echo")
      #expect(echo?["description"]?["const"] == "Says it again.")
      #expect(echo?["multi_use"]?["const"] == true)
      #expect(echo?["config"]?["properties"]?["api_key"] == ["title": "Key", "type": "string"])
    }
  }

  @Test func `input and output are described for anybody`() async throws {
    try await TestServer.run { server in
      for name in ["input", "output"] {
        let reply = try await server.ask("GET", "/runs/\(name)_schema", as: nil)
        #expect(reply.status == 200)
        #expect(reply.json["anyOf"]?.array?.isEmpty == false)
      }
    }
  }

  @Test func `an assistant made from the form's defaults works`() async throws {
    try await TestServer.run { server in
      let document = try await server.ask("GET", "/runs/config_schema").json
      let fields = document["$defs"]?["Configurable"]?["properties"]?.object ?? [:]
      let thread = try await server.thread(.object(fields.compactMapValues { $0["default"] }))
      let stream = try await server.stream(TestServer.run(thread, "say x"))
      #expect(stream.data("data").last?[0]?["content"] == "x ", "\(stream.reply.text)")
    }
  }
}
