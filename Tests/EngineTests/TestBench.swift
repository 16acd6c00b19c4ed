import Conversation
import Documents
import Foundation
import Logging
import Providers
import Store
import Testing

@testable import Engine

/// An engine over a real store in a folder of its own, with a scripted model behind every name.
final class TestBench: Sendable {
  let directory: URL
  let store: Store
  let engine: Engine
  let user: User
  private let keepsDirectory: Bool
  private let tools: [any Tool]
  private let callsTools: Bool
  private let traces: TraceSettings
  private let embedding: EmbeddingSetup?
  var runner: Runner { engine.runner }

  init(
    _ model: any ChatModel, tools: [any Tool] = [], directory: URL? = nil, callsTools: Bool = true,
    embedding: EmbeddingSetup? = nil, keepsDirectory: Bool = false,
    traces: TraceSettings = TraceSettings()
  ) async throws {
    let directory = directory ?? FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID())")
    self.directory = directory
    self.keepsDirectory = keepsDirectory
    store = try Store(directory: directory.path)
    self.tools = tools
    self.callsTools = callsTools
    self.traces = traces
    self.embedding = embedding
    engine = try Engine(Self.parts(store, directory, model, tools, callsTools, traces, embedding))
    user = try await store.user(subject: "tester")
  }

  /// What another engine over the same store is made of, as after a restart.
  func parts(with model: any ChatModel) -> Engine.Parts {
    Self.parts(store, directory, model, tools, callsTools, traces, embedding)
  }

  private static func parts(
    _ store: Store, _ directory: URL, _ model: any ChatModel, _ tools: [any Tool], _ callsTools: Bool,
    _ traces: TraceSettings, _ embedding: EmbeddingSetup?
  ) -> Engine.Parts {
    let types = tools.map { tool in
      ToolType(type: tool.specification.name, name: tool.specification.name, description: "") { _, _ in [tool]
      }
    }
    var parts = Engine.Parts(
      store: store, parser: .inProcess(),
      embedding: embedding ?? .builtIn(directory: directory.path + "/no-model"),
      indexDirectory: directory.path + "/indexes",
      models: ModelCatalog(
        names: ["GPT 3.5 Turbo", "Claude 2"],
        entries: [ModelCatalog.Entry(name: "GPT 3.5 Turbo", model: model, callsTools: callsTools)]),
      toolTypes: types,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    parts.traces = traces
    return parts
  }

  deinit {
    store.close()
    if !keepsDirectory { try? FileManager.default.removeItem(at: directory) }
  }

  /// A thread of a new assistant with that configuration.
  func thread(_ configurable: [String: JSON] = [:]) async throws -> Identifier<Conversation.Thread> {
    let assistant = try await store.saveAssistant(
      .random(), of: user.id, name: "A", config: ["configurable": .object(configurable)], isPublic: false)
    return try await store.saveThread(
      .random(), of: user.id, assistantID: assistant.id, name: "T", metadata: nil
    ).id
  }

  func request(
    _ thread: Identifier<Conversation.Thread>, _ text: String?, config: JSON = [:],
    whenBusy: MultitaskStrategy = .reject
  ) -> RunRequest {
    RunRequest(
      threadID: thread, userID: user.id, input: text.map { .messages([.human($0)]) } ?? .resume,
      config: config,
      whenBusy: whenBusy)
  }

  /// Runs a turn to its end; nil text resumes.
  @discardableResult
  func turn(
    _ thread: Identifier<Conversation.Thread>, _ text: String?, config: JSON = [:]
  ) async throws -> [RunEvent] {
    try await runner.start(request(thread, text, config: config)).untilEnd()
  }

  func view(_ thread: Identifier<Conversation.Thread>) async throws -> ThreadView {
    try await runner.view(of: thread, user: user.id)
  }

  func texts(_ thread: Identifier<Conversation.Thread>) async throws -> [String] {
    try await view(thread).snapshot?.state.messages.map { $0.text.trimmingCharacters(in: .whitespaces) } ?? []
  }

  func next(_ thread: Identifier<Conversation.Thread>) async throws -> [Node] {
    try await view(thread).snapshot?.checkpoint.next ?? []
  }

  func status(_ log: RunLog) async throws -> Run.Status? {
    try await store.run(log.runID, of: user.id)?.status
  }
}

extension RunLog {
  func untilEnd() async -> [RunEvent] {
    var all: [RunEvent] = []
    while let events = await events(after: all.count), !events.isEmpty { all += events }
    return all
  }

  /// Waits for an event that fits.
  func wait(for fits: (RunEvent) -> Bool) async {
    var seen = 0
    while let events = await events(after: seen), !events.isEmpty {
      if events.contains(where: fits) { return }
      seen += events.count
    }
  }
}

extension [RunEvent] {
  var failure: RunFailure? {
    for case .failed(let failure) in self { return failure }
    return nil
  }

  var committed: [Message] {
    flatMap { event -> [Message] in
      if case .committed(let messages) = event { messages } else { [] }
    }
  }
}

/// A tool that does what a test wants.
struct TestTool: Tool {
  let specification: ToolSpecification
  let isRepeatable: Bool
  let body: @Sendable (JSON) async throws -> JSON

  init(_ name: String, isRepeatable: Bool = true, body: @escaping @Sendable (JSON) async throws -> JSON) {
    specification = ToolSpecification(
      name: name, description: "Does \(name).", parameters: ["type": "object"])
    self.isRepeatable = isRepeatable
    self.body = body
  }

  func call(_ arguments: JSON) async throws -> ToolResult {
    ToolResult(try await body(arguments))
  }
}
