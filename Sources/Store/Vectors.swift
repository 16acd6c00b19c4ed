package import Conversation
import Foundation
import GRDB

extension Store {
  /// Stores vectors of chunks; one that a chunk had of the same model is replaced. Chunks deleted meanwhile are
  /// passed over.
  package func addVectors(
    _ vectors: [(key: Int64, vector: [Float])], model: String
  ) async throws(StoreError) {
    try await write { db in
      for (key, vector) in vectors where try db.row("SELECT 1 FROM chunk WHERE key = ?", key) != nil {
        try db.insert(vector, key: key, model: model)
      }
    }
  }

  /// The vectors that `model` made of these chunks; a chunk without one is left out.
  package func vectors(
    of keys: [Int64], model: String
  ) async throws(StoreError) -> [Int64: [Float]] {
    let found: [(Int64, [Float])] = try await read { db in
      try db.rows(
        """
        SELECT v.key, v.vector FROM json_each(?) AS wanted
        CROSS JOIN vector v ON v.key = wanted.value AND v.model = ?
        """, JSON.array(keys.map { .integer(Int($0)) }), model
      ).map { row in
        let vector = try row.withUnsafeData(atIndex: 1) { data in
          data.map { [Float](littleEndian: $0) } ?? []
        }
        return (Int64(try row.integer(0)), vector)
      }
    }
    return Dictionary(found) { first, _ in first }
  }

  /// The keys of the chunks of a namespace that have a vector of `model`, file by file, in order. Reads none of
  /// the vectors.
  package func vectorKeys(in namespace: Namespace, model: String) async throws(StoreError) -> [Int64] {
    try await read { db in
      let (sql, owner) = namespace.fileFilter
      var keys: [Int64] = []
      try db.eachRow("SELECT v.key \(Self.vectorsOfFiles) f.\(sql) AND v.model = ?", owner, model) { row in
        keys.append(Int64(try row.integer(0)))
      }
      return keys
    }
  }

  private static let vectorsOfFiles = """
    FROM file f CROSS JOIN chunk c USING (file_id, revision) CROSS JOIN vector v ON v.key = c.key WHERE
    """

  /// Hands each vector that `model` made in a namespace to `body`: its chunk's key, and its elements as
  /// 32-bit IEEE numbers, little-endian, valid until `body` returns and of any alignment. File by file, in
  /// the order of keys.
  package func eachVector(
    in namespace: Namespace, model: String, body: @escaping @Sendable (Int64, UnsafeRawBufferPointer) -> Void
  ) async throws(StoreError) {
    try await read { db in
      let (sql, owner) = namespace.fileFilter
      let query = "SELECT v.key, v.vector \(Self.vectorsOfFiles) f.\(sql) AND v.model = ?"
      try db.eachRow(query, owner, model) { row in
        let key = Int64(try row.integer(0))
        try row.withUnsafeData(atIndex: 1) { data in
          data?.withUnsafeBytes { body(key, $0) }
        }
      }
    }
  }
}

extension Database {
  /// Stores the vector of a chunk in the place of the one it had of that model.
  func insert(_ vector: [Float], key: Int64, model: String) throws {
    let bytes = vector.map(\.bitPattern.littleEndian).withUnsafeBytes { [UInt8]($0) }
    try run(
      "INSERT INTO vector (key, model, vector) VALUES (?, ?, ?) "
        + "ON CONFLICT (key, model) DO UPDATE SET vector = excluded.vector",
      key, model, bytes)
  }
}

extension [Float] {
  /// From 32-bit IEEE numbers, little-endian, of any alignment.
  fileprivate init(littleEndian bytes: Data) {
    self = bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
  }
}
