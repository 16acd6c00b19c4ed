import Conversation
import Foundation
import Testing
import Transport

/// Real servers of the Model Context Protocol, as their makers publish them, used by an assistant.
@Suite(.serialized, .enabled(if: MCPPeers.areInstalled, "set up the tests: .ci/setup --test"))
struct ToolJourneys {
  private func withDaemon(
    _ configuration: String, in folder: TemporaryFolder,
    _ body: (Client, ScriptedModelProcess) async throws -> Void
  ) async throws {
    let file = folder.url.appending(path: "config.toml")
    try configuration.write(to: file, atomically: true, encoding: .utf8)
    let model = try ScriptedModelProcess()
    let daemon = try await DaemonProcess(
      data: folder.data,
      environment: [
        "OPENAI_API_KEY": "sk-journey", "OPENAI_BASE_URL": model.baseURL, "OPENGPTS_CONFIG": file.path,
      ])
    try await body(Client(port: daemon.port), model)
    let children = MCPPeers.children(of: daemon.identifier)
    #expect(daemon.terminate() == 0)
    #expect(children.allSatisfy { kill($0, 0) != 0 }, "a tool server outlives the daemon")
  }

  private func tools(_ servers: String...) -> [String: JSON] {
    let entries = servers.map { name in ["type": .string("mcp_\(name)"), "permission": "always"] as JSON }
    return ["type": "agent", "type==agent/tools": .array(entries)]
  }

  private func waitUntilReady(_ client: Client, count: Int) async throws {
    let end = ContinuousClock.now + .seconds(40)
    while ContinuousClock.now < end {
      let states = try await client.get("/mcp/servers").json.array ?? []
      if states.count == count, states.allSatisfy({ $0["state"] == "ready" }) { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("not ready: \(try await client.get("/mcp/servers").json)")
  }

  @Test
  func `an assistant tells the time, reads a repository and fetches a page by servers over their streams`()
    async throws
  {
    let folder = try TemporaryFolder()
    let repository = folder.url.appending(path: "repository").path
    try MCPPeers.makeRepository(at: repository)
    let configuration = """
      [[mcp.server]]
      name = "time"
      command = ["\(MCPPeers.program("mcp-server-time"))"]
      trusted = true
      [[mcp.server]]
      name = "git"
      command = ["\(MCPPeers.program("mcp-server-git"))", "--repository", "\(repository)"]
      [[mcp.server]]
      name = "fetch"
      command = ["\(MCPPeers.program("mcp-server-fetch"))", "--ignore-robots-txt", "--allow-private-ips"]
      """
    try await withDaemon(configuration, in: folder) { client, model in
      try await waitUntilReady(client, count: 3)
      let thread = try await client.thread(client.assistant(tools("time", "git", "fetch")))
      let question = """
        go
        call:time_convert_time {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}
        call:git_log {"repo_path": "\(repository)"}
        call:git_log {"repo_path": "/"}
        call:fetch_fetch {"url": "http://127.0.0.1:\(model.port)/stats", "raw": true}
        """
      let turn = try await client.turn(thread, question)
      let results = turn.messages.filter { $0["type"] == "tool" }
      #expect(
        results.map { $0["status"]?.string } == ["success", "success", "error", "success"], "\(results)")
      #expect(results.first?["content"]?["target"]?["datetime"]?.string?.contains("T21:00:00") == true)
      #expect(results[1]["content"]?.string?.contains("The first stone") == true)
      #expect(results[3]["content"]?.string?.contains("\"open\"") == true)
    }
  }

  @Test func `a server of the official kit is used over HTTP in both eras, and a person is asked first`()
    async throws
  {
    let folder = try TemporaryFolder()
    let peer = try MCPPeers.HTTPServer()
    let configuration = """
      [[mcp.server]]
      name = "new"
      url = "\(peer.url)"
      [[mcp.server]]
      name = "old"
      url = "\(peer.url)"
      protocol = "2025-11-25"
      """
    try await withDaemon(configuration, in: folder) { client, _ in
      try await waitUntilReady(client, count: 2)
      let states = try await client.get("/mcp/servers").json
      #expect(states.array?.map { $0["detail"]?.string } == ["2026-07-28", "2025-11-25"])
      let thread = try await client.thread(client.assistant(tools("new", "old")))
      let question = """
        go
        call:new_add {"a": 20, "b": 22}
        call:old_add {"a": 1, "b": 1}
        call:new_refuse {"text": "today"}
        call:old_read_resource {"uri": "memo://today"}
        """
      let results = try await client.turn(thread, question).messages.filter { $0["type"] == "tool" }
      #expect(results.first?["content"] == ["sum": 42] && results[1]["content"] == ["sum": 2], "\(results)")
      #expect(results[2]["status"] == "error" && results[2]["content"]?.string?.contains("not today") == true)
      #expect(results[3]["content"]?.string?.contains("Feed the bears.") == true)
      for name in ["new", "old"] {
        let prompt = try await client.send(
          "POST", "/mcp/servers/\(name)/prompts/greet", ["arguments": ["who": "Bob"]])
        #expect(prompt.json["messages"]?[0]?["content"]?["text"] == "Greet Bob.")
      }
      let careful = try await client.thread(
        client.assistant(["type": "agent", "type==agent/tools": ["mcp_new"]]))
      _ = try await client.turn(careful, "call:new_add {\"a\": 1, \"b\": 2}")
      let waiting = try await client.get("/threads/\(careful)/approvals/pending").json
      #expect(waiting[0]?["name"] == "new_add" && waiting[0]?["cause"] == "permission")
    }
  }
}

/// The published servers, in the tests' own Python environment.
private enum MCPPeers {
  static func program(_ name: String) -> String { packageRoot.appending(path: ".venv/bin/\(name)").path }

  static var areInstalled: Bool {
    ["mcp-server-time", "mcp-server-git", "mcp-server-fetch"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: program($0))
    }
  }

  static func makeRepository(at path: String) throws {
    try run("/usr/bin/git", ["init", "-q", path])
    try run(
      "/usr/bin/git",
      [
        "-C", path, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty",
        "-m",
        "The first stone",
      ])
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let process = try Process.run(URL(filePath: program), arguments: arguments)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  static func children(of process: Int32) -> [Int32] {
    let list = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
    return (list ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  /// `Tests/Support/mcp_http_server.py` on a free port.
  final class HTTPServer: ChildProcess, @unchecked Sendable {
    let url: String

    init() throws {
      let port = try freePort()
      url = "http://127.0.0.1:\(port)/mcp"
      let script = packageRoot.appending(path: "Tests/Support/mcp_http_server.py").path
      try super.init(
        URL(filePath: MCPPeers.program("python")), [script, "\(port)"],
        environment: ProcessInfo.processInfo.environment)
      try start()
    }
  }
}
