import Conversation
import Foundation
import Logging
import Providers
import Testing
import Transport

@testable import Engine

/// Servers as they are met: over their streams and over HTTP, of both eras, polite and otherwise.
@Suite struct MCPServerTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Support/mcp_server.py").path

  private static func python() -> String {
    ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) }
      ?? "/usr/bin/python3"
  }

  private static func launch(_ words: String...) -> MCPLaunch {
    MCPLaunch(
      command: [python(), script] + words, environment: ["SETTING=1"], directory: "/tmp", memoryBytes: 1 << 30
    )
  }

  private func server(
    _ transport: MCPConfiguration.Transport, isTrusted: Bool, greetingSeconds: Double
  ) -> MCPServer {
    MCPServer(
      MCPConfiguration(name: "s", transport: transport, isTrusted: isTrusted),
      client: HTTPClient(policy: .trusted), version: "1.0",
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, greetingSeconds: greetingSeconds)
  }

  /// Runs the server beside the body, and ends it.
  private func with(
    _ transport: MCPConfiguration.Transport, isTrusted: Bool = false, greetingSeconds: Double = 30,
    _ body: @Sendable @escaping (MCPServer) async throws -> Void
  ) async throws {
    let server = server(transport, isTrusted: isTrusted, greetingSeconds: greetingSeconds)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await server.run() }
      try await body(server)
      group.cancelAll()
    }
  }

  private func call(_ server: MCPServer, _ name: String, _ arguments: JSON = [:]) async throws -> JSON {
    let tool = try #require(try await server.tools().first { $0.name == name })
    return try await server.call(tool, arguments).content
  }

  // MARK: Over standard streams

  @Test(arguments: ["modern", "legacy"])
  func `a program is found to be of its era, lists its tools page by page, and is called`(era: String)
    async throws
  {
    try await with(.process(Self.launch(era))) { server in
      #expect(try await server.tools().count == 10)
      #expect(await server.status.detail == (era == "modern" ? "2026-07-28" : "2025-11-25"))
      #expect(try await call(server, "echo", ["text": "ä"]) == ["said": "ä"])
      #expect(try await server.resource("memo:one") == "memo:one\nthe memo")
      #expect(try await server.prompts()[0]["name"] == "greet")
      let prompt = try await server.prompt("greet", ["who": "Bob"])
      #expect(prompt["messages"]?[0]?["content"]?["text"] == "Greet Bob.")
      let failed = await #expect(throws: ToolError.self) { try await call(server, "fail") }
      #expect(failed?.message == "it broke")
    }
  }

  @Test(arguments: [("modern", "2026-07-28"), ("silent", "2025-11-25")])
  func `who overhears the first question is found to be of its era by the second`(
    era: String, version: String
  )
    async throws
  {
    try await with(.process(Self.launch(era, "sleepy")), greetingSeconds: 3) { server in
      let said = try await call(server, "echo", ["text": "ä"])
      #expect(said == ["said": "ä"])
      #expect(await server.status.detail == version)
    }
  }

  @Test func `a result that is not what its tool promises is told to be none`() async throws {
    try await with(.process(Self.launch("modern"))) { server in
      let error = await #expect(throws: ToolError.self) { try await call(server, "echo", ["text": "lie"]) }
      #expect(error?.message.contains("result.said must be of type string") == true)
    }
  }

  @Test func `questions that were never offered an answer end in words, a note is given back`() async throws {
    try await with(.process(Self.launch("modern"))) { server in
      await #expect(throws: ToolError.self) { try await call(server, "ask") }
      #expect(try await call(server, "note") == "noted")
      let tool = try #require(try await server.tools().first { $0.name == "picture" })
      let picture = try await server.call(tool, [:])
      #expect(
        picture.artifact?["media_type"] == "image/png" && picture.content.string?.contains("inside") == true)
    }
    try await with(.process(Self.launch("legacy"))) { server in
      let said = try await call(server, "open")
      #expect(said == "asked")
    }
  }

  @Test(arguments: ["modern", "legacy"])
  func `a change of the tools is heard`(era: String) async throws {
    try await with(.process(Self.launch(era))) { server in
      #expect(try await server.tools().count == 10)
      let deadline = ContinuousClock.now + .seconds(20)
      while try await server.tools().count == 10, ContinuousClock.now < deadline {
        // Again: the modern server tells only those who listen already, which begins right after the greeting.
        _ = try await call(server, "grow")
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try await server.tools().count > 10)
    }
  }

  @Test func `a call that is given up is told to the server, and the others go on`() async throws {
    try await with(.process(Self.launch("modern"))) { server in
      _ = try await server.tools()
      let slow = Task { try await call(server, "slow", ["seconds": 30]) }
      #expect(try await call(server, "echo", ["text": "meanwhile"]) == ["said": "meanwhile"])
      slow.cancel()
      await #expect(throws: (any Error).self) { _ = try await slow.value }
      let deadline = ContinuousClock.now + .seconds(20)
      while try await call(server, "cancelled") == "0", ContinuousClock.now < deadline {}
      #expect(try await call(server, "cancelled") == "1")
    }
  }

  @Test(arguments: ["modern", "legacy"])
  func `how a call comes along is told, not more than a few times a second`(era: String) async throws {
    try await with(.process(Self.launch(era))) { server in
      let news = Counter()
      let said = try await ToolProgress.$watchers.withValue(.init(tell: { _, _, _ in news.add("raw") })) {
        try await call(server, "slow", ["seconds": 1])
      }
      #expect(said == "slept" && (news.counts["raw"] ?? 0) == 20)
      let asked = ToolCall(name: "slow", arguments: [:], id: "c")
      let report = ToolProgress.reporter(of: asked) {
        #expect($0.callID == "c"); news.add("gated")
      }
      for step in 0..<50 { report(Double(step), nil, nil) }
      #expect(news.counts["gated"] == 1)
    }
  }

  @Test func `a program gets its own group and directory, what it was given, and nothing else`() async throws
  {
    try await with(.process(Self.launch("modern"))) { server in
      let facts = try JSON(parsing: try #require(try await call(server, "env").string))
      #expect(
        facts["names"]?.array?.compactMap(\.string).filter { $0 != "LC_CTYPE" } == [
          "LC_ALL", "PATH", "SETTING",
        ])
      #expect(facts["group"] == true && facts["cwd"] == "/tmp")
      // Its three streams, and the one that lists them.
      #expect(facts["files"]?.array?.count == 4)
    }
  }

  @Test func `a program that ends is started again, and a call in between is told`() async throws {
    try await with(.process(Self.launch("modern", "crash"))) { server in
      #expect(try await call(server, "echo", ["text": "1"]) == ["said": "1"])
      let deadline = ContinuousClock.now + .seconds(20)
      while await server.status.state != .failed, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(await server.status.detail == "it ended with status 3")
      let error = await #expect(throws: ToolError.self) {
        _ = try await server.ask(MCPRequest(method: "tools/list"))
      }
      #expect(error?.message.contains("is not available: it ended with status 3") == true)
      while await server.status.state != .ready, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try await call(server, "echo", ["text": "2"]) == ["said": "2"])
    }
  }

  @Test(arguments: [
    (MCPLaunch(command: ["/nonexistent/program"]), "could not be started: No such file"),
    (launch("modern", "stderr"), "status 7; it said: no such repository"),
    (launch("modern", "long"), "line longer than"),
  ])
  func `what keeps a program from serving is told in its state`(launch: MCPLaunch, words: String) async throws
  {
    try await with(.process(launch)) { server in
      let error = await #expect(throws: ToolError.self) { try await server.tools() }
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test func `a program that will not go is ended all the same, in a few seconds`() async throws {
    let begun = ContinuousClock.now
    try await with(.process(Self.launch("modern", "deaf"))) { server in _ = try await server.tools() }
    #expect(ContinuousClock.now - begun < .seconds(8))
  }

  @Test func `what a server says of its tools holds only where it is trusted`() async throws {
    for isTrusted in [true, false] {
      try await with(.process(Self.launch("modern")), isTrusted: isTrusted) { server in
        let types = MCPServers(testing: [server]).toolTypes
        let tools = try await types[0].make(ToolChoice(type: "mcp_s"), ToolScope(namespaces: []))
        #expect(tools.map(\.specification.name).prefix(2) == ["s_echo", "s_slow"])
        #expect(tools.map(\.readsOnly).prefix(2) == [isTrusted, false])
        #expect(tools.suffix(2).map(\.specification.name) == ["s_list_resources", "s_read_resource"])
        #expect(types[0].asksByItself)
      }
    }
  }

  // MARK: Over HTTP

  /// A server behind HTTP, as one answer for each method.
  private func site(
    _ answer: @escaping @Sendable (String, ScriptedSite.Request) -> ScriptedSite.Reply
  ) throws -> ScriptedSite {
    try ScriptedSite { request in
      guard request.method == "POST" else { return .init(status: request.method == "DELETE" ? 200 : 405) }
      let method = (try? JSON(parsing: request.body))?["method"]?.string ?? ""
      return answer(method, request)
    }
  }

  private static func result(_ request: ScriptedSite.Request, _ result: JSON, asStream: Bool = false)
    -> ScriptedSite.Reply
  {
    let id = (try? JSON(parsing: request.body))?["id"] ?? nil
    let message = (["jsonrpc": "2.0", "id": id, "result": result] as JSON).text
    guard asStream else { return .init(body: message) }
    let noise = #"{"jsonrpc":"2.0","method":"notifications/progress","params":{}}"#
    return .init(
      type: "text/event-stream",
      body: ": hello\n\ndata: \(noise)\n\ndata: not json\n\nevent: message\ndata: \(message)\n\n")
  }

  private static let tools: JSON = [
    "tools": [
      [
        "name": "sql",
        "inputSchema": [
          "type": "object", "properties": ["region": ["type": "string", "x-mcp-header": "Region"]],
        ],
      ]
    ]
  ]

  @Test func `a modern server is asked without a session, what is called stands in headers`() async throws {
    let site = try site { method, request in
      switch method {
      case "server/discover":
        Self.result(request, ["supportedVersions": ["2026-07-28"], "capabilities": ["tools": [:]]])
      case "tools/list": Self.result(request, Self.tools)
      case _: Self.result(request, ["content": [["type": "text", "text": "1 row"]]], asStream: true)
      }
    }
    try await with(.http(url: site.address + "/mcp", headers: [("Authorization", "Bearer k")])) { server in
      let said = try await call(server, "sql", ["region": "eu"])
      #expect(said == "1 row")
    }
    #expect(
      site.requests.map { $0.headers["mcp-method"] } == ["server/discover", "tools/list", "tools/call"])
    #expect(
      site.requests.allSatisfy {
        $0.headers["mcp-protocol-version"] == "2026-07-28" && $0.headers["authorization"] == "Bearer k"
          && $0.headers["mcp-session-id"] == nil
          && $0.headers["accept"] == "application/json, text/event-stream"
      })
    #expect(
      site.requests[2].headers["mcp-name"] == "sql" && site.requests[2].headers["mcp-param-region"] == "eu")
  }

  @Test func `an older server gets its handshake, keeps its session, and one that it forgets is begun anew`()
    async throws
  {
    let sessions = Counter()
    let site = try site { method, request in
      let session = request.headers["mcp-session-id"]
      switch method {
      case "server/discover": return .init(status: 400, type: "text/plain", body: "Bad Request: no session")
      case "initialize":
        sessions.add("begun")
        var reply = Self.result(request, ["protocolVersion": "2025-06-18", "capabilities": ["tools": [:]]])
        reply.headers = ["Mcp-Session-Id: s\(sessions.counts["begun"] ?? 0)"]
        return reply
      case "notifications/initialized": return .init(status: 202)
      case "tools/list": return Self.result(request, Self.tools, asStream: true)
      case _ where session == "s1": return .init(status: 404)
      case _:
        return Self.result(request, ["content": [["type": "text", "text": session.map(JSON.string) ?? nil]]])
      }
    }
    try await with(.http(url: site.address, headers: [])) { server in
      let said = try await call(server, "sql")
      let status = await server.status
      #expect(said == "s2" && status.detail == "2025-06-18")
    }
    let listed = try #require(site.requests.first { $0.body.contains("tools/list") })
    #expect(
      listed.headers["mcp-protocol-version"] == "2025-06-18" && listed.headers["mcp-session-id"] == "s1")
    #expect(site.requests.last?.method == "DELETE" && site.requests.last?.headers["mcp-session-id"] == "s2")
  }

  @Test(arguments: [
    (401, "", "refused access (status 401)"), (500, "", "a problem of its own (status 500)"),
    (
      400,
      #"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"m","data":{"supported":["2027-01-01"]}}}"#,
      "speaks only 2027-01-01"
    ),
    (200, "<html>", "could not be understood"),
  ])
  func `what keeps a server behind HTTP from serving is told`(status: Int, body: String, words: String)
    async throws
  {
    let site = try site { _, _ in .init(status: status, body: body) }
    try await with(.http(url: site.address, headers: [])) { server in
      let error = await #expect(throws: ToolError.self) { try await server.tools() }
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
  }
}

extension MCPServers {
  fileprivate init(testing servers: [MCPServer]) {
    self.init(servers: servers)
  }
}
