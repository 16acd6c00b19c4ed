import Conversation
import Engine
import Foundation
import Testing

@Suite struct FileWorkTests {
  @Test func `files are taken at once, watched, listed by state and worked on`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let reply = try await server.give(
        ["a.txt": "Bears eat honey.", "b.pdf": "%PDF-1.4 rubbish"], to: thread)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json.array?.map { $0["outcome"] } == ["new", "new"])
      try await server.eventually("both have ended") {
        try await server.ask("GET", "/threads/\(thread)/files?status=open").json == []
      }
      #expect(try await server.ask("GET", "/threads/\(thread)/files?status=indexed").json.array?.count == 1)
      let failed = try await server.ask("GET", "/threads/\(thread)/files?status=failed").json[0]
      #expect(failed?["name"] == "b.pdf" && failed?["searchable"] == false)
      #expect(try await server.ask("GET", "/threads/\(thread)/files?status=odd").status == 422)

      let path = "/files/\(failed?["file_id"]?.string ?? "")"
      for verb in ["retry", "reindex", "cancel", "refetch"] {
        #expect(try await server.ask("POST", "\(path)/\(verb)").status == 200, "\(verb)")
        #expect(try await server.ask("POST", "\(path)/\(verb)", as: TestServer.bert).status == 404, "\(verb)")
      }
      let again = try await server.give(["other.txt": "Bears eat honey."], to: thread)
      #expect(again.json[0]?["outcome"] == "known" && again.json[0]?["file"]?["name"] == "a.txt")
      let changed = try await server.give(["a.txt": "Bears eat fish."], to: thread, folder: "")
      #expect(changed.json[0]?["outcome"] == "changed")
      let inFolder = try await server.give(["a.txt": "Wolves."], to: thread, folder: "../x/y")
      #expect(inFolder.json[0]?["file"]?["name"] == "x/y/a.txt")
      let used = try await server.ask("GET", "/files/usage").json["used_bytes"]?.integer ?? 0
      #expect(used > 0)
    }
  }

  @Test func `a watcher is told of each change, and what it missed when it comes back`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let watcher = try server.watcher("/files/events?thread_id=\(thread)")
      let first = await watcher.read(until: "event: open\r\ndata: []")
      let id = try #require(
        first.components(separatedBy: "\r\nid: ").last?.split(whereSeparator: \.isNewline).first)
      _ = try await server.give(["a.txt": "Bears eat honey."], to: thread)
      let seen = await watcher.read(until: #""status":"indexed""#)
      #expect(seen.contains("event: file\r\n"))
      let missed = try server.watcher("/files/events?last_event_id=\(id)")
      let told = await missed.read(until: #""status":"indexed""#)
      #expect(told.contains("event: file") && !told.contains("event: open"))
      let stranger = try server.watcher("/files/events?last_event_id=5-other")
      #expect(await stranger.read(until: "event: open").contains("event: open"))
    }
  }

  @Test func `only a page of the web can be fetched again by itself, as often as is said`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let uploaded = try await server.give(["a.txt": "Bears eat honey."], to: thread)
      let file = uploaded.json[0]?["file"]?["file_id"]?.string ?? ""
      #expect(try await server.ask("PUT", "/files/\(file)/refetch", ["hours": 24]).status == 409)
      // Nothing is there, and it is never fetched: 127.0.0.1 is no public address.
      let page = try await server.ask(
        "POST", "/files/url",
        ["url": "http://127.0.0.1:1/bears", "config": ["configurable": ["thread_id": .string(thread)]]])
      let path = "/files/\(page.json["file_id"]?.string ?? "")/refetch"
      for hours in [0, 8_761, "6", 1.5] as [JSON] {
        #expect(try await server.ask("PUT", path, ["hours": hours]).status == 422, "\(hours)")
      }
      let scheduled = try await server.ask("PUT", path, ["hours": 6])
      #expect(
        scheduled.json["origin"]?["refetch_hours"] == 6 && scheduled.json["origin"]?["refetch_at"] != nil)
      #expect(try await server.ask("PUT", path, ["hours": 6], as: TestServer.bert).status == 404)
      let never = try await server.ask("PUT", path, ["hours": nil])
      #expect(never.status == 200 && never.json["origin"]?["refetch_at"] == nil)
    }
  }

  @Test func `a reader is given a page, and told where there is none`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let given = try await server.give(
        ["a.txt": "First page.\u{c}Second page.", "b.md": "No pages."], to: thread)
      try await server.eventually("both are read") {
        try await server.ask("GET", "/threads/\(thread)/files?status=open").json == []
      }
      let ids = given.json.array?.compactMap { $0["file"]?["file_id"]?.string } ?? []
      let second = try await server.ask("GET", "/files/\(ids.first ?? "")/text?page=2").json
      #expect(second["text"]?.string?.trimmingCharacters(in: .whitespacesAndNewlines) == "Second page.")
      #expect(second["pages"]?.array?.count == 1)
      for (id, page) in [(ids.first, 3), (ids.last, 1)] {
        #expect(try await server.ask("GET", "/files/\(id ?? "")/text?page=\(page)").status == 404)
      }
    }
  }

  @Test func `who runs the server sees which embedding model serves`() async throws {
    try await TestServer.run { server in
      let report = try await server.ask("GET", "/embedding").json
      #expect(report["serving"] == report["wanted"] && report["dimensions"] == 384 && report["beside"] == nil)
      for verb in ["start", "cancel", "undo", "drop"] {
        #expect(try await server.ask("POST", "/embedding/\(verb)").status == 409, "\(verb)")
      }
    }
  }

  @Test func `the chunks of a file are listed in pages`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let text = (0..<60).map { "Sentence number \($0) speaks of bears and of honey in the woods." }.joined(
        separator: " ")
      _ = try await server.give(["a.txt": text], to: thread)
      try await server.eventually("it is read") {
        try await server.ask("GET", "/threads/\(thread)/files?status=indexed").json.array?.count == 1
      }
      let file = try await server.ask("GET", "/threads/\(thread)/files").json[0]
      let path = "/files/\(file?["file_id"]?.string ?? "")/chunks"
      let all = try await server.ask("GET", path).json.array ?? []
      #expect(all.count > 2 && file?["chunk_count"] == .integer(all.count))
      #expect(try await server.ask("GET", "\(path)?limit=1&offset=1").json == .array([all[1]]))
      #expect(try await server.ask("GET", path, as: TestServer.bert).status == 404)
    }
  }

  @Test func `a page of the web needs an address, and says where it failed`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let config: JSON = ["configurable": ["thread_id": .string(thread)]]
      for url in ["", "ftp://x.org", "x.org", "http://a b", "file:///etc/passwd"] {
        let reply = try await server.ask("POST", "/files/url", ["url": .string(url), "config": config])
        #expect(reply.status == 422, "\(url)")
      }
      let reply = try await server.ask(
        "POST", "/files/url", ["url": "http://x.invalid/a.html", "config": config])
      #expect(reply.json["name"] == "a.html" && reply.json["origin"]?["url"] == "http://x.invalid/a.html")
      try await server.eventually("it has failed") {
        try await server.ask("GET", "/threads/\(thread)/files?status=failed").json.array?.count == 1
      }
    }
  }
}

