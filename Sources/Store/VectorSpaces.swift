package import Conversation
import GRDB

/// A model whose vectors are kept, and what they are for.
package struct StoredSpace: Sendable, Equatable {
  package enum State: String, Sendable, Codable, CaseIterable {
    /// Searches compare these. There is one such space, and at most one other beside it.
    case serving
    /// Vectors are being made; it is to serve once no chunk lacks one.
    case building
    /// A person stopped that, or took it back: nothing goes on by itself.
    case stopped
    /// It served before the one that serves now, and may again.
    case earlier
  }

  /// The name beside each of its vectors.
  package var model: String
  package var state: State
  /// How the model is asked; what it says is up to who makes models.
  package var definition: JSON
  /// For the model's server. Never leaves this program but to that server.
  package var apiKey: String?

  package init(model: String, state: State, definition: JSON, apiKey: String?) {
    (self.model, self.state, self.definition, self.apiKey) = (model, state, definition, apiKey)
  }
}

/// What became of the wish that another space serve.
package enum SpaceSwap: Sendable, Equatable {
  case done
  /// A chunk came that the new space has no vector of yet: make it, and try again.
  case lacksVectors
  /// There is no space in that state, or none that serves: somebody else was quicker.
  case notThere
}

extension Store {
  /// The space that serves, first, and the one beside it, as far as there are any. Waits for the disk: for the
  /// start.
  package func vectorSpaces() throws(StoreError) -> [StoredSpace] {
    let secrets = secrets
    do {
      return try pool.read { db in
        try db.rows("SELECT model, state, definition, api_key FROM vector_space ORDER BY state <> 'serving'")
          .map { try StoredSpace($0, secrets) }
      }
    } catch {
      throw StoreError(error)
    }
  }

  /// Enters a space, or says anew how its model is asked and what it is for. There is room for one that serves
  /// and one other: what stood in its place goes, and its vectors follow.
  package func saveSpace(_ space: StoredSpace) async throws(StoreError) {
    let secrets = secrets
    try await write { db in
      try db.run(
        "DELETE FROM vector_space WHERE model = ? OR (state = 'serving') = ?", space.model,
        space.state == .serving)
      try db.run(
        "INSERT INTO vector_space (model, state, definition, api_key) VALUES (?, ?, ?, ?)", space.model,
        space.state.rawValue, space.definition,
        try space.apiKey.map { try secrets.sealed($0, for: space.model) })
    }
    try await clearStrayVectors()
  }

  /// Says what the space beside the one that serves is for.
  /// - Returns: whether it was in that state.
  @discardableResult
  package func setSpaceBeside(
    from state: StoredSpace.State, to newState: StoredSpace.State
  ) async throws(StoreError) -> Bool {
    precondition(state != .serving && newState != .serving, "a space comes to serve by `swapSpaces`")
    return try await write { db in
      try db.run(
        "UPDATE vector_space SET state = ? WHERE state = ?", newState.rawValue, state.rawValue) > 0
    }
  }

  /// Has the space beside serve, and puts the one that served in its place, in one transaction.
  /// - Parameters:
  ///   - state: what the space beside is expected to be. One that was being built takes over only when no chunk
  ///     lacks its vector.
  ///   - formerState: what the one that served becomes.
  package func swapSpaces(
    _ state: StoredSpace.State, formerBecomes formerState: StoredSpace.State
  ) async throws(StoreError) -> SpaceSwap {
    try await write { db in
      guard let row = try db.row("SELECT model FROM vector_space WHERE state = ?", state.rawValue) else {
        return .notThere
      }
      let model = try row.text(0)
      if state == .building, try db.row(Chunk.anyWithoutVector, model) != nil { return .lacksVectors }
      let count = try db.run(
        "UPDATE vector_space SET state = CASE state WHEN 'serving' THEN ? ELSE 'serving' END",
        formerState.rawValue)
      return count == 2 ? .done : .notThere
    }
  }

  /// Forgets the space beside the one that serves, and its vectors.
  /// - Returns: whether there was one.
  @discardableResult
  package func dropSpaceBeside() async throws(StoreError) -> Bool {
    let isGone = try await write { db in
      try db.run("DELETE FROM vector_space WHERE state <> 'serving'") > 0
    }
    try await clearStrayVectors()
    return isGone
  }

  /// How many chunks are served, and how many of them have a vector of `model`.
  /// - Complexity: O(chunks); some milliseconds for 100,000.
  package func vectorCounts(model: String) async throws(StoreError) -> (made: Int, all: Int) {
    let counts: [Int] = try await read { db in
      let row = try db.row(
        """
        SELECT count(*), count(v.key) FROM file f CROSS JOIN chunk c USING (file_id, revision)
        LEFT JOIN vector v ON v.key = c.key AND v.model = ?
        """, model)
      return try row.map { [try $0.integer(0), try $0.integer(1)] } ?? [0, 0]
    }
    return (counts[1], counts[0])
  }

  /// The namespaces with at least so many chunks that are served.
  package func largeNamespaces(chunks: Int) async throws(StoreError) -> [Namespace] {
    try await read { db in
      try db.rows(
        """
        SELECT assistant_id, thread_id, collection_id FROM file
        GROUP BY 1, 2, 3 HAVING sum(chunk_count) >= ?
        """, chunks
      ).map { try Namespace($0, at: 0) }
    }
  }

  /// Deletes the vectors of models that are kept no more, some at a time. A crash leaves the rest to the start.
  package func clearStrayVectors() async throws(StoreError) {
    let isClean = try await read { db in
      try db.row("SELECT 1 FROM vector_space WHERE state = 'serving'") == nil
        || db.row("SELECT 1 FROM vector WHERE model NOT IN (SELECT model FROM vector_space)") == nil
    }
    var next: Int64? = isClean ? nil : 0
    while let first = next {
      next = try await write { db in
        let end = try db.row(
          "SELECT key FROM vector WHERE key >= ? ORDER BY key LIMIT 1 OFFSET ?", first, Self.vectorsAtOnce
        ).map { Int64(try $0.integer(0)) }
        try db.run(
          "DELETE FROM vector WHERE key >= ? AND key <= ? AND model NOT IN (SELECT model FROM vector_space)",
          first, end ?? .max)
        return end
      }
    }
  }

  /// Vectors that are looked through in one transaction, and maybe deleted: some milliseconds.
  private static let vectorsAtOnce = 1_000
}

extension StoredSpace {
  /// A key that cannot be opened, because the file that seals secrets was lost, is none.
  fileprivate init(_ row: Row, _ secrets: SecretBox) throws {
    let model = try row.text(0)
    self.init(
      model: model, state: try row.value(1), definition: try row.json(2),
      apiKey: try row.optionalBlob(3).flatMap { try? secrets.opened($0, for: model) })
  }
}
