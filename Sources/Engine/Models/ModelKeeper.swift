package import Conversation
import Logging
import Providers
import Store

/// Keeps the catalogue of models true: what administrators set up, and what an Ollama on this machine has.
package actor ModelKeeper {
  private let store: Store
  private let catalog: ModelCatalog
  private let ollama: OllamaServer?
  private let logger: Logger
  private var lastLook: ContinuousClock.Instant?
  private var look: Task<Void, Never>?
  private var pulls: [String: PullState] = [:]

  /// Where nothing was found it is looked again ever more seldom; somebody who opens the list looks at once,
  /// but not more often than the first.
  private static let lookSeconds: (again: Double, seldom: Double, asked: Double) = (30, 600, 5)

  init(store: Store, catalog: ModelCatalog, ollama: OllamaServer?, logger: Logger) {
    self.store = store
    self.catalog = catalog
    self.ollama = ollama
    self.logger = logger
  }

  // MARK: Administrators

  /// Reads what administrators set up: at the start, and after each change.
  package func reload() async throws {
    catalog.setAdministered(
      try await store.models().map { .init($0.definition, apiKey: $0.apiKey) })
  }

  /// - Parameter apiKey: nil keeps the key there is; an empty one takes it away.
  /// - Throws: `.modelPinned` when the configuration file has that name.
  package func save(_ definition: ModelDefinition, apiKey: String?) async throws {
    if catalog.isPinned(definition.name) { throw EngineError.modelPinned(definition.name) }
    let known = try await store.models()
    guard known.count < Limits.models || known.contains(where: { $0.definition.name == definition.name })
    else {
      throw EngineError.tooManyModels
    }
    try await store.saveModel(definition, apiKey: apiKey)
    try await reload()
  }

  package func delete(_ name: String) async throws {
    if catalog.isPinned(name) { throw EngineError.modelPinned(name) }
    guard try await store.deleteModel(name) else { throw EngineError.modelNotFound }
    try await reload()
  }

  // MARK: Ollama

  /// Looks for Ollama now and then, until the task is cancelled.
  func watch() async {
    guard ollama != nil else { return }
    var wait = Self.lookSeconds.again
    while (try? await Task.sleep(for: .seconds(wait))) != nil {
      await lookNow()
      wait = foundCount > 0 ? Self.lookSeconds.again : min(wait * 2, Self.lookSeconds.seldom)
    }
  }

  /// Looks, unless somebody just has.
  package func refresh() async {
    if let lastLook, ContinuousClock.now - lastLook < .seconds(Self.lookSeconds.asked) { return }
    await lookNow()
  }

  private var foundCount = 0

  /// One look at a time; who comes meanwhile waits for it.
  private func lookNow() async {
    guard let ollama else { return }
    if let look { return await look.value }
    let task = Task { [catalog, logger] in
      do throws(ModelError) {
        let models = try await ollama.models()
        catalog.setFound(models)
        self.found(models.count)
      } catch {
        logger.debug("no Ollama found", metadata: ["cause": "\(error)"])
        catalog.setFound([])
        self.found(0)
      }
    }
    look = task
    await task.value
    look = nil
    lastLook = .now
  }

  private func found(_ count: Int) {
    if count != foundCount { logger.info("Ollama has models", metadata: ["count": "\(count)"]) }
    foundCount = count
  }
}

// MARK: Pulling

extension ModelKeeper {
  /// How far the fetching of a model into Ollama is.
  package struct PullState: Codable, Sendable, Equatable {
    package var model: String
    /// Ollama's words for the step it is at, or what went wrong.
    package var status: String
    /// From 0 to 1, where Ollama says.
    package var share: Double?
    package var isDone = false
    package var hasFailed = false

    package enum CodingKeys: String, CodingKey {
      case model, status, share
      case isDone = "is_done"
      case hasFailed = "has_failed"
    }
  }

  /// Has Ollama fetch a model, in the background; the same one is fetched once.
  package func pull(_ model: String) throws -> PullState {
    guard let ollama else { throw EngineError.modelNotFound }
    if let state = pulls[model], !state.isDone { return state }
    let state = PullState(model: model, status: "begun")
    pulls[model] = state
    Task {
      do throws(ModelError) {
        try await ollama.pull(model) { status, share in
          Task { await self.note(status, share, of: model) }
        }
        self.end(model, "success", hasFailed: false)
        await self.lookNow()
      } catch {
        self.end(model, RunFailure(error).message, hasFailed: true)
      }
    }
    return state
  }

  /// The pulls since the start, those that go on first.
  package var pullStates: [PullState] {
    pulls.values.sorted { ($0.isDone ? 1 : 0, $0.model) < ($1.isDone ? 1 : 0, $1.model) }
  }

  private func note(_ status: String, _ share: Double?, of model: String) {
    guard pulls[model]?.isDone == false else { return }
    pulls[model]?.status = String(status.prefix(200))
    pulls[model]?.share = share
  }

  private func end(_ model: String, _ status: String, hasFailed: Bool) {
    pulls[model]?.status = status
    pulls[model]?.isDone = true
    pulls[model]?.hasFailed = hasFailed
  }
}
