import Conversation
import Engine
import Hummingbird
import Store

/// Threads: the conversations a user has, each with one assistant.
struct ThreadRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await engine.store.threads(of: user, page: call.page()))
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard let thread = try await engine.store.thread(id, of: user) else { throw EngineError.threadNotFound }
    return try .json(thread)
  }

  func create(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(.random(), call, user)
  }

  /// Makes a thread under an id of the client's choice, or changes it.
  func put(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(call.newIdentifier("thread_id"), call, user)
  }

  private func save(
    _ id: Identifier<Conversation.Thread>, _ call: Call, _ user: Owner
  ) async throws -> Response {
    let payload = try ThreadPayload(await call.json())
    guard let assistant = try await engine.store.assistant(payload.assistantID, visibleTo: user) else {
      throw EngineError.assistantNotFound
    }
    do {
      return try .json(
        await engine.store.saveThread(
          id, of: user, assistantID: assistant.id, name: payload.name,
          metadata: ["assistant_type": assistant.type]))
    } catch StoreError.notFound {
      throw EngineError.threadNotFound
    }
  }

  /// Stops what goes on in the thread, then deletes it with all it holds. Says that it is done also when
  /// there was none, as the original does.
  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(id, of: user) != nil else { return .done }
    if let run = await engine.runner.busyRun(of: id) { try await engine.runner.cancel(run, of: user) }
    if try await engine.store.deleteThread(id, of: user) {
      await engine.ingester.forget(.thread(id))
    }
    return .done
  }
}

/// What a thread is made from.
private struct ThreadPayload {
  let name: String
  let assistantID: Identifier<Assistant>

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    name = body.string("name").cut(toCharacters: Limits.nameCharacters)
    let assistant: Identifier<Assistant>? = body.identifier("assistant_id")
    try body.check()
    guard let assistant else { throw ValidationError(body.problems) }
    assistantID = assistant
  }
}

extension Assistant {
  /// How it works, as its threads note it.
  fileprivate var type: JSON {
    if let configuration = try? AssistantConfiguration(config: config) {
      return .string(configuration.architecture.rawValue)
    }
    // Whatever else stands there is no type that a client could show.
    return config["configurable"]?["type"]?.string.map(JSON.string) ?? nil
  }
}

extension String {
  /// At most that many Unicode scalars: a thread is named after its first message, however long that is.
  func cut(toCharacters limit: Int) -> String {
    unicodeScalars.count > limit ? String(String.UnicodeScalarView(unicodeScalars.prefix(limit))) : self
  }
}
