import Conversation
import Dispatch
import Store
import Synchronization
import VectorIndex

/// The vector index of one namespace in memory, brought level with SQLite when it was opened, and with
/// everything that changes it in one queue: linking vectors fills a core for long.
final class OpenIndex: Sendable {
  /// Changes after which a large index is saved, or a tenth of its vectors if that is more: a save writes all
  /// of it.
  private static let savedAfterChanges = 5000
  let namespace: Namespace
  let index: VectorIndex
  /// Whether it has the parameters of an earlier time: it serves until another is built, and is not saved.
  let isSuperseded: Bool
  private let store: Store
  private let cache: IndexCache
  private let queue = DispatchQueue(label: "index")
  private let state = Mutex(State())

  private struct State {
    var unsavedChanges = 0
    var lastChange = ContinuousClock.now
    /// Whether a graph is being built behind the searches.
    var isBuilding = false
    /// Whether it is to be brought level again once the graph is built.
    var isStale = false
    var isClosed = false
  }

  private init(
    _ index: VectorIndex, of namespace: Namespace, store: Store, cache: IndexCache, isSuperseded: Bool = false
  ) {
    self.index = index
    self.namespace = namespace
    self.isSuperseded = isSuperseded
    self.store = store
    self.cache = cache
  }

  /// From its file, if there is one that can be used, else from SQLite; either way it then holds exactly the
  /// vectors that SQLite held when this was called.
  /// - Parameter whenDamaged: called when the file turns out later not to be what was written. The index is
  ///   closed then.
  /// - Complexity: O(vectors of the namespace), without building a graph.
  static func open(
    _ namespace: Namespace, from store: Store, cache: IndexCache,
    whenDamaged: @escaping @Sendable (OpenIndex) -> Void
  ) async throws -> OpenIndex {
    if let saved = await away({ cache.open(namespace) }),
      let open = try await levelled(saved, of: namespace, from: store, cache: cache)
    {
      cache.verify(open) { whenDamaged(open) }
      return open
    }
    if let earlier = await away({ cache.openPredecessor(namespace) }),
      let open = try await levelled(earlier, of: namespace, from: store, cache: cache, isSuperseded: true)
    {
      return open
    }
    return try await build(namespace, from: store, cache: cache)
  }

  /// From SQLite alone. Searches find everything when this returns; a graph is built after that.
  static func build(_ namespace: Namespace, from store: Store, cache: IndexCache) async throws -> OpenIndex {
    let open = OpenIndex(try cache.emptyIndex(), of: namespace, store: store, cache: cache)
    let batch = Mutex(VectorIndex.Batch(dimensions: cache.space.dimensions))
    try await store.eachVector(in: namespace, model: cache.space.model) { key, bytes in
      // A row of another width would be of another model; it is left out and made anew.
      batch.withLock { try? $0.append(id: key, bytes: bytes) }
    }
    try await open.insert(batch.withLock { $0 })
    return open
  }

  /// Nil where too much has changed since it was saved.
  private static func levelled(
    _ saved: VectorIndex, of namespace: Namespace, from store: Store, cache: IndexCache,
    isSuperseded: Bool = false
  ) async throws -> OpenIndex? {
    let open = OpenIndex(saved, of: namespace, store: store, cache: cache, isSuperseded: isSuperseded)
    let difference = Difference(
      of: await away { saved.ids }, to: try await store.vectorKeys(in: namespace, model: cache.space.model))
    guard difference.missing.count <= longestTail(of: saved) else { return nil }
    try await open.level(difference)
    return open
  }

  /// Vectors that are linked to a saved graph while the first search waits: a second's work or two. With more
  /// to do the file is given up, and searches are exact while a new graph is built.
  private static func longestTail(of index: VectorIndex) -> Int { 2 * changesWorthSaving(index) }

  private static func changesWorthSaving(_ index: VectorIndex) -> Int {
    max(savedAfterChanges, index.count / 10)
  }