@Suite struct CollectionTests {
  @Test func `collections are made, filled, changed and deleted by their owner alone`() async throws {
    try await TestServer.run { server in
      let made = try await server.ask(
        "POST", "/collections", ["name": "Manuals", "description": "All of them"])
      #expect(made.status == 200, "\(made.text)")
      let id = made.json["collection_id"]?.string ?? ""
      _ = try await server.give(["a.txt": "Bears eat honey."], to: id, kind: "collection_id")
      let assistant = try await server.assistant(["type": "chat_retrieval", "collections": [.string(id)]])
      let found = try await server.ask("GET", "/collections/\(id)").json
      #expect(found["file_count"] == 1 && found["size_bytes"] == 16 && found["assistant_count"] == 1)
      #expect(
        try await server.ask("GET", "/collections/\(id)/assistants").json[0]?["assistant_id"]
          == .string(assistant))
      #expect(try await server.ask("GET", "/collections/\(id)/files").json.array?.count == 1)
      for (method, path, body) in [
        ("GET", "/collections/\(id)", nil), ("GET", "/collections/\(id)/files", nil),
        ("PUT", "/collections/\(id)", ["name": "Mine"]), ("DELETE", "/collections/\(id)", nil),
      ] as [(String, String, JSON?)] {
        #expect(
          try await server.ask(method, path, body, as: TestServer.bert).status == 404, "\(method) \(path)")
      }
      #expect(try await server.ask("GET", "/collections", as: TestServer.bert).json == [])
      let planted = try await server.give(["b.txt": "x"], to: id, kind: "collection_id", as: TestServer.bert)
      #expect(planted.status == 404 && planted.detail == "Collection not found.")
      #expect(try await server.ask("PUT", "/collections/\(id)", ["name": "Books"]).json["name"] == "Books")
      #expect(try await server.ask("POST", "/collections", ["name": 7]).status == 422)
      #expect(try await server.ask("DELETE", "/collections/\(id)").json["file_count"] == 1)
      #expect(try await server.ask("GET", "/collections/\(id)").status == 404)
    }
  }
}

extension TestServer {
  /// A connection on which an event stream comes.
  func watcher(_ path: String, as user: String = TestServer.anna) throws -> RawConnection {
    let connection = try RawConnection(port: port)
    connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: opengpts_user_id=\(user)\r\n\r\n")
    return connection
  }

  /// Gives files as a form, which answers at once.
  func give(
    _ files: [String: String], to owner: String, kind: String = "thread_id", folder: String? = nil,
    as user: String = TestServer.anna
  ) async throws -> Reply {
    func field(_ head: String, _ value: String) -> String {
      "--XxB\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(value)\r\n"
    }
    var form = field("name=\"config\"", #"{"configurable":{"\#(kind)":"\#(owner)"}}"#)
    if let folder { form += field("name=\"folder\"", folder) }
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      form += field("name=\"files\"; filename=\"\(name)\"", text)
    }
    return try await ask(
      "POST", "/files", bytes: Array((form + "--XxB--\r\n").utf8), type: "multipart/form-data; boundary=XxB",
      as: user)
  }
}
