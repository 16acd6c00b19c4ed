import Conversation
import Foundation
import HTTPTypes
import Testing

@testable import Server

@Suite struct OpenAPITests {
  @Test func `the document names the routes of the table, each once, and no others`() async throws {
    try await TestServer.run { server in
      let table = Router(engine: server.engine, version: "").routes.map {
        "\($0.method.rawValue.lowercased()) \($0.path)"
      }
      let paths = try await server.document["paths"]?.object ?? [:]
      let named = paths.flatMap { path, item in (item.object ?? [:]).keys.map { "\($0) \(path)" } }
      #expect(named.sorted() == table.sorted())
      let ids = OpenAPIDocument.operations.map(\.id)
      #expect(Set(ids).count == ids.count)
    }
  }

  @Test func `who may ask is said as the table has it`() async throws {
    try await TestServer.run { server in
      let paths = try await server.document["paths"]
      for route in Router(engine: server.engine, version: "").routes {
        let operation = paths?[route.path]?[route.method.rawValue.lowercased()]
        #expect((operation?["security"] != nil) == (route.leastRole != nil), "\(route.method) \(route.path)")
      }
    }
  }

  @Test func `every reference and every link leads somewhere, and no schema is left over`() async throws {
    try await TestServer.run { server in
      let document = try await server.document
      let references = Set(document.all("$ref").compactMap(\.string))
      for reference in references {
        #expect(document.target(of: reference) != nil, "\(reference)")
      }
      for name in (document["components"]?["schemas"]?.object ?? [:]).keys {
        #expect(references.contains("#/components/schemas/\(name)"), "\(name)")
      }
      let ids = Set(OpenAPIDocument.operations.map(\.id))
      for link in OpenAPIDocument.operations.flatMap(\.links) {
        #expect(ids.contains(link.operation), "\(link.operation)")
      }
    }
  }

  @Test func `anybody may read it, and it names the program's version`() async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("GET", "/openapi.json", as: nil)
      #expect(reply.status == 200 && reply.field("content-type") == "application/json")
      #expect(reply.json["openapi"] == "3.1.0" && reply.json["info"]?["version"] == "1.2.3")
    }
  }
}

// MARK: Around it

extension OpenAPITests {
  @Test(arguments: ["/docs", "/docs/"])
  func `a page of this server's own shows it`(path: String) async throws {
    try await TestServer.run { server in
      let page = try await server.ask("GET", path, as: nil)
      #expect(page.status == 200 && page.field("content-type")?.hasPrefix("text/html") == true)
      #expect(page.text.contains("/docs.js") && !page.text.contains("//cdn"))
      #expect(try await server.ask("GET", "/docs.js", as: nil).text.contains("/openapi.json"))
    }
  }

  @Test(arguments: ["PUT", "DELETE", "OPTIONS"])
  func `a path of its own takes its own methods only`(method: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.ask(method, "/assistants/public", method == "PUT" ? [:] : nil)
      #expect(reply.status == 405 && reply.field("allow") == "GET, HEAD")
    }
  }

  @Test func `a thread's kind of assistant is text or nothing, whatever the assistant says`() async throws {
    try await TestServer.run { server in
      let document = try await server.document
      let thread = try await server.thread(["type": [1]])
      let reply = try await server.ask("GET", "/threads/\(thread)")
      #expect(reply.json["metadata"] == ["assistant_type": nil])
      let operation = try #require(OpenAPIDocument.operations.first { $0.id == "get_thread" })
      document.check(reply, as: operation)
    }
  }
}

// MARK: Replies

