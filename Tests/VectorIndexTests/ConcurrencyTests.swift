import Foundation
import Testing
import VectorIndex

@Suite("Reading while writing")
struct ConcurrencyTests {
  @Test("readers find what stays while a writer inserts, replaces, removes and compacts the graph")
  func churn() async throws {
    var random = Random(seed: 71)
    let index = try graphIndex(dimensions: 16)
    let stayers = random.vectors(300, dimensions: 16)
    try index.insert(numbered(stayers))
    let removed: Int64 = 100_000
    try index.insert([(id: removed, vector: stayers[0])])
    index.remove([removed])
    try await withThrowingTaskGroup(of: Int.self) { group in
      for reader in 0..<3 {
        group.addTask { try read(index, stayers, from: reader * 97, never: removed) }
      }
      group.addTask {
        var random = Random(seed: 72)
        for round in 0..<60 {
          let first = Int64(1000 + round % 5 * 100)
          try index.insert((first..<first + 100).map { (id: $0, vector: random.vector(16)) })
          index.remove((first..<first + 100).filter { $0 % 2 == 0 })
        }
        return 0
      }
      for try await misses in group { #expect(misses <= 2) }
    }
    #expect(index.brokenInvariants() == [])
    #expect(Set(index.ids).isSuperset(of: (0..<300).map(Int64.init)))
  }

  @Test("searches on several threads at once find what the definition finds", arguments: [24, 384])
  func exactSearches(dimensions: Int) async throws {
    var random = Random(seed: UInt64(dimensions))
    let vectors = random.vectors(300, dimensions: dimensions)
    let index = try VectorIndex(dimensions: dimensions, metric: .innerProduct)
    try index.insert(numbered(vectors))
    let asked = random.vectors(8, dimensions: dimensions).map { query in
      (query, plainSearch(query, in: vectors, metric: .innerProduct, count: 5).map(\.id))
    }
    let seed = "\(random)"
    let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
      for reader in 0..<4 {
        group.addTask {
          try (0..<5000).count { round in
            let (query, expected) = asked[(reader + round) % asked.count]
            return try index.search(query, count: 5).map(\.id) != expected
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(wrong == 0, "\(seed)")
  }

  @Test("growing from exact search into a graph is not seen by readers")
  func growth() async throws {
    var random = Random(seed: 73)
    let index = try graphIndex(dimensions: 16)
    let stayers = random.vectors(60, dimensions: 16)
    try index.insert(numbered(stayers))
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try read(index, stayers, from: 0, never: -1) }
      group.addTask {
        var random = Random(seed: 74)
        try index.insert((1000..<4000).map { (id: $0, vector: random.vector(16)) })
        return 0
      }
      for try await misses in group { #expect(misses <= 2) }
    }
  }

  @Test("an index is saved while it is read")
  func saving() async throws {
    var random = Random(seed: 75)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    let index = try graphIndex(dimensions: 16)
    let stayers = random.vectors(500, dimensions: 16)
    try index.insert(numbered(stayers))
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try read(index, stayers, from: 0, never: -1) }
      group.addTask {
        for change in 0..<20 { try index.save(to: path, lastChange: Int64(change)) }
        return 0
      }
      for try await misses in group { #expect(misses <= 2) }
    }
    #expect(try VectorIndex(path: path).openedChange == 19)
    try FileManager.default.removeItem(atPath: path)
  }
}

/// Searches for each of the vectors in turn; how many were not found first.
private func read(_ index: VectorIndex, _ vectors: [[Float]], from start: Int, never: Int64) throws -> Int {
  try (0..<300).count { round in
    let wanted = (start + round) % vectors.count
    let found = try index.search(vectors[wanted], count: 5)
    #expect(!found.contains { $0.id == never })
    return found.first?.id != Int64(wanted)
  }
}
