import Conversation
import Documents
import Foundation
import Logging
import Providers
import Server
import ServiceLifecycle
import Store
import Testing
import Transport

@testable import Engine

/// The server on a free port of loopback, over a store in a folder of its own and a scripted model.
final class TestServer: Sendable {
  let port: Int
  let engine: Engine
  let model: ScriptedModel
  /// Where its store lies.
  let folder: URL
  private let client = HTTPClient(policy: .trusted)

  private init(port: Int, engine: Engine, model: ScriptedModel, folder: URL) {
    self.port = port
    self.folder = folder
    self.engine = engine
    self.model = model
  }

  /// Runs the server while `body` uses it, then shuts it down.
  static func run(
    webDirectory: String? = nil, allowedHosts: [String] = [], directory: URL? = nil,
    identity: Identity = .unverified, publicURL: String? = nil, certificate: ServerCertificate? = nil,
    proxies: TrustedProxies = TrustedProxies(), monitoring: Monitoring = Monitoring(),
    answeredBy other: (any ChatModel)? = nil,
    _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    let folder = directory ?? FileManager.default.temporaryDirectory.appending(path: "server-\(UUID())")
    defer { if directory == nil { try? FileManager.default.removeItem(at: folder) } }
    let model = ScriptedModel()
    let store = try Store(directory: folder.path)
    let engine = try Engine(store, other ?? model)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let service = HTTPService(
      engine: engine,
      configuration: .init(
        port: 0, identity: identity, publicURL: publicURL, keyDirectory: folder.path,
        passwords: Passwords(costLogarithm: 10),
        allowedHosts: allowedHosts, certificate: certificate, proxies: proxies,
        strictTransportSeconds: 3_600, webDirectory: webDirectory, version: "1.2.3",
        monitoring: monitoring),
      logger: quiet, onListening: { listening.yield($0) })
    let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await engine.runner.resumeOpenRuns()
      let port = try #require(await ports.first { _ in true })
      let outcome = await Result.of {
        try await body(TestServer(port: port, engine: engine, model: model, folder: folder))
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      await engine.runner.stop()
      store.close()
      try outcome.get()
    }
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
}

extension Result where Success == Void, Failure == any Error {
  fileprivate static func of(_ body: () async throws -> Void) async -> Self {
    do { return .success(try await body()) } catch { return .failure(error) }
  }
}

extension Engine {
  fileprivate init(_ store: Store, _ model: any ChatModel) throws {
    var parts = Engine.Parts(
      store: store, parser: .inProcess(), embedding: .builtIn(directory: "/nowhere"),
      indexDirectory: "/nowhere/indexes",
      models: ModelCatalog(
        names: ["GPT 3.5 Turbo", "GPT 4o"],
        entries: [ModelCatalog.Entry(name: "GPT 3.5 Turbo", model: model, callsTools: true)]),
      toolTypes: [
        ToolType(
          type: "echo", name: "Echo", description: "Says it again.", isMultiUse: true,
          fields: [.init(name: "api_key", title: "Key")]
        ) { _, _ in [EchoTool()] }
      ] + ["ddg_search", "wikipedia", "arxiv", "pubmed"].map(ToolType.unreachable),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    parts.toolClient = HTTPClient(policy: .publicOnly)
    try self.init(parts)
  }
}

extension ToolType {
  /// A tool of the original's whose service is not there.
  fileprivate static func unreachable(_ type: String) -> ToolType {
    ToolType(type: type, name: type, description: "") { _, _ in [UnreachableTool(type)] }
  }
}

struct UnreachableTool: Tool {
  let specification: ToolSpecification
  let isRepeatable = true

  init(_ name: String) {
    specification = ToolSpecification(name: name, description: "", parameters: ["type": "object"])
  }

  func call(_ arguments: JSON) async throws -> ToolResult {
    throw ToolError("The service cannot be reached.")
  }
}

/// A tool that returns its argument.
struct EchoTool: Tool {
  let specification = ToolSpecification(
    name: "echo", description: "Says it again.",
    parameters: ["type": "object", "properties": ["text": ["type": "string"]]])
  let isRepeatable = true