extension OpenAPITests {
  @Test func `what the server sends is what the document says`() async throws {
    try await TestServer.run(monitoring: ScriptedBackups().monitoring) { server in
      let document = try await server.document
      _ = try await server.ask("POST", "/admin/backups")
      let thread = try await server.thread(["type": "agent", "type==agent/tools": [["type": "echo"]]])
      let assistant = try #require(
        try await server.ask("GET", "/threads/\(thread)").json["assistant_id"]?.string)
      let file = try await server.file(in: thread)
      let run = try #require(try await server.stream(TestServer.run(thread, "say hi there")).runID)
      let tool = try #require(
        try await server.ask("POST", "/tools", ["document": ToolRouteTests.document]).json["tool_id"]?.string)
      let collection = try await server.ask("POST", "/collections", ["name": "C"]).json["collection_id"]
      let user = try #require(try await server.ask("GET", "/account").json["user_id"]?.string)
      let group = try #require(
        try await server.ask("POST", "/admin/groups", ["name": "g"]).json["group_id"]?.string)
      _ = try await server.ask("POST", "/account/api-keys", ["name": "k", "expires_in_days": 1])
      _ = try await server.ask("PUT", "/admin/budget", ["concurrent_runs": 9])
      _ = try await server.ask("PUT", "/admin/groups/\(group)/members/\(user)")
      let shares: JSON = ["shares": [["group_id": .string(group)]]]
      _ = try await server.ask("PUT", "/assistants/\(assistant)/shares", shares)
      let ids = [
        "assistant_id": assistant, "thread_id": thread, "run_id": run, "file_id": file, "user_id": user,
        "group_id": group, "tool_id": tool, "collection_id": collection?.string ?? "",
      ]
      for operation in OpenAPIDocument.operations where operation.method == .get {
        // The names of MCP servers are the machine's; here there is none.
        guard case .json = operation.answer, !operation.path.contains("{name}") else { continue }
        // Where the files are that are searched, only this one has to be told.
        let place = operation.id == "search" ? "&explain=true&thread_id=\(thread)" : ""
        let required = operation.query.filter(\.isRequired).map { "\($0.name)=a" }.joined(separator: "&")
        let path =
          ids.reduce(operation.path) { $0.replacing("{\($1.key)}", with: $1.value) }
          + (required.isEmpty ? "" : "?\(required)\(place)")
        let reply = try await server.ask("GET", path)
        #expect(reply.status == 200, "\(path) \(reply.text)")
        document.check(reply, as: operation)
      }
    }
  }

  @Test func `what is written comes back as the document says`() async throws {
    try await TestServer.run { server in
      let document = try await server.document
      let thread = try await server.thread()
      let message: JSON = ["role": "user", "content": "say a", "name": "n"]
      for (id, path, body) in [
        ("create_assistant", "/assistants", ["name": "A", "config": [:], "public": "yes"]),
        ("add_thread_state", "/threads/\(thread)/state", ["values": [message]]),
        ("create_run", "/runs", ["thread_id": .string(thread), "multitask_strategy": "enqueue"]),
      ] as [(String, String, JSON)] {
        let operation = try #require(OpenAPIDocument.operations.first { $0.id == id })
        let reply = try await server.ask("POST", path, body)
        #expect(reply.status == 200, "\(path) \(reply.text)")
        document.check(reply, as: operation)
      }
    }
  }

  @Test func `each refusal has the shape of its status`() async throws {
    try await TestServer.run { server in
      let document = try await server.document
      let nowhere = "9cdfa121-7dc7-5065-82ea-057a6adec591"
      for (id, method, path, body, status) in [
        ("get_thread", "GET", "/threads/\(nowhere)", nil, 404),
        ("create_thread", "POST", "/threads", [:], 422),
        ("create_assistant", "POST", "/assistants", [], 422),
        ("list_threads", "GET", "/threads?limit=x", nil, 422),
        ("create_run", "POST", "/runs", ["thread_id": .string(nowhere)], 404),
        ("ingest_files", "POST", "/ingest", [:], 415),
      ] as [(String, String, String, JSON?, Int)] {
        let operation = try #require(OpenAPIDocument.operations.first { $0.id == id })
        let reply = try await server.ask(method, path, body)
        #expect(reply.status == status, "\(path)")
        document.check(reply, as: operation)
      }
    }
  }

  @Test(arguments: ["messages", "deltas"])
  func `each event of a stream has the shape of its name`(mode: String) async throws {
    try await TestServer.run { server in
      let document = try await server.document
      let event = document["components"]?["schemas"]?["RunEvent"]?["oneOf"]?.array ?? []
      let thread = try await server.thread()
      for text in ["say one two", "fail"] {
        let stream = try await server.stream(
          TestServer.run(thread, text, ["stream_mode": .string(mode)]))
        for (_, name, data) in stream.events {
          let properties = event.map { $0["properties"] }.first { $0?["event"]?["const"] == .string(name) }
          let schema = properties??["data"]?["contentSchema"]
          #expect(properties != nil && (schema == nil) == (data == nil), "\(name)")
          guard let schema, let data else { continue }
          #expect(document.problems(with: data, as: schema).isEmpty, "\(name) \(data.text)")
        }
      }
    }
  }
}

extension TestServer {
  fileprivate var document: JSON {
    get async throws { try await ask("GET", "/openapi.json", as: nil).json }
  }

