import Conversation
import Engine
import Hummingbird
import Store

/// Collections: files under one name that assistants share.
struct CollectionRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await engine.store.collections(of: user, page: call.page()))
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await collection(call, user))
  }

  func create(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(.random(), call, user)
  }

  /// Makes a collection under an id of the client's choice, or changes it.
  func put(_ call: Call, _ user: Owner) async throws -> Response {
    try await save(call.newIdentifier("collection_id"), call, user)
  }

  private func save(
    _ id: Identifier<FileCollection>, _ call: Call, _ user: Owner
  ) async throws -> Response {
    let payload = try CollectionPayload(await call.json())
    do {
      return try .json(
        await engine.store.saveCollection(
          id, of: user, name: payload.name, description: payload.description))
    } catch StoreError.notFound {
      throw EngineError.collectionNotFound
    }
  }

  /// Deletes the collection with its files.
  /// - Returns: what it was, with how many files went with it and how many assistants have lost it.
  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    let collection = try await collection(call, user)
    guard try await engine.store.deleteCollection(collection.id, of: user) else {
      throw EngineError.collectionNotFound
    }
    await engine.ingester.forget(.collection(collection.id))
    return try .json(collection)
  }

  /// The user's assistants that search it.
  func assistants(_ call: Call, _ user: Owner) async throws -> Response {
    let collection = try await collection(call, user)
    return try .json(call.page(of: await engine.store.assistants(searching: collection.id, of: user)))
  }

  private func collection(_ call: Call, _ user: Owner) async throws -> FileCollection {
    let id: Identifier<FileCollection> = try call.identifier("collection_id", orThrow: .collectionNotFound)
    guard let collection = try await engine.store.collection(id, of: user) else {
      throw EngineError.collectionNotFound
    }
    return collection
  }
}

/// What a collection is made from.
private struct CollectionPayload {
  let name: String
  let description: String

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    name = body.string("name")
    let given = body.members["description"] ?? .null
    description = given.string ?? ""
    if !given.isNull, given.string == nil {
      body.reject("description", as: "string_type", "Input should be a valid string")
    }
    for (member, text) in [("name", name), ("description", description)]
    where text.unicodeScalars.count > Limits.nameCharacters {
      body.reject(
        member, as: "string_too_long", "String should have at most \(Limits.nameCharacters) characters",
        context: ["max_length": .integer(Limits.nameCharacters)])
    }
    try body.check()
  }
}
