package import Documents
package import Logging
package import Providers
package import Store
package import Transport

/// The whole of what this program does, without the ways in: an HTTP server or a command line is put on top.
package struct Engine: Sendable {
  package let store: Store
  package let runner: Runner
  package let ingester: Ingester
  package let searcher: Searcher
  package let models: ModelCatalog
  package let modelKeeper: ModelKeeper
  package let tools: ToolCatalog
  /// Services that people described themselves; nil when this engine has no way to them.
  package let apiTools: APITools?
  package let mcp: MCPServers
  private let embedder: Embedder
  private let backfill: VectorBackfill
  private let indexes: IndexKeeper

  /// What the engine is made of that settings decide.
  package struct Parts: Sendable {
    package var store: Store
    package var parser: DocumentParser
    /// Where the embedding model lies, or will.
    package var embeddingDirectory: String
    /// Where the files of large vector indexes lie, or will: a cache, safe to delete while nobody runs.
    package var indexDirectory: String
    package var indexSettings: IndexSettings
    /// The language models that are set up.
    package var models: ModelCatalog
    /// Where an Ollama may be; nil: nobody is to look.
    package var ollama: OllamaServer?
    /// The tools beside retrieval.
    package var toolTypes: [ToolType]
    /// The way to what users and models name, for services that people describe themselves.
    package var toolClient: HTTPClient?
    package var mcp = MCPServers()
    /// Whether calls are asked for that could carry what files say to where strangers' text wants it.
    package var guardsEgress = true
    package var logger: Logger

    package init(
      store: Store, parser: DocumentParser, embeddingDirectory: String, indexDirectory: String,
      indexSettings: IndexSettings = IndexSettings(), models: ModelCatalog, ollama: OllamaServer? = nil,
      toolTypes: [ToolType], logger: Logger
    ) {
      self.store = store
      self.parser = parser
      self.embeddingDirectory = embeddingDirectory
      self.indexDirectory = indexDirectory
      self.indexSettings = indexSettings
      self.models = models
      self.ollama = ollama
      self.toolTypes = toolTypes
      self.logger = logger
    }
  }

  /// The name under which the built-in model can be chosen although a language model is set up.
  package static let builtInModelName = "Built-in (quotations)"

  package init(_ parts: Parts) {
    store = parts.store
    embedder = Embedder(directory: parts.embeddingDirectory, logger: parts.logger)
    indexes = IndexKeeper(
      store: store, directory: parts.indexDirectory, settings: parts.indexSettings, logger: parts.logger)
    searcher = Searcher(store: store, embedder: embedder, indexes: indexes)
    backfill = VectorBackfill(store: store, embedder: embedder, indexes: indexes, logger: parts.logger)
    ingester = Ingester(
      store: store, parser: parts.parser, embedder: embedder, indexes: indexes, backfill: backfill,
      logger: parts.logger)
    let builtIn = ModelCatalog.Entry(
      name: Self.builtInModelName,
      model: ExtractiveModel(embedder: embedder) { [store] in try await store.page(at: $1, of: $0) },
      callsTools: true)
    models = parts.models
    models.setBuiltIn(builtIn)
    modelKeeper = ModelKeeper(store: store, catalog: models, ollama: parts.ollama, logger: parts.logger)
    apiTools = parts.toolClient.map { [store] in APITools(store: store, client: $0) }
    mcp = parts.mcp
    tools = ToolCatalog(
      types: [RetrievalTool.type(searcher: searcher)] + parts.toolTypes
        + (apiTools.map { [$0.toolType] } ?? []) + parts.mcp.toolTypes, searcher: searcher)
    runner = Runner(
      store: store, models: models, tools: tools, guardsEgress: parts.guardsEgress, logger: parts.logger)
  }

  /// Takes up what the last process left open, then does the work that nobody waits for, until the task is
  /// cancelled; then stops the runs where they are.
  package func run() async throws {
    try await modelKeeper.reload()
    await modelKeeper.refresh()
    try await runner.resumeOpenRuns()
    await withDiscardingTaskGroup { group in
      group.addTask { await backfill.run() }
      group.addTask { await mcp.run() }
      group.addTask { await ingester.resume() }
      group.addTask { await modelKeeper.watch() }
      group.addTask { try? await indexes.sweep() }
      group.addTask { await releaseMemoryNowAndThen() }
    }
    await runner.stop()
    await indexes.finishSaving()
  }

  private func releaseMemoryNowAndThen() async {
    while (try? await Task.sleep(for: .seconds(60))) != nil {
      await embedder.releaseIfIdle()
      await indexes.saveQuiet()
    }
  }
}

// MARK: State of health

/// How a part of the program is.
package struct PartStatus: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable {
    case ok
    /// Not there, and not needed; the detail says what is missing without it.
    case absent
    case degraded
    case failed
  }

  package var name: String
  package var state: State
  package var detail: String

  package init(name: String, state: State, detail: String) {
    self.name = name
    self.state = state
    self.detail = detail
  }
}

extension Engine {
  /// How each part is, for those who run the program.
  package func readiness() async -> [PartStatus] {
    [await storeStatus, embeddingStatus, await indexStatus, modelStatus]
  }

  private var storeStatus: PartStatus {
    get async {
      do {
        try await store.check()
        return PartStatus(name: "database", state: .ok, detail: "Reads and writes.")
      } catch {
        return PartStatus(
          name: "database", state: .failed, detail: "The database does not answer; see the log.")
      }
    }
  }

  private var embeddingStatus: PartStatus {
    embedder.isInstalled
      ? PartStatus(name: "embedding", state: .ok, detail: Embedder.modelName)
      : PartStatus(
        name: "embedding", state: .absent,
        detail: "No embedding model is installed, so files are searched by their words alone. "
          + "Install one with: opengpts model install")
  }

  private var indexStatus: PartStatus {
    get async {
      let building = await indexes.buildingCount
      let rebuilding = await indexes.rebuildingCount
      let notes = [
        building == 0 ? nil : "\(building) being built; searched exactly meanwhile.",
        rebuilding == 0 ? nil : "\(rebuilding) being built anew; the earlier ones serve meanwhile.",
      ].compactMap { $0 }
      return PartStatus(
        name: "vector index", state: .ok, detail: notes.isEmpty ? "At rest." : notes.joined(separator: " "))
    }
  }

  private var modelStatus: PartStatus {
    models.hasLanguageModel
      ? PartStatus(name: "language model", state: .ok, detail: "Set up.")
      : PartStatus(
        name: "language model", state: .absent,
        detail: "No language model is set up, so answers are quotations from files. "
          + "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or another provider's, OPENAI_BASE_URL for a server of "
          + "your own, or start Ollama.")
  }
}