  /// Gives a thread a file; returns its id.
  func file(in thread: String) async throws -> String {
    let form = """
      --b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nApples are red.\r\n\
      --b\r\nContent-Disposition: form-data; name="config"\r\n\r\n{"configurable":{"thread_id":"\(thread)"}}\r\n\
      --b--\r\n
      """
    let type = "multipart/form-data; boundary=b"
    let reply = try await ask("POST", "/ingest", bytes: Array(form.utf8), type: type)
    #expect(reply.status == 200, "\(reply.text)")
    let files = try await ask("GET", "/threads/\(thread)/files").json
    return try #require(files[0]?["file_id"]?.string)
  }
}

// MARK: Schemas

extension JSON {
  /// The values of all members of that name, however deep.
  fileprivate func all(_ name: String) -> [JSON] {
    let inner = (array ?? []) + Array((object ?? [:]).values)
    return (self[name].map { [$0] } ?? []) + inner.flatMap { $0.all(name) }
  }

  fileprivate func target(of reference: String) -> JSON? {
    reference.split(separator: "/").dropFirst().reduce(Optional(self)) { $0?[String($1)] }
  }

  /// Holds a reply against what this document says of it.
  fileprivate func check(_ reply: Reply, as operation: DocumentedOperation) {
    let method = operation.method.rawValue.lowercased()
    var response = self["paths"]?[operation.path]?[method]?["responses"]?["\(reply.status)"]
    if let reference = response?["$ref"]?.string { response = target(of: reference) }
    let schema = response?["content"]?["application/json"]?["schema"]
    guard let schema else {
      Issue.record("\(operation.id): \(reply.status) is not described")
      return
    }
    #expect(problems(with: reply.json, as: schema) == [], "\(operation.id) \(reply.text)")
  }

  /// What is wrong with a value, by as much of JSON Schema as the document uses for what is sent; a word it
  /// does not know is a problem too.
  fileprivate func problems(with value: JSON, as schema: JSON) -> [String] {
    if schema == false { return ["nothing may be here: \(value.text)"] }
    return (schema.object ?? [:]).sorted { $0.key < $1.key }.flatMap { word, rule in
      problems(with: value, word, rule, of: schema)
    }
  }

  private func problems(with value: JSON, _ word: String, _ rule: JSON, of schema: JSON) -> [String] {
    let members = value.object ?? [:]
    func unless(_ isSo: Bool) -> [String] {
      isSo ? [] : ["\(value.text.prefix(80)) is not \(word) \(rule.text)"]
    }
    switch word {
    case "$ref":
      return rule.string.flatMap(target).map { problems(with: value, as: $0) } ?? ["no \(rule.text)"]
    case "anyOf", "oneOf":
      let fitting = (rule.array ?? []).filter { problems(with: value, as: $0).isEmpty }.count
      return unless(word == "oneOf" ? fitting == 1 : fitting > 0)
    case "type":
      return unless((rule.array ?? [rule]).contains { value.isOf(type: $0.string ?? "") })
    case "const": return unless(value == rule)
    case "enum": return unless(rule.array?.contains(value) == true)
    case "required":
      return value.object == nil
        ? [] : unless((rule.array ?? []).allSatisfy { members[$0.string ?? ""] != nil })
    case "properties":
      return (rule.object ?? [:]).flatMap { name, inner in
        members[name].map { problems(with: $0, as: inner) } ?? []
      }
    case "additionalProperties":
      let known = Set(schema["properties"]?.object?.keys.map(\.self) ?? [])
      return unless(rule != false || known.isSuperset(of: members.keys))
    case "items": return (value.array ?? []).flatMap { problems(with: $0, as: rule) }
    case "minItems": return unless((value.array?.count ?? .max) >= (rule.integer ?? 0))
    case "minimum": return unless((value.number ?? .infinity) >= (rule.number ?? 0))
    case "maximum": return unless((value.number ?? -.infinity) <= (rule.number ?? 0))
    case "pattern":
      return unless((try? Regex(rule.string ?? "")).map { value.string?.contains($0) == true } == true)
    case "format": return unless(value.isOf(format: rule.string ?? ""))
    case "description", "discriminator", "default", "contentMediaType", "contentSchema": return []
    default: return ["the word \(word) is not known"]
    }
  }

  private func isOf(type: String) -> Bool {
    switch self {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .number(let value): type == "number" || (type == "integer" && value == value.rounded())
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }

  private func isOf(format: String) -> Bool {
    switch format {
    case "uuid": string.flatMap(UUID.init) != nil
    case "date-time": string.flatMap { Timestamp($0) } != nil
    default: false
    }
  }
}