  func call(_ arguments: JSON) async throws -> ToolResult {
    ToolResult(.string(try arguments.text("text")))
  }
}

// MARK: Asking

/// A reply with its body.
struct Reply: Sendable {
  var status: Int
  var headers: [HTTPHeader]
  var bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var json: JSON { (try? JSON(parsing: bytes)) ?? .string("no JSON: \(text)") }
  var detail: String? { json["detail"]?.string }
  /// The value of a header field.
  func field(_ name: String) -> String? { headers[name] }
}

extension TestServer {
  /// The user in most tests.
  static let anna = "anna"
  static let bert = "bert"

  func ask(
    _ method: String, _ path: String, _ body: JSON? = nil, as user: String? = anna,
    headers: [(String, String)] = []
  ) async throws -> Reply {
    try await ask(
      method, path, bytes: body.map { Array($0.text.utf8) }, type: "application/json", as: user,
      headers: headers)
  }

  func ask(
    _ method: String, _ path: String, bytes: [UInt8]?, type: String, as user: String? = anna,
    headers: [(String, String)] = []
  ) async throws -> Reply {
    var request = HTTPRequest(method, url: url(path), body: bytes)
    if bytes != nil { request.headers.append(HTTPHeader("Content-Type", type)) }
    if let user { request.headers.append(HTTPHeader("Cookie", "opengpts_user_id=\(user)")) }
    request.headers += headers.map { HTTPHeader($0, $1) }
    request.followsRedirects = false
    let (head, body) = try await client.fetch(request)
    return Reply(status: head.status, headers: head.headers, bytes: body)
  }

  /// Makes an assistant; returns its id.
  func assistant(
    _ configurable: JSON = ["type": "chatbot"], isPublic: Bool = false, as user: String = anna
  ) async throws -> String {
    let reply = try await ask(
      "POST", "/assistants",
      ["name": "A", "config": ["configurable": configurable], "public": .bool(isPublic)], as: user)
    return try #require(reply.json["assistant_id"]?.string, "\(reply.text)")
  }

  /// Makes a thread of a new assistant; returns its id.
  func thread(_ configurable: JSON = ["type": "chatbot"], as user: String = anna) async throws -> String {
    let assistant = try await assistant(configurable, as: user)
    let reply = try await ask(
      "POST", "/threads", ["name": "T", "assistant_id": .string(assistant)], as: user)
    return try #require(reply.json["thread_id"]?.string, "\(reply.text)")
  }

  /// What a run of that text is asked for with.
  static func run(_ thread: String, _ text: String?, _ more: [String: JSON] = [:]) -> JSON {
    let input: JSON = text.map { [["type": "human", "content": .string($0)]] } ?? nil
    return .object(["thread_id": .string(thread), "input": input].merging(more) { _, last in last })
  }

  /// The whole stream of a run.
  func stream(_ body: JSON, as user: String = anna) async throws -> Stream {
    Stream(try await ask("POST", "/runs/stream", body, as: user))
  }

  func join(
    _ thread: String, _ run: String, mode: String = "messages", after id: String? = nil,
    as user: String = anna
  ) async throws -> Stream {
    Stream(
      try await ask(
        "GET", "/threads/\(thread)/runs/\(run)/stream?stream_mode=\(mode)", as: user,
        headers: id.map { [("Last-Event-ID", $0)] } ?? []))
  }

  /// Waits until something is so; fails the test when it is not within half a minute.
  func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("not within half a minute: \(what)")
  }
}

/// A stream of events, as its bytes.
struct Stream: Sendable {
  var reply: Reply
  /// The blocks between empty lines, each as its lines.
  var blocks: [[String]]

  init(_ reply: Reply) {
    self.reply = reply
    blocks = reply.text.components(separatedBy: "\r\n\r\n").filter { !$0.isEmpty }.map {
      $0.components(separatedBy: "\r\n")
    }
  }

  /// Names and data of all events; comments are left out.
  var events: [(id: String, name: String, data: JSON?)] {
    blocks.filter { !$0[0].hasPrefix(":") }.map { lines in
      func value(_ field: String) -> String? {
        lines.first { $0.hasPrefix("\(field): ") }.map { String($0.dropFirst(field.count + 2)) }
      }
      return (value("id") ?? "", value("event") ?? "", value("data").flatMap { try? JSON(parsing: $0) })
    }
  }

  var names: [String] { events.map(\.name) }
  var runID: String? { events.first?.data?["run_id"]?.string }
  /// The data of all events of that name.
  func data(_ name: String) -> [JSON] { events.filter { $0.name == name }.compactMap(\.data) }
}
