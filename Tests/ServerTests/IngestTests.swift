import Conversation
import Foundation
import Testing

@Suite struct IngestTests {
  private func form(_ files: [(name: String, text: String)], config: String?) -> [UInt8] {
    let parts = files.map { file in
      "--XxB\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\(file.name)\"\r\n"
        + "Content-Type: text/plain\r\n\r\n\(file.text)\r\n"
    }
    let field = config.map {
      "--XxB\r\nContent-Disposition: form-data; name=\"config\"\r\n\r\n\($0)\r\n"
    }
    return Array((parts.joined() + (field ?? "") + "--XxB--\r\n").utf8)
  }

  private func ingest(
    _ server: TestServer, _ files: [(name: String, text: String)], config: String?, as user: String = "anna"
  ) async throws -> Reply {
    try await server.ask(
      "POST", "/ingest", bytes: form(files, config: config), type: "multipart/form-data; boundary=XxB",
      as: user)
  }

  private func owner(_ kind: String, _ id: String) -> String { #"{"configurable":{"\#(kind)":"\#(id)"}}"# }

  @Test func `files become knowledge, are listed, read, downloaded and deleted`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant(["type": "chat_retrieval"])
      let text = "Bears eat honey. 🦜 They sleep in winter."
      let reply = try await ingest(
        server, [("bears \u{e4}\".txt", text), ("cars.txt", "Cars burn petrol.")],
        config: owner("assistant_id", assistant))
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json.array?.map { $0.array?.count } == [1, 1])
      #expect(UUID(uuidString: reply.json[0]?[0]?.string ?? "") != nil)

      let files = try await server.ask("GET", "/assistants/\(assistant)/files").json.array ?? []
      #expect(files.count == 2)
      let bears = try #require(files.first { $0["name"]?.string?.hasPrefix("bears") == true })
      #expect(bears["status"] == "indexed")
      let path = "/files/\(bears["file_id"]?.string ?? "")"
      #expect(try await server.ask("GET", path).json == bears)

      let content = try await server.ask("GET", "\(path)/content")
      #expect(content.text == text)
      #expect(content.field("content-disposition")?.hasPrefix("attachment; filename=\"bears") == true)
      #expect(content.field("content-type") == "application/octet-stream")
      #expect(content.field("x-content-type-options") == "nosniff")
      #expect(content.field("content-security-policy")?.contains("sandbox") == true)

      let part = try await server.ask("GET", "\(path)/text?from=17&to=23").json
      #expect(part["text"] == "🦜 They")
      #expect(part["from"] == 17 && part["to"] == 23 && part["length"] == .integer(text.unicodeScalars.count))
      #expect(try await server.ask("GET", "\(path)/text?from=9999&to=3").json["text"] == "")
      #expect(try await server.ask("GET", "\(path)/text?from=x").status == 422)

