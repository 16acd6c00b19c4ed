package import Conversation
import Foundation
package import Transport

/// What an Ollama has installed, and what each of it can do. Asked with short deadlines and without retries:
/// most machines have none, and nothing waits for one.
package struct OllamaServer: Sendable {
  private let endpoint: Endpoint
  private let preferred: String?
  private let client: HTTPClient

  private static let deadlines = Deadlines(
    connectSeconds: 1, firstByteSeconds: 3, idleSeconds: 3, totalSeconds: 5)
  /// A list of thousands of models is under 4 MB.
  private static let bodyBytes = 4 << 20
  /// Models whose abilities are asked for; the rest stand there without.
  private static let describedModels = 64

  /// - Parameter preferred: the model that answers for the original's name `Ollama`, if it is installed.
  package init(endpoint: Endpoint, named preferred: String?, client: HTTPClient) {
    self.endpoint = endpoint
    self.preferred = preferred
    self.client = client
  }

  /// The installed models that can hold a conversation, by name. Nothing is thrown where there is no Ollama: the
  /// error says so.
  package func models() async throws(ModelError) -> [ModelDefinition] {
    let list = try await ask("GET", "/api/tags", nil)
    guard let entries = list["models"]?.array else { throw .malformed("the list of models is none") }
    let names = entries.compactMap { $0["name"]?.string ?? $0["model"]?.string }.sorted()
    var models: [ModelDefinition] = []
    for name in names.prefix(Self.describedModels) {
      if let model = try await described(name) { models.append(model) }
    }
    return namedOllama(models).map { [$0] + models } ?? models
  }

  /// The original knows one model of Ollama, under its name.
  private func namedOllama(_ models: [ModelDefinition]) -> ModelDefinition? {
    let chosen = preferred.flatMap { wanted in
      models.first { $0.model == wanted || $0.model == wanted + ":latest" }
    }
    var named = chosen ?? models.first
    named?.name = "Ollama"
    return named
  }

  /// Nil for models that only embed.
  private func described(_ name: String) async throws(ModelError) -> ModelDefinition? {
    var model = ModelDefinition(name: name, provider: "ollama", model: name)
    (model.inputPrice, model.outputPrice) = (0, 0)
    let facts: JSON
    do throws(ModelError) {
      facts = try await ask("POST", "/api/show", ["model": .string(name)])
    } catch .rejected {
      return model  // Deleted meanwhile, or too old a server to tell.
    }
    // A server too old to tell abilities (before 0.6) is taken to know tools.
    guard let abilities = facts["capabilities"]?.array?.compactMap(\.string) else { return model }
    guard abilities.contains("completion") else { return nil }
    model.tools = abilities.contains("tools") ? .native : .xml
    model.images = abilities.contains("vision")
    model.thinking = abilities.contains("thinking")
    model.contextTokens = Self.context(of: facts)
    return model
  }

  /// As much as the model was made for, but no more than a small machine's memory holds.
  private static func context(of facts: JSON) -> Int? {
    let length = facts["model_info"]?.object?.first { $0.key.hasSuffix(".context_length") }?.value.integer
    return length.map { min($0, 16_384) }
  }

  /// Fetches a model into Ollama, and tells how far it is, from 0 to 1, where Ollama says.
  package func pull(_ name: String, progress: @Sendable (String, Double?) -> Void) async throws(ModelError) {
    let request = try HTTPRequest.modelCall(
      endpoint.baseURL.trimmingTrailingSlashes + "/api/pull", headers: endpoint.bearer,
      body: ["model": name], deadlines: Deadlines(idleSeconds: 300, totalSeconds: 24 * 3_600),
      proxy: endpoint.proxy)
    var isDone = false
    try await StreamedCall<OllamaPullReader>(
      client: client, refusals: .ollama(key: endpoint.apiKey, model: name)
    ).run(request, OllamaPullReader()) { event in
      guard case .text(let line) = event, let step = try? JSON(parsing: line) else { return }
      let share = step["completed"]?.number.flatMap { done in
        step["total"]?.number.map { $0 > 0 ? min(1, done / $0) : 0 }
      }
      isDone = step["status"] == "success"
      progress(step["status"]?.string ?? "", share)
    }
    guard isDone else { throw .cut(cause: "the pull ended without success") }
  }

  private func ask(_ method: String, _ path: String, _ body: JSON?) async throws(ModelError) -> JSON {
    var request = HTTPRequest(
      method, url: endpoint.baseURL.trimmingTrailingSlashes + path, headers: endpoint.bearer,
      body: body.map { Array($0.text.utf8) }, deadlines: Self.deadlines, maxBodyBytes: Self.bodyBytes,
      proxy: endpoint.proxy)
    if body != nil { request.headers.append(HTTPHeader("Content-Type", "application/json")) }
    let refusals = Refusals(secrets: endpoint.apiKey.map { [$0] } ?? [])
    do throws(TransportError) {
      let (head, reply) = try await client.fetch(request)
      guard head.status == 200 else { throw .status(head.status, body: reply) }
      guard let json = try? JSON(parsing: reply) else { throw .malformedResponse("no JSON") }
      return json
    } catch {
      throw refusals.error(for: error)
    }
  }
}

/// The lines of a pull, handed on as they are.
private struct OllamaPullReader: StreamReader {
  typealias Framing = LineSplitter

  let isDone = false

  mutating func read(_ frame: [UInt8]) throws(ModelError) -> [ModelEvent] {
    let text = String(decoding: frame, as: UTF8.self)
    if let error = (try? JSON(parsing: text))?["error"]?.string {
      throw .rejected(status: 400, message: error)
    }
    return [.text(text)]
  }

  mutating func end() throws(ModelError) -> [ModelEvent] { [] }
}
