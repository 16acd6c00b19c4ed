import Conversation
import Logging
import Store
import Synchronization
import VectorIndex

/// Keeps the vector indexes of the namespaces in use. They are caches of what SQLite holds: read on first
/// use, added to after each commit, and dropped when memory is wanted for others.
actor IndexKeeper {
  /// Vectors kept in memory in all: 384 floats each, 300 MB at most.
  private static let capacity = 200_000

  private let store: Store
  private var indexes: [Namespace: Task<VectorIndex, any Error>] = [:]
  /// Least recently used first.
  private var order: [Namespace] = []

  init(store: Store) {
    self.store = store
  }

  /// The nearest vectors of all these namespaces, nearest first, with their cosine.
  func search(_ query: [Float], in namespaces: [Namespace], count: Int) async throws -> [VectorIndex.Match] {
    var found: [VectorIndex] = []
    for namespace in namespaces { found.append(try await index(of: namespace)) }
    await makeRoom()
    return try VectorIndex.search(query, in: found, count: count)
  }

  /// To be called after the vectors were committed.
  func add(_ vectors: [(id: Int64, vector: [Float])], to namespace: Namespace) async throws {
    guard let loading = indexes[namespace] else { return }
    try await loading.value.insert(vectors)
  }

  /// To be called after the namespace lost some of its chunks.
  func drop(_ namespace: Namespace) {
    indexes[namespace] = nil
    order.removeAll { $0 == namespace }
  }

  /// Vectors in memory.
  func residentCount() async -> Int {
    var total = 0
    for index in indexes.values { total += (try? await index.value.count) ?? 0 }
    return total
  }

  private func index(of namespace: Namespace) async throws -> VectorIndex {
    order.removeAll { $0 == namespace }
    order.append(namespace)
    if let loading = indexes[namespace] { return try await loading.value }
    let loading = Task { [store] in try await Self.load(namespace, from: store) }
    indexes[namespace] = loading
    do {
      return try await loading.value
    } catch {
      indexes[namespace] = nil
      throw error
    }
  }

  private static func load(_ namespace: Namespace, from store: Store) async throws -> VectorIndex {
    let index = try VectorIndex(dimensions: Embedder.dimensions, metric: .cosine)
    let batch = Mutex(VectorIndex.Batch(dimensions: Embedder.dimensions))
    try await store.eachVector(in: namespace, model: Embedder.modelName) { key, bytes in
      // A row of another width would be of another model; it is left out and made anew.
      batch.withLock { try? $0.append(id: key, bytes: bytes) }
    }
    try index.insert(batch.withLock { $0 })
    return index
  }

  private func makeRoom() async {
    var total = await residentCount()
    while total > Self.capacity, order.count > 1, let oldest = order.first {
      total -= (try? await indexes[oldest]?.value.count) ?? 0
      drop(oldest)
    }
  }
}
