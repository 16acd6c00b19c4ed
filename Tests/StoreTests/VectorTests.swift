import Conversation
import Store
import Synchronization
import Testing

struct VectorTests {
  @Test func `the vectors of a namespace come back as they were`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let vectors: [[Float]] = [[1.5, -2.25, 0], [.pi, .leastNonzeroMagnitude, -0.0]]
    let (_, chunks) = try await anna.file(["a", "b"], vectors: vectors, store: store)
    try await eve.file(["c"], vectors: [[9, 9, 9]], store: store)
    let read = try await all(in: .assistant(anna.assistant.id), store)
    #expect(read.map(\.key) == chunks.map(\.key))
    #expect(read.map(\.vector) == vectors)
    #expect(try await all(in: .thread(anna.thread.id), store).isEmpty)
    #expect(try await all(in: .assistant(anna.assistant.id), model: "other", store).isEmpty)
  }

  @Test func `chunks without a vector of a model are told until they have one`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (_, chunks) = try await anna.file(["a", "b", "c"], store: store)
    let missing = try await store.chunksWithoutVector(model: "mini", limit: 2)
    #expect(missing.map(\.chunk) == Array(chunks[0...1]))
    #expect(missing.map(\.namespace) == Array(repeating: .assistant(anna.assistant.id), count: 2))
    try await store.addVectors([(chunks[0].key, [1]), (chunks[2].key, [3])], model: "mini")
    #expect(try await store.chunksWithoutVector(model: "mini", limit: 9).map(\.chunk) == [chunks[1]])
    #expect(try await store.chunksWithoutVector(model: "mini", after: chunks[1].key, limit: 9).isEmpty)
    #expect(try await store.chunksWithoutVector(model: "new", limit: 9).map(\.chunk) == chunks)
  }

  @Test func `a new model's vector stands beside the old one's, and both go with their chunk`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let place = Namespace.assistant(anna.assistant.id)
    let (file, chunks) = try await anna.file(["a"], vectors: [[1]], store: store)
    try await store.addVectors([(chunks[0].key, [2, 2])], model: "new")
    try await store.addVectors([(chunks[0].key, [3, 3])], model: "new")
    #expect(try await all(in: place, store).map(\.vector) == [[1]])
    #expect(try await all(in: place, model: "new", store).map(\.vector) == [[3, 3]])
    #expect(try await store.vectorCounts(model: "new") == (1, 1))
    try await store.deleteFile(file.id, of: anna.user.id)
    #expect(try await store.vectors(of: [chunks[0].key], model: "new").isEmpty)
  }

  @Test
  func `a space comes to serve only when no chunk lacks its vector, and a third one takes the former's room`()
    async throws
  {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (_, chunks) = try await anna.file(["a", "b"], vectors: [[1], [2]], store: store)
    func space(_ model: String, _ state: StoredSpace.State) -> StoredSpace {
      StoredSpace(
        model: model, state: state, definition: ["model": .string(model)], apiKey: "key of \(model)")
    }
    try await store.saveSpace(space("mini", .serving))
    try await store.saveSpace(space("new", .building))
    try await store.addVectors([(chunks[0].key, [3, 3])], model: "new")
    #expect(try await store.swapSpaces(.building, formerBecomes: .earlier) == .lacksVectors)
    try await store.addVectors([(chunks[1].key, [4, 4])], model: "new")
    #expect(try await store.swapSpaces(.building, formerBecomes: .earlier) == .done)
    #expect(try await store.swapSpaces(.building, formerBecomes: .earlier) == .notThere)
    #expect(try store.vectorSpaces() == [space("new", .serving), space("mini", .earlier)])
    try await store.saveSpace(space("third", .building))
    #expect(try store.vectorSpaces() == [space("new", .serving), space("third", .building)])
    #expect(
      try await store.vectors(of: chunks.map(\.key), model: "mini").isEmpty, "they went with their model")
    #expect(try await store.vectors(of: chunks.map(\.key), model: "new").count == 2)
  }

  @Test func `a vector for a chunk that was deleted is passed over`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (file, gone) = try await anna.file(["a"], store: store)
    let (_, here) = try await anna.file(["b"], store: store)
    try await store.deleteFile(file.id, of: anna.user.id)
    try await store.addVectors([(gone[0].key, [1]), (here[0].key, [2])], model: "mini")
    #expect(try await all(in: .assistant(anna.assistant.id), store).map(\.key) == [here[0].key])
  }

  private func all(
    in namespace: Namespace, model: String = "mini", _ store: Store
  ) async throws -> [(key: Int64, vector: [Float])] {
    let read = Collected()
    try await store.eachVector(in: namespace, model: model) { key, bytes in
      let vector = (0..<bytes.count / 4).map { place in
        Float(
          bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
      }
      read.vectors.withLock { $0.append((key, vector)) }
    }
    return read.vectors.withLock { $0 }
  }
}

private final class Collected: Sendable {
  let vectors = Mutex<[(key: Int64, vector: [Float])]>([])
}
