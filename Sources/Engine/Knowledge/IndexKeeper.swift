import Conversation
import Logging
import Store
import VectorIndex

/// Keeps the vector indexes of the namespaces in use. They are caches of what SQLite holds: read on first
/// use, added to after each commit, and dropped when memory is wanted for others.
///
/// Small ones are searched exactly and read from SQLite each time. Large ones get a graph, built behind the
/// searches, and a file (see `IndexCache`). Where the parameters have changed since the file was saved, it
/// serves until another is built beside it (see `IndexKeeper+Rebuild`).
actor IndexKeeper {
  /// Namespaces that are open at once, small ones too: each has a queue and its blocks.
  static let openLimit = 1000

  let store: Store
  let cache: IndexCache
  let logger: Logger
  private let capacity: Int
  /// Without a change for so long, what has changed is saved.
  static let quietSeconds = 60

  private var loading: [Namespace: Task<OpenIndex, any Error>] = [:]
  private(set) var loaded: [Namespace: OpenIndex] = [:]
  /// Least recently used first.
  private var order: [Namespace] = []

  /// Indexes that are built beside those that serve, one after the other.
  var rebuilding: Set<Namespace> = []
  var lastRebuild: Task<Void, Never>?

  /// - Parameters:
  ///   - directory: where the files of large indexes lie, or will.
  ///   - space: whose vectors are searched.
  init(
    store: Store, directory: String, settings: IndexSettings = IndexSettings(),
    space: VectorSpace = .standard, logger: Logger
  ) {
    self.store = store
    self.logger = logger
    capacity = settings.residentVectors
    cache = IndexCache(
      directory: directory, parameters: settings.parameters, space: space, logger: logger)
  }

  /// The nearest vectors of all these namespaces, nearest first, with their cosine.
  /// - Parameter keys: the chunks that may be found; nil for any.
  func search(
    _ query: [Float], in namespaces: [Namespace], count: Int, among keys: Set<Int64>? = nil
  ) async throws -> [VectorIndex.Match] {
    var found: [VectorIndex] = []
    for namespace in namespaces { found.append(try await index(of: namespace).index) }
    makeRoom()
    return try await Self.nearest(to: query, in: found, count: count, among: keys)
  }

  /// Off the actor: searches do not wait for each other.
  @concurrent private static func nearest(
    to query: [Float], in indexes: [VectorIndex], count: Int, among keys: Set<Int64>?
  ) async throws -> [VectorIndex.Match] {
    guard let keys else { return try VectorIndex.search(query, in: indexes, count: count) }
    return try VectorIndex.search(query, in: indexes, count: count, allowing: keys.contains)
  }

  /// To be called after the vectors were committed.
  func add(_ vectors: [(id: Int64, vector: [Float])], to namespace: Namespace) async throws {
    guard let loading = loading[namespace] else { return }
    try await loading.value.insert(vectors)
  }

  /// To be called after the namespace lost some of its chunks.
  func drop(_ namespace: Namespace) async {
    guard let task = loading[namespace] else { return }
    do {
      try await task.value.level()
    } catch {
      if loading[namespace] == task { forget(namespace) }
    }
  }

  private func forget(_ namespace: Namespace) {
    loaded[namespace]?.close()
    loaded[namespace] = nil
    loading[namespace] = nil
    order.removeAll { $0 == namespace }
  }

  /// To be called after the namespace was deleted.
  func delete(_ namespace: Namespace) {
    forget(namespace)
    cache.delete(namespace)
  }

  /// Vectors in memory.
  var residentCount: Int { loaded.values.reduce(0) { $0 + $1.index.count } }

  /// Graphs that are being built; their namespaces are searched exactly meanwhile.
  var buildingCount: Int { loaded.values.count { $0.isBuilding } }

  /// To be called now and then: saves what has changed once changes have ceased.
  func saveQuiet(since quiet: Duration = .seconds(IndexKeeper.quietSeconds)) {
    for open in loaded.values { open.saveIfChanged(noneSince: quiet) }
  }

  /// Lets what is being written come to its end.
  func finishSaving() async {
    await cache.finish()
  }

  /// Vectors from which on a namespace has a graph and a file.
  nonisolated var graphLimit: Int { cache.leastCount }

  /// Builds what a search of a large namespace needs, and saves it: the first search finds it ready.
  func prepare(_ namespace: Namespace) async throws {
    let open = try await index(of: namespace)
    await open.built()
    open.saveIfChanged(noneSince: .zero)
    makeRoom()
  }

  /// Saves what has changed and lets go of everything. Who searches here still opens it again.
  func closeAll() {
    for (namespace, open) in loaded {
      open.saveIfChanged(noneSince: .zero)
      loaded[namespace] = nil
      loading[namespace] = nil
    }
    order = Array(loading.keys)
  }

  /// Deletes the files of other models than these, and of namespaces that were deleted when a process ended.
  func sweep(models: Set<String>) async throws {
    try await cache.keepOnly(models: models) { [store] namespace in
      try await !store.files(in: namespace, page: Page(limit: 1)).isEmpty
    }
  }

  // MARK: Loading and dropping

  private func index(of namespace: Namespace) async throws -> OpenIndex {
    order.removeAll { $0 == namespace }
    order.append(namespace)
    let task = loading[namespace] ?? load(namespace)
    do {
      let open = try await task.value
      // Dropped meanwhile, it serves those who waited for it and nobody else.
      guard loading[namespace] == task else { return open }
      if open.isClosed {
        forget(namespace)
        return try await index(of: namespace)
      }
      if loaded[namespace] !== open, open.isSuperseded { rebuild(open) }
      loaded[namespace] = open
      return open
    } catch {
      if loading[namespace] == task { forget(namespace) }
      throw error
    }
  }

  private func load(_ namespace: Namespace) -> Task<OpenIndex, any Error> {
    let task = Task { [store, cache] in
      try await OpenIndex.open(namespace, from: store, cache: cache) { [weak self] open in
        Task { await self?.replace(open) }
      }
    }
    loading[namespace] = task
    return task
  }

  /// Reads a namespace anew whose file was damaged.
  private func replace(_ open: OpenIndex) async {
    guard loaded[open.namespace] === open else { return }
    forget(open.namespace)
    // Where this fails, who searches next tries again and is told why.
    _ = try? await index(of: open.namespace)
  }

  /// Lets searches that begin from now on find `new` in the place of `old`; false when others are served by now.
  func swap(_ old: OpenIndex, for new: OpenIndex) -> Bool {
    guard loaded[old.namespace] === old else { return false }
    loaded[old.namespace] = new
    loading[old.namespace] = Task { new }
    return true
  }

  /// Closes the least recently used until the rest are within the budget.
  private func makeRoom() {
    var total = residentCount
    for namespace in order.dropLast() where total > capacity || order.count > Self.openLimit {
      guard let open = loaded[namespace], !open.isBuilding, !rebuilding.contains(namespace) else { continue }
      total -= open.index.count
      open.saveIfChanged(noneSince: .zero)
      loaded[namespace] = nil
      loading[namespace] = nil
      order.removeAll { $0 == namespace }
    }
  }
}
