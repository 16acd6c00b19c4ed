import Conversation
import Engine
import Hummingbird
import Store

/// What assistants can be given, and the services that people describe themselves.
struct ToolRoutes: Sendable {
  let engine: Engine

  /// Every kind of tool, the user's own services, and the functions of those that are at hand.
  func catalog(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(call.page(of: await engine.toolCatalog(for: user)))
  }

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await engine.store.customTools(of: user, page: call.page()))
  }

  /// With every operation of its document.
  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await reply(tool(call, user)))
  }

  func create(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try ToolPayload(await call.json())
    let last = Page(limit: 1, offset: Limits.customTools - 1)
    guard try await engine.store.customTools(of: user, page: last).isEmpty else {
      throw Refusal(
        .conflict, "No more than \(Limits.customTools) services can be described. Delete one first")
    }
    guard let document = try await document(payload) else {
      throw ValidationError(
        Problem(type: "missing", location: ["body", "document"], message: "Give a document, or its url"))
    }
    let name = payload.name ?? document.title
    let tool = CustomTool(
      userID: user, name: name.isEmpty ? "Service" : String(name.prefix(200)),
      baseURL: try Self.baseURL(payload, document), operations: payload.operations ?? [],
      authentication: payload.authentication ?? .init())
    return try await save(tool, document, payload)
  }

  /// What is left out stays as it is.
  func put(_ call: Call, _ user: Owner) async throws -> Response {
    var tool = try await tool(call, user)
    let payload = try ToolPayload(await call.json())
    let document = try await document(payload)
    if let name = payload.name { tool.name = name }
    if let baseURL = payload.baseURL { tool.baseURL = baseURL }
    if let operations = payload.operations { tool.operations = operations }
    if let authentication = payload.authentication { tool.authentication = authentication }
    tool.updatedAt = .now
    return try await save(tool, document, payload)
  }

  private func save(
    _ tool: CustomTool, _ document: APIDocument?, _ payload: ToolPayload
  ) async throws -> Response {
    do {
      let saved = try await engine.store.saveCustomTool(
        tool, document: document?.root, secret: payload.secret)
      return try .json(await reply(saved))
    } catch StoreError.notFound {
      throw EngineError.toolNotFound
    }
  }

  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<CustomTool> = try call.identifier("tool_id", orThrow: .toolNotFound)
    guard try await engine.store.deleteCustomTool(id, of: user) else { throw EngineError.toolNotFound }
    return .done
  }

  /// Calls one operation as an assistant would, and tells what a model would read.
  func attempt(_ call: Call, _ user: Owner) async throws -> Response {
    let tool = try await tool(call, user)
    var body = try ObjectReader(await call.json(), at: ["body"])
    let operation = body.string("operation")
    let arguments = body.optionalObject("arguments")
    try body.check()
    guard let tools = engine.apiTools else { throw EngineError.toolNotFound }
    do {
      let result = try await tools.attempt(tool, operation: operation, arguments: arguments)
      return try .json(["ok": true, "result": result] as JSON)
    } catch let error as ToolError {
      return try .json(["ok": false, "result": .string(error.message)] as JSON)
    }
  }

  // MARK: Parts

  private func tool(_ call: Call, _ user: Owner) async throws -> CustomTool {
    let id: Identifier<CustomTool> = try call.identifier("tool_id", orThrow: .toolNotFound)
    guard let tool = try await engine.store.customTool(id, of: [user]) else { throw EngineError.toolNotFound }
    return tool
  }

  private func document(_ payload: ToolPayload) async throws -> APIDocument? {
    do {
      if let document = payload.document { return try APIDocument(checking: await read(document)) }
    } catch let error as ToolError {
      throw Self.refusal(of: "document", error)
    }
    guard let url = payload.url, let tools = engine.apiTools else { return nil }
    do {
      return try APIDocument(checking: await tools.document(at: url))
    } catch let error as ToolError {
      throw Self.refusal(of: "url", error)
    }
  }

  /// A text is the document in JSON or YAML.
  private func read(_ document: JSON) async throws -> JSON {
    guard let text = document.string, let tools = engine.apiTools else { return document }
    return try await tools.document(in: Array(text.utf8))
  }

  private static func baseURL(
    _ payload: ToolPayload, _ document: APIDocument
  ) throws(ValidationError) -> String {
    if let url = payload.baseURL ?? document.serverURL { return url }
    throw ValidationError(
      Problem(
        type: "missing", location: ["body", "base_url"],
        message: "The document names no address of its service: give it as base_url"))
  }

  private static func refusal(of member: String, _ error: ToolError) -> ValidationError {
    ValidationError(
      Problem(type: "value_error", location: ["body", .string(member)], message: error.message))
  }

  private func reply(_ tool: CustomTool) async throws -> ToolReply {
    let document = try await engine.store.document(of: tool.id)
    return ToolReply(tool: tool, available: document.map { APIDocument($0).allOperations } ?? [])
  }
}

/// A service with what its document offers.
private struct ToolReply: Encodable {
  let tool: CustomTool
  let available: [APIOperation]

  private enum CodingKeys: String, CodingKey {
    case available = "available_operations"
  }

  private struct Operation: Encodable {
    let id: String
    let method: String
    let path: String
    let summary: String
    let readsOnly: Bool
    let obstacle: String?
    let parameters: JSON

    enum CodingKeys: String, CodingKey {
      case id, method, path, summary, obstacle, parameters
      case readsOnly = "reads_only"
    }
  }

  func encode(to encoder: any Encoder) throws {
    try tool.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(
      available.map {
        Operation(
          id: $0.id, method: $0.method.rawValue, path: $0.path, summary: $0.summary,
          readsOnly: $0.method.readsOnly, obstacle: $0.obstacle, parameters: $0.argumentSchema)
      }, forKey: .available)
  }
}
