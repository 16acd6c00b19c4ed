import Conversation
import Logging
import Providers
import Store

/// # Changing the embedding model
///
/// 1. The settings name another model than the one that serves. Searches go on with the one that serves: how
///    it is asked is in the database, its key sealed.
/// 2. Beside its vectors those of the new model are made, batch by batch, each durable at once: a process that
///    ends in between leaves them to the next, which goes on.
/// 3. When no chunk lacks one, the graphs of large namespaces are built and saved. Then the new model comes to
///    serve: in the database in one transaction, which looks once more whether a chunk lacks its vector, and then
///    in memory in one step.
/// 4. The vectors and index files of the former model stay until a third one is wanted or they are dropped. Until
///    then it can be had back at once. What came since is given its vectors behind the searches.
///
/// What a person stopped or took back stays so through restarts, until they begin it again or the settings change.
package actor SpaceKeeper {
  private let setup: EmbeddingSetup
  private let store: Store
  private let spaces: Spaces
  private let open: @Sendable (EmbeddingDefinition) throws -> OpenSpace
  private let backfill: VectorBackfill
  private let logger: Logger
  /// What stands beside the one that serves, as the database says.
  private var beside: StoredSpace?
  private var progress: SpaceReport.Progress?
  private var building: Task<Void, Never>?
  /// Whether a row for what is to be built is being written: a second wish in that moment is the same one.
  private var isBeginning = false
  private var wantedModel: String?

  init(
    setup: EmbeddingSetup, store: Store, spaces: Spaces,
    open: @escaping @Sendable (EmbeddingDefinition) throws -> OpenSpace, backfill: VectorBackfill,
    logger: Logger
  ) {
    self.setup = setup
    self.store = store
    self.spaces = spaces
    self.open = open
    self.backfill = backfill
    self.logger = logger
  }

  /// What serves at a start: what served before, or else what the settings want.
  static func serving(
    _ setup: EmbeddingSetup, store: Store, open: (EmbeddingDefinition) throws -> OpenSpace
  ) throws -> OpenSpace {
    let wanted = try open(setup.wanted)
    guard let known = try store.vectorSpaces().first(where: { $0.state == .serving }),
      known.model != wanted.model
    else { return wanted }
    return try open(EmbeddingDefinition(known))
  }

  /// Takes up what the settings want or a process before this one left, for as long as the task goes on.
  func run() async {
    do {
      try await settle()
      try await sweepIndexes()
    } catch {
      logger.error("embedding models not compared with the settings", metadata: ["cause": "\(error)"])
    }
    while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
    building?.cancel()
    await building?.value
  }

  /// Compares what serves with what the settings want.
  func settle() async throws {
    let wanted = try open(setup.wanted)
    wantedModel = wanted.model
    let known = try store.vectorSpaces()
    beside = known.first { $0.state != .serving }
    guard let serving = known.first(where: { $0.state == .serving }), serving.model != wanted.model else {
      // Its key or its address may be new. What was begun and is wanted no more goes.
      try await store.saveSpace(stored(wanted.model, .serving))
      if beside?.state != .earlier { try await forgetBeside() }
      return try await store.clearStrayVectors()
    }
    if beside?.model == wanted.model, beside?.state == .stopped {
      logger.warning(
        "the settings name another embedding model than serves; `opengpts reindex start` goes on with it",
        metadata: ["serving": "\(serving.model)", "settings": "\(wanted.model)"])
    } else {
      try await begin(wanted)
    }
    try await store.clearStrayVectors()
  }

  private func stored(_ model: String, _ state: StoredSpace.State) throws -> StoredSpace {
    StoredSpace(
      model: model, state: state, definition: try setup.wanted.json(), apiKey: setup.wanted.apiKey)
  }

  private func forgetBeside() async throws {
    try await store.dropSpaceBeside()
    beside = nil
  }

  /// Deletes the index files of models that are kept no more.
  private func sweepIndexes() async throws {
    let kept = [spaces.serving.model] + (beside.map { [$0.model] } ?? [])
    try await spaces.serving.indexes.sweep(models: Set(kept))
  }

  // MARK: What a person may ask

  /// Begins, or goes on, with the model that the settings name.
  /// - Throws: `EngineError.spaceRefused` when that one serves.
  package func start() async throws {
    let wanted = try open(setup.wanted)
    guard wanted.model != spaces.serving.model else {
      throw EngineError.spaceRefused(
        "\(wanted.model) serves, and is the model that the settings name. Change embedding.* first.")
    }
    try await begin(wanted)
  }

  /// Stops what is being made; what is there already stays for the next start.
  package func cancel() async throws {
    try refuseWhileBeginning()
    guard try await store.setSpaceBeside(from: .building, to: .stopped) else {
      throw EngineError.spaceRefused("No vectors of another model are being made.")
    }
    beside?.state = .stopped
    await stopBuilding()
  }

  /// Has the former model serve again.
  package func undo() async throws {
    guard let former = beside, former.state == .earlier else {
      throw EngineError.spaceRefused("No other model served before, or its vectors were dropped.")
    }
    let space = try open(EmbeddingDefinition(former))
    guard try await store.swapSpaces(.earlier, formerBecomes: .stopped) == .done else {
      throw EngineError.spaceRefused("The models have changed meanwhile. Look again.")
    }
    await serve(space)
  }

  /// Forgets the vectors that do not serve; there is no way back to them then. That a model which the settings name
  /// was not wanted is remembered, so that the next start does not make its vectors anew.
  package func drop() async throws {
    try refuseWhileBeginning()
    await stopBuilding()
    var refused = beside.flatMap { $0.model == wantedModel ? $0 : nil }
    guard try await store.dropSpaceBeside() else {
      throw EngineError.spaceRefused("There are no vectors but those that serve.")
    }
    refused?.state = .stopped
    if let refused { try await store.saveSpace(refused) }
    beside = refused
    try await sweepIndexes()
  }

  /// How things stand.
  package var report: SpaceReport {
    let serving = spaces.serving.embedder.space
    return SpaceReport(
      serving: serving.model, dimensions: serving.dimensions, wanted: wantedModel ?? serving.model,
      beside: beside.map { SpaceReport.Beside(model: $0.model, state: $0.state, progress: progress) })
  }

  // MARK: Building

  /// Does nothing where it has begun already.
  private func begin(_ space: OpenSpace) async throws {
    guard building == nil, !isBeginning else { return }
    isBeginning = true
    defer { isBeginning = false }
    let row = try stored(space.model, .building)
    try await store.saveSpace(row)
    beside = row
    progress = nil
    spaces.next = space
    logger.notice(
      "making vectors of another model; the earlier ones serve meanwhile",
      metadata: ["serving": "\(spaces.serving.model)", "next": "\(space.model)"])
    building = Task { await build(space) }
  }

  private func refuseWhileBeginning() throws {
    if isBeginning { throw EngineError.spaceRefused("It is just beginning. Try again in a moment.") }
  }

  private func stopBuilding() async {
    building?.cancel()
    await building?.value
    building = nil
    spaces.next = nil
    progress = nil
  }

  private func build(_ space: OpenSpace) async {
    var pause = RetryPause()
    while !Task.isCancelled {
      do {
        try await fill(space)
        return
      } catch is CancellationError {
        return
      } catch {
        let seconds = pause.next(after: error)
        progress?.problem = (error as? ModelError)?.embeddingProblem ?? Self.storeProblem
        logger.warning(
          "vectors of the new model not made; tried again",
          metadata: ["after": "\(seconds) s", "cause": "\(error)"])
        try? await Task.sleep(for: .seconds(seconds))
      }
    }
  }

  /// Steps 2 and 3.
  private func fill(_ space: OpenSpace) async throws {
    var swap = SpaceSwap.lacksVectors
    while swap == .lacksVectors {
      try Task.checkCancellation()
      let counts = try await store.vectorCounts(model: space.model)
      progress = SpaceReport.Progress(made: counts.made, all: counts.all, isIndexing: false)
      try await embedAll(space)
      progress?.isIndexing = true
      for namespace in try await store.largeNamespaces(chunks: space.indexes.graphLimit) {
        try await space.indexes.prepare(namespace)
        try Task.checkCancellation()
      }
      swap = try await store.swapSpaces(.building, formerBecomes: .earlier)
    }
    building = nil
    guard swap == .done else { return spaces.next = nil }
    await serve(space)
  }

  private func embedAll(_ space: OpenSpace) async throws {
    let maker = VectorMaker(store: store)
    var key: Int64 = 0
    while true {
      switch try await maker.step(in: space, after: key) {
      case .made(let count, let last):
        key = last
        progress?.made += count
        progress?.problem = nil
      case .done: return
      case .noModel: throw ModelError.misconfigured("The model is not installed: opengpts model install")
      }
    }
  }

  /// Step 3 in memory: the database has it already.
  private func serve(_ space: OpenSpace) async {
    let former = spaces.serve(space)
    beside = (try? store.vectorSpaces())?.first { $0.state != .serving }
    progress = nil
    logger.notice(
      "another embedding model serves", metadata: ["serving": "\(space.model)", "former": "\(former.model)"])
    backfill.wake()
    await former.indexes.closeAll()
  }

  private static let storeProblem = "The server failed while it stored vectors; its log tells why."
}