      #expect(try await server.ask("DELETE", path).json == ["status": "ok"])
      #expect(try await server.ask("DELETE", path).status == 404)
      #expect(try await server.ask("GET", "\(path)/content").status == 404)
      #expect(try await server.ask("GET", "/assistants/\(assistant)/files").json.array?.count == 1)
    }
  }

  @Test func `the same file again is what is there`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let config = owner("thread_id", thread)
      let first = try await ingest(server, [("a.txt", "Some text.")], config: config)
      let second = try await ingest(server, [("a.txt", "Some text.")], config: config)
      #expect(first.json == second.json)
      #expect(try await server.ask("GET", "/threads/\(thread)/files").json.array?.count == 1)
    }
  }

  @Test func `nobody adds to what is somebody else's, shared or not`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      for isPublic in [true, false] {
        let assistant = try await server.assistant(isPublic: isPublic)
        let reply = try await ingest(
          server, [("a.txt", "x")], config: owner("assistant_id", assistant), as: TestServer.bert)
        #expect(reply.status == 404)
        #expect(reply.detail == "Assistant not found.")
      }
      let reply = try await ingest(
        server, [("a.txt", "x")], config: owner("thread_id", thread), as: TestServer.bert)
      #expect(reply.status == 404)
      #expect(reply.detail == "Thread not found.")
    }
  }

  @Test func `a file is not there for others`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await ingest(server, [("a.txt", "Some text.")], config: owner("thread_id", thread))
      let id = try await server.ask("GET", "/threads/\(thread)/files").json[0]?["file_id"]?.string ?? ""
      for (method, path) in [
        ("GET", "/files/\(id)"), ("GET", "/files/\(id)/content"), ("GET", "/files/\(id)/text"),
        ("DELETE", "/files/\(id)"), ("GET", "/files/nope"), ("GET", "/threads/\(thread)/files"),
      ] {
        let reply = try await server.ask(method, path, as: TestServer.bert)
        #expect(reply.status == 404, "\(method) \(path)")
      }
      #expect(try await server.ask("GET", "/files/\(id)").status == 200)
    }
  }

  @Test(arguments: [
    (nil, 422), ("not JSON", 422), ("{}", 422), (#"{"configurable":{}}"#, 422), ("[]", 422),
    (#"{"configurable":{"assistant_id":"A","thread_id":"T"}}"#, 422),
    (#"{"configurable":{"assistant_id":"nope"}}"#, 422),
    (#"{"configurable":{"assistant_id":7}}"#, 422), (#"{"configurable":3}"#, 422),
    (#"{"configurable":{"assistant_id":"9cdfa121-7dc7-5065-82ea-057a6adec591"}}"#, 404),
  ])
  func `exactly one owner is named`(config: String?, status: Int) async throws {
    try await TestServer.run { server in
      let reply = try await ingest(server, [("a.txt", "x")], config: config)
      #expect(reply.status == status, "\(reply.text)")
    }
  }

  @Test func `what is no form with files is refused`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let config = owner("thread_id", thread)
      #expect(try await ingest(server, [], config: config).status == 422)
      #expect(try await server.ask("POST", "/ingest", ["a": 1]).status == 415)
      for type in ["multipart/form-data", "multipart/form-data; boundary="] {
        let reply = try await server.ask(
          "POST", "/ingest", bytes: form([("a", "x")], config: config), type: type)
        #expect(reply.status == 400)
      }
      let cut = Array(form([("a", "x")], config: config).dropLast(6))
      let reply = try await server.ask(
        "POST", "/ingest", bytes: cut, type: "multipart/form-data; boundary=XxB")
      #expect(reply.status == 400)
      let many = try await ingest(server, (0...100).map { ("f\($0).txt", "x") }, config: config)
      #expect(many.status == 413)
      let text = "--XxB\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\nx\r\n--XxB--"
      let noName = try await server.ask(
        "POST", "/ingest", bytes: Array(text.utf8), type: "multipart/form-data; boundary=XxB")
      #expect(noName.status == 422)
      #expect(try await server.ask("GET", "/threads/\(thread)/files").json == [])
    }
  }

  @Test func `a file that cannot be read is told by name, and stays in the list with its reason`()
    async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let reply = try await ingest(
        server, [("good.txt", "Fine text."), ("bad.pdf", "%PDF-1.4 garbage")],
        config: owner("thread_id", thread))
      #expect((400..<500).contains(reply.status), "\(reply.text)")
      #expect(reply.detail?.contains("bad.pdf") == true)
      let files = try await server.ask("GET", "/threads/\(thread)/files").json.array ?? []
      #expect(Set(files.map { $0["status"] }) == ["indexed", "failed"])
      let bad = files.first { $0["status"] == "failed" }
      #expect(bad?["error"]?.string?.isEmpty == false)
      #expect(try await server.ask("GET", "/files/\(bad?["file_id"]?.string ?? "")/text").status == 404)
    }
  }

  @Test func `an answer cites what was uploaded`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread(["type": "chat_retrieval"])
      _ = try await ingest(server, [("bears.txt", "Bears eat honey.")], config: owner("thread_id", thread))
      let stream = try await server.stream(
        [
          "thread_id": .string(thread),
          "input": ["messages": [["type": "human", "content": "what do bears eat"]]],
        ])
      let tool = stream.data("data").compactMap { $0[0] }.first { $0["type"] == "tool" }
      #expect(tool?["name"] == "retrieval")
      #expect(tool?["content"]?[0]?["page_content"] == "Bears eat honey.")
      let state = try await server.ask("GET", "/threads/\(thread)/state").json
      #expect(state["values"]?["msg_count"] == 2)
      #expect(state["values"]?["messages"]?.array?.count == 4)
      #expect(try await server.ask("GET", "/threads/\(thread)/history").status == 200)
    }
  }
}
