import Conversation
import Engine
import Foundation
import Hummingbird
import Providers
import Store

/// The models that assistants may name: listed for everybody, set up by administrators.
struct ModelRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ caller: Caller) async throws -> Response {
    await engine.modelKeeper.refresh()
    return try .json(
      call.page(of: engine.models.list()).map { ModelReply($0, isForAdmin: caller.role >= .admin) })
  }

  /// Whom models can be asked of, for the form in which an administrator sets one up.
  func providers(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(ProviderCatalog.providers.map(ProviderReply.init))
  }

  func put(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try ModelPayload(await call.json(), name: call.parameters["model_name"] ?? "")
    try await engine.modelKeeper.save(payload.definition, apiKey: payload.apiKey)
    guard let saved = engine.models.list().first(where: { $0.definition.name == payload.definition.name })
    else { throw EngineError.modelNotFound }
    return try .json(ModelReply(saved, isForAdmin: true))
  }

  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    try await engine.modelKeeper.delete(call.parameters["model_name"] ?? "")
    return .done
  }

  // MARK: Ollama

  func pulls(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(call.page(of: await engine.modelKeeper.pullStates))
  }

  func pull(_ call: Call, _ user: Owner) async throws -> Response {
    var body = try ObjectReader(await call.json(), at: ["body"])
    let model = body.visibleString("model")
    if model.unicodeScalars.count > Limits.pulledNameCharacters {
      body.reject("model", as: "value_error", "The name of a model of Ollama's library is wanted")
    }
    try body.check()
    return try .json(await engine.modelKeeper.pull(model))
  }
}

/// A model as somebody chooses it, without anything that only its server may know.
private struct ModelReply: Encodable {
  let listing: ModelCatalog.Listing
  let isForAdmin: Bool

  init(_ listing: ModelCatalog.Listing, isForAdmin: Bool) {
    self.listing = listing
    self.isForAdmin = isForAdmin
  }

  private enum CodingKeys: String, CodingKey {
    case name, provider, model, origin, problem, tools, images, thinking, effort, fallback, cache
    case providerTitle = "provider_title"
    case isPinned = "pinned"
    case isUsable = "usable"
    case contextTokens = "context_tokens"
    case maxOutputTokens = "max_output_tokens"
    case inputPrice = "input_price"
    case outputPrice = "output_price"
    case cachedInputPrice = "cached_input_price"
    case baseURL = "base_url"
    case hasKey = "has_key"
  }

  func encode(to encoder: any Encoder) throws {
    let model = listing.definition
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(model.name, forKey: .name)
    try values.encode(model.provider, forKey: .provider)
    try values.encode(ProviderCatalog.provider(model.provider)?.title ?? "OpenGPTs", forKey: .providerTitle)
    try values.encode(model.model, forKey: .model)
    try values.encode(listing.origin, forKey: .origin)
    try values.encode(listing.origin == .file, forKey: .isPinned)
    try values.encode(listing.problem == nil, forKey: .isUsable)
    try values.encode(listing.problem, forKey: .problem)
    try values.encode(model.tools, forKey: .tools)
    try values.encode(model.images, forKey: .images)
    try values.encode(model.thinking, forKey: .thinking)
    try values.encode(model.contextTokens, forKey: .contextTokens)
    try values.encode(model.maxOutputTokens, forKey: .maxOutputTokens)
    try values.encode(model.inputPrice, forKey: .inputPrice)
    try values.encode(model.outputPrice, forKey: .outputPrice)
    try values.encode(model.cachedInputPrice, forKey: .cachedInputPrice)
    try values.encode(model.effort, forKey: .effort)
    try values.encode(model.fallback, forKey: .fallback)
    try values.encode(model.cache, forKey: .cache)
    guard isForAdmin else { return }
    try values.encode(model.baseURL, forKey: .baseURL)
    try values.encode(listing.hasOwnKey, forKey: .hasKey)
  }
}

private struct ProviderReply: Encodable {
  let id: String
  let title: String
  let baseURL: String?
  let needsKey: Bool

  init(_ provider: Provider) {
    id = provider.id
    title = provider.title
    baseURL = provider.baseURL
    needsKey = provider.needsKey
  }

  private enum CodingKeys: String, CodingKey {
    case id, title
    case baseURL = "base_url"
    case needsKey = "needs_key"
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(id, forKey: .id)
    try values.encode(title, forKey: .title)
    try values.encode(baseURL, forKey: .baseURL)
    try values.encode(needsKey, forKey: .needsKey)
  }
}

/// What an administrator sets a model up with.
private struct ModelPayload {
  let definition: ModelDefinition
  /// Nil keeps the key there is.
  let apiKey: String?

  private static let known = Set(ModelDefinition.CodingKeys.allCases.map(\.rawValue) + ["api_key"])

  init(_ json: JSON, name: String) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    for key in body.members.keys.sorted() where !Self.known.contains(key) {
      body.reject(key, as: "extra_forbidden", "Extra inputs are not permitted")
    }
    let key = body.members["api_key"]
    if let key, !key.isNull, key.string == nil {
      body.reject("api_key", as: "string_type", "Input should be a valid string")
    }
    try body.check()
    apiKey = key?.string.map { String($0.prefix(10_000)).trimmingCharacters(in: .whitespacesAndNewlines) }
    var fields = body.members
    fields["name"] = .string(name)
    do throws(ModelRefusal) {
      definition = try ModelRules.definition(ModelFields(fields))
    } catch {
      throw ValidationError(
        Problem(
          type: "value_error", location: ["body", .string(error.key)],
          message: "\(error.key) \(error.problem)",
          input: fields[error.key]))
    }
  }
}
