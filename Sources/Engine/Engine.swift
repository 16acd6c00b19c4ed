import Conversation
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
  /// Which embedding model's vectors are searched, and which are being made.
  package let spaceKeeper: SpaceKeeper
  let spaces: Spaces
  package let traces: TraceKeeper
  private let backfill: VectorBackfill
  private let logger: Logger

  /// What the engine is made of that settings decide.
  package struct Parts: Sendable {
    package var store: Store
    package var parser: DocumentParser
    /// What makes vectors of texts.
    package var embedding: EmbeddingSetup
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
    package var traces = TraceSettings()
    package var logger: Logger
    /// How files are cut into passages.
    package var chunker = Chunker()
    /// Bytes that the files of a user may take whose budget says nothing; nil for as much as there is room.
    package var quotaBytes: Int?

    package init(
      store: Store, parser: DocumentParser, embedding: EmbeddingSetup, indexDirectory: String,
      indexSettings: IndexSettings = IndexSettings(), models: ModelCatalog, ollama: OllamaServer? = nil,
      toolTypes: [ToolType], logger: Logger, quotaBytes: Int? = nil
    ) {
      self.quotaBytes = quotaBytes
      self.store = store
      self.parser = parser
      self.embedding = embedding
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

  /// - Throws: `ModelError.misconfigured` with the setting of the embedding model that is missing; `StoreError`.
  package init(_ parts: Parts) throws {
    store = parts.store
    logger = parts.logger
    let open = Self.opening(parts)
    let spaces = Spaces(serving: try SpaceKeeper.serving(parts.embedding, store: parts.store, open: open))
    self.spaces = spaces
    searcher = Searcher(store: store, spaces: spaces)
    backfill = VectorBackfill(store: store, spaces: spaces, logger: parts.logger)
    spaceKeeper = SpaceKeeper(
      setup: parts.embedding, store: store, spaces: spaces, open: open, backfill: backfill,
      logger: parts.logger)
    ingester = Ingester(
      store: store, parser: parts.parser, spaces: spaces, backfill: backfill,
      fetcher: parts.toolClient.map { WebFetcher(client: $0, blobs: parts.store.blobs) },
      chunker: parts.chunker, quotaBytes: parts.quotaBytes, logger: parts.logger)
    let builtIn = ModelCatalog.Entry(
      name: Self.builtInModelName,
      model: ExtractiveModel(embedder: { spaces.serving.embedder }) { [store] in
        try await store.page(at: $1, of: $0)
      },
      callsTools: true)
    models = parts.models
    models.setBuiltIn(builtIn)
    modelKeeper = ModelKeeper(store: store, catalog: models, ollama: parts.ollama, logger: parts.logger)
    apiTools = parts.toolClient.map { [store] in APITools(store: store, client: $0, parser: parts.parser) }
    mcp = parts.mcp
    tools = ToolCatalog(
      types: [RetrievalTool.type(searcher: searcher)] + parts.toolTypes
        + (apiTools.map { [$0.toolType] } ?? []) + parts.mcp.toolTypes, searcher: searcher)
    traces = TraceKeeper(store: store, settings: parts.traces, logger: parts.logger)
    runner = Runner(
      store: store, models: models, tools: tools, traces: traces, guardsEgress: parts.guardsEgress,
      logger: parts.logger)
  }

  private static func opening(_ parts: Parts) -> @Sendable (EmbeddingDefinition) throws -> OpenSpace {
    { definition in
      let embedder = Embedder(try parts.embedding.source(definition), logger: parts.logger)
      return OpenSpace(
        embedder: embedder,
        indexes: IndexKeeper(
          store: parts.store, directory: parts.indexDirectory, settings: parts.indexSettings,
          space: embedder.space, logger: parts.logger))
    }
  }

  /// Takes up what the last process left open, then does the work that nobody waits for, until the task is
  /// cancelled; then stops the runs where they are.
  package func run() async throws {
    try await modelKeeper.reload()
    await modelKeeper.refresh()
    try await runner.resumeOpenRuns()
    await withDiscardingTaskGroup { group in
      group.addTask { await backfill.run() }
      group.addTask { await spaceKeeper.run() }
      group.addTask { await mcp.run() }
      group.addTask { await ingester.resume() }
      group.addTask { await ingester.refetchWhenDue() }
      group.addTask { await modelKeeper.watch() }
      group.addTask { await traces.run() }
      group.addTask { await rebuildWords() }
      group.addTask { await releaseMemoryNowAndThen() }
    }
    await ingester.stop()
    await runner.stop()
    await traces.finish()
    await spaces.finishSaving()
  }

  private func rebuildWords() async {
    do {
      try await store.rebuildWords()
    } catch {
      logger.error(
        "full-text index not rebuilt; tried again at the next start", metadata: ["cause": "\(error)"])
    }
  }

  private func releaseMemoryNowAndThen() async {
    while (try? await Task.sleep(for: .seconds(60))) != nil {
      await spaces.releaseIfIdle()
      // A model elsewhere that was silent may answer again.
      if case .notAnswering = spaces.serving.embedder.problem { backfill.wake() }
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
  /// What the detail tells in numbers, by name, for those who write it in their own language.
  package var bytes: [String: Int]?

  package init(name: String, state: State, detail: String, bytes: [String: Int]? = nil) {
    self.name = name
    self.state = state
    self.detail = detail
    self.bytes = bytes
  }
}

extension Engine {
  /// How each part is, for those who run the program.
  package func readiness() async -> [PartStatus] {
    [await storeStatus, await diskStatus, await embeddingStatus, await indexStatus, modelStatus]
      + (await toolServerStatus.map { [$0] } ?? [])
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

  private var diskStatus: PartStatus {
    get async {
      guard let usage = try? await store.diskUsage() else {
        return PartStatus(name: "disk", state: .degraded, detail: "Nobody says how much room there is.")
      }
      let detail =
        "\(usage.freeBytes >> 20) of \(usage.diskBytes >> 20) MiB are free; \(usage.dataBytes >> 20) MiB are data."
      return PartStatus(
        name: "disk", state: usage.freeBytes < Limits.leastFreeBytes ? .degraded : .ok, detail: detail,
        bytes: ["free": usage.freeBytes, "disk": usage.diskBytes, "data": usage.dataBytes])
    }
  }

  private var embeddingStatus: PartStatus {
    get async {
      let embedder = spaces.serving.embedder
      let beside = await spaceKeeper.report.besideDetail.map { " " + $0 } ?? ""
      return switch embedder.problem {
      case nil: PartStatus(name: "embedding", state: .ok, detail: embedder.space.model + "." + beside)
      case .notInstalled:
        PartStatus(
          name: "embedding", state: .absent,
          detail: "No embedding model is installed, so files are searched by their words alone. "
            + "Install one with: opengpts model install" + beside)
      case .notAnswering(let why):
        PartStatus(
          name: "embedding", state: .degraded,
          detail:
            "The embedding model \(embedder.space.model) does not answer, so files are searched by their "
            + "words alone: \(why) Vectors that are missing are made once it answers." + beside)
      }
    }
  }

  private var indexStatus: PartStatus {
    get async {
      let indexes = spaces.serving.indexes
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

  /// Nil where no server of the Model Context Protocol is set up.
  private var toolServerStatus: PartStatus? {
    get async {
      guard !mcp.servers.isEmpty else { return nil }
      var failed: [String] = []
      for server in mcp.servers {
        if await server.status.state == .failed { failed.append(server.configuration.name) }
      }
      return PartStatus(
        name: "tool servers", state: failed.isEmpty ? .ok : .degraded,
        detail: failed.isEmpty
          ? "\(mcp.servers.count) set up."
          : "Not available: \(failed.joined(separator: ", ")). The log says why.")
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