  /// Returns when searches find the vectors; while a graph is built, at once, and they are found after that.
  func insert(_ vectors: [(id: Int64, vector: [Float])]) async throws {
    var batch = VectorIndex.Batch(dimensions: index.dimensions)
    for (id, vector) in vectors { try batch.append(id: id, vector) }
    guard !isBuilding else { return queue.async { [self, batch] in try? insertNow(batch) } }
    try await insert(batch)
  }

  /// Brings it level with SQLite again; while a graph is built, after that: until then it may name chunks
  /// that are gone.
  func level() async throws {
    let mustWait = state.withLock { state in
      if state.isBuilding { state.isStale = true }
      return state.isBuilding
    }
    if mustWait { return }
    let known = await Self.away(on: queue) { self.index.ids }
    try await level(
      Difference(of: known, to: try await store.vectorKeys(in: namespace, model: cache.space.model)))
  }

  /// Returns when the graph that is being built is there.
  func built() async {
    await Self.away(on: queue) {}
  }

  /// Not saved any more from now on.
  func close() {
    state.withLock { $0.isClosed = true }
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  var isBuilding: Bool { state.withLock { $0.isBuilding } }

  var hasUnsavedChanges: Bool { state.withLock { $0.unsavedChanges > 0 } }

  /// Saves what has changed if none of it did for so long.
  func saveIfChanged(noneSince quiet: Duration) {
    let isDue = state.withLock { $0.unsavedChanges > 0 && ContinuousClock.now - $0.lastChange >= quiet }
    if isDue { saveSoon() }
  }

  /// Takes as long as the disk does; searches go on.
  func save(to path: String) throws(IndexError) {
    state.withLock { $0.unsavedChanges = 0 }
    try index.save(to: path)
  }

  // MARK: Changing

  private func level(_ difference: Difference) async throws {
    if !difference.gone.isEmpty {
      await Self.away(on: queue) { self.index.remove(difference.gone) }
      changed(by: difference.gone.count)
    }
    guard !difference.missing.isEmpty else { return }
    // Chunks that were deleted meanwhile have no vector any more, and are left out.
    let vectors = try await store.vectors(of: difference.missing, model: cache.space.model)
    var batch = VectorIndex.Batch(dimensions: index.dimensions)
    for key in difference.missing {
      if let vector = vectors[key] { try? batch.append(id: key, vector) }
    }
    try await insert(batch)
  }

  private func insert(_ batch: VectorIndex.Batch) async throws {
    guard batch.count > 0 else { return }
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      queue.async { [self] in
        do throws(IndexError) {
          try insertNow(batch) { continuation.resume() }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  private func insertNow(_ batch: VectorIndex.Batch, whenFound: () -> Void = {}) throws(IndexError) {
    defer { endBuilding() }
    do throws(IndexError) {
      try index.insert(batch) {
        state.withLock { $0.isBuilding = true }
        whenFound()
      }
    } catch {
      // It lacks what SQLite has: whoever asks next opens it anew, and brings it level.
      close()
      throw error
    }
    changed(by: batch.count)
  }

  private func endBuilding() {
    let isStale = state.withLock { state in
      defer { (state.isBuilding, state.isStale) = (false, false) }
      return state.isStale
    }
    if isStale { Task { try? await level() } }
  }

  private func changed(by count: Int) {
    let unsaved = state.withLock { state in
      state.unsavedChanges += count
      state.lastChange = .now
      return state.unsavedChanges
    }
    if unsaved >= Self.changesWorthSaving(index) { saveSoon() }
  }

  private func saveSoon() {
    if index.count >= cache.leastCount, !isSuperseded { cache.save(self) }
  }

  /// Runs what may take long where nobody else waits for a thread.
  private static func away<R: Sendable>(
    on queue: DispatchQueue = .global(), _ body: @escaping @Sendable () -> R
  ) async -> R {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}

/// What has to change in an index so that it holds what SQLite does.
///
/// Sets of ids are compared, not the last of them: the vectors of a long file are stored after those of
/// short files that came later. Only the vectors that are missing are read after that.
private struct Difference: Sendable {
  var missing: [Int64] = []
  var gone: Set<Int64>

  init(of known: [Int64], to stored: [Int64]) {
    gone = Set(known)
    for key in stored where gone.remove(key) == nil { missing.append(key) }
  }
}
