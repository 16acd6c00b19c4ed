import Conversation
import Engine
import Hummingbird
import Store

/// Assistants: one's own, and those that others share.
struct AssistantRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await engine.store.assistants(of: user, page: call.page()))
  }

  /// For everybody, so without anything that is its owner's own affair.
  func listPublic(_ call: Call) async throws -> Response {
    try .json(await engine.store.publicAssistants(page: call.page()).map(\.withoutPrivateSettings))
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    guard let assistant = try await engine.store.assistant(id, visibleTo: user) else {
      throw EngineError.assistantNotFound
    }
    let access = try await engine.store.access(to: id, of: user) ?? .use
    return try .json(access >= .edit ? assistant : assistant.withoutPrivateSettings)
  }

  func create(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(.random(), call, user)
  }

  /// Makes an assistant under an id of the client's choice, or changes it.
  func put(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(call.newIdentifier("assistant_id"), call, user)
  }

  private func save(_ id: Identifier<Assistant>, _ call: Call, _ user: Owner) async throws -> Response {
    let payload = try AssistantPayload(await call.json())
    call.audit.add(
      object: "assistant \(id)", ["name": .string(payload.name), "public": .bool(payload.isPublic)])
    do {
      return try .json(
        await engine.store.saveAssistant(
          id, of: user, name: payload.name, config: payload.config, isPublic: payload.isPublic))
    } catch StoreError.notFound {
      throw EngineError.assistantNotFound
    }
  }

  /// Says that it is done also when there was none, as the original does.
  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    if try await engine.store.deleteAssistant(id, of: user) {
      await engine.ingester.forget(.assistant(id))
    }
    return .done
  }

  func versions(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    do {
      return try .json(await engine.store.assistantVersions(of: id, user: user, page: call.page()))
    } catch StoreError.notFound {
      throw EngineError.assistantNotFound
    }
  }
}

/// What an assistant is made from.
private struct AssistantPayload {
  let name: String
  let config: JSON
  let isPublic: Bool

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    name = body.string("name")
    if name.unicodeScalars.count > Limits.nameCharacters {
      body.reject(
        "name", as: "string_too_long", "String should have at most \(Limits.nameCharacters) characters",
        context: ["max_length": .integer(Limits.nameCharacters)])
    }
    config = body.object("config")
    isPublic = body.bool("public", default: false)
    try body.check()
  }
}

extension Assistant {
  /// What somebody needs who uses it and does not own it: how it works, not what it was told nor with which
  /// keys.
  var withoutPrivateSettings: Assistant {
    var assistant = self
    let settings = config["configurable"]?.object ?? [:]
    let kept = settings.compactMap { key, value -> (String, JSON)? in
      let name = key.split(separator: "/").last.map(String.init) ?? key
      if name == "tools" { return (key, value.withoutToolSettings) }
      return Self.sharedSettings.contains(name) ? (key, value) : nil
    }
    assistant.config = ["configurable": .object(Dictionary(kept) { first, _ in first })]
    return assistant
  }

  private static let sharedSettings: Set = [
    "type", "agent_type", "llm_type", "interrupt_before_action", "starters",
  ]
}

extension JSON {
  /// A list of tools, each as its type and name alone.
  fileprivate var withoutToolSettings: JSON {
    .array(
      (array ?? []).map { tool in
        guard let members = tool.object else { return tool.string.map(JSON.string) ?? .null }
        return .object(members.filter { ["type", "name", "description", "multi_use"].contains($0.key) })
      })
  }
}
