package import Conversation
import Foundation
import GRDB

/// A store's database as a file that nobody has open: a copy, as backups and snapshots are made of.
package enum DatabaseFile {
  /// The database's name in a store's folder.
  package static let name = "opengpts.sqlite"
  /// What SQLite keeps beside a database in use.
  static let companions = [name + "-wal", name + "-shm"]

  /// Copies the database of a store to `target`, which must not exist, as it is at one moment.
  ///
  /// The store may be in use, by this process or another: the copy is read in one view through a connection that
  /// neither writes nor checkpoints, and no writer waits for it. What was committed before the call is in it. The
  /// copy is one file, flushed with the folder it lies in; a failed one is removed.
  /// - Throws: `.notFound` when there is no database, `.diskFull`, `.corrupt`.
  /// - Complexity: two passes over the pages, one to copy and one to check.
  package static func copy(fromStoreIn directory: String, to target: String) throws(StoreError) {
    let source = "\(directory)/\(name)"
    guard access(source, F_OK) == 0 else { throw .notFound }
    do {
      let reader = try DatabaseQueue(path: source, configuration: readOnly)
      defer { try? reader.close() }
      try copy(reader, to: target)
    } catch {
      throw StoreError(error)
    }
  }

  static func copy(_ source: some DatabaseReader, to target: String) throws {
    do {
      try Directory.makePrivateFile(target)
      let copy = try DatabaseQueue(path: target)
      try source.backup(to: copy)
      // The copy says of itself that it has a write-ahead log, which a single file has not.
      try copy.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
      try Directory.flushFile(target)
      try Directory.flush((target as NSString).deletingLastPathComponent)
    } catch {
      unlink(target)
      throw error
    }
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
    return configuration
  }
}

// MARK: Facts

/// What a database holds.
package struct DatabaseFacts: Codable, Sendable, Equatable {
  /// Number of the newest migration it has.
  package var schema: Int
  /// The program that last changed the schema; nil where it did not say.
  package var writtenBy: String?
  /// Rows of the tables people care for.
  package var rows: [String: Int]
}

extension DatabaseFile {
  private static let counted = ["user", "assistant", "thread", "message", "checkpoint", "file", "chunk"]

  /// The schema of a store's database, even one in use; nil when there is none.
  package static func schema(ofStoreIn directory: String) throws(StoreError) -> Int? {
    let source = "\(directory)/\(name)"
    guard access(source, F_OK) == 0 else { return nil }
    return try open(source) { db in try Migrations.schema(of: db) }
  }

  /// What a copy holds.
  package static func facts(of path: String) throws(StoreError) -> DatabaseFacts {
    try open(path) { db in try facts(db) }
  }

  private static func facts(_ db: Database) throws -> DatabaseFacts {
    var rows: [String: Int] = [:]
    for table in counted where try db.tableExists(table) {
      rows[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
    }
    return DatabaseFacts(
      schema: try Migrations.schema(of: db), writtenBy: try Migrations.writer(of: db), rows: rows)
  }

  /// Reads every page of a copy, and holds it against its own rules.
  /// - Returns: the hashes of the blobs it names.
  /// - Throws: `.corrupt` with the first things that are wrong.
  package static func check(_ path: String) throws(StoreError) -> Set<String> {
    try open(path) { db in
      let complaints = try String.fetchAll(db, sql: "PRAGMA integrity_check(5)").filter { $0 != "ok" }
      guard complaints.isEmpty else {
        throw StoreError.corrupt(cause: complaints.joined(separator: "; "))
      }
      let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
      guard orphans == 0 else {
        throw StoreError.corrupt(cause: "\(orphans) rows refer to rows that are not there")
      }
      return try db.tableExists("file") ? String.fetchSet(db, sql: "SELECT hash FROM file") : []
    }
  }

  private static func open<Value>(_ path: String, _ body: (Database) throws -> Value) throws(StoreError)
    -> Value
  {
    do {
      let queue = try DatabaseQueue(path: path, configuration: readOnly)
      defer { try? queue.close() }
      return try queue.read(body)
    } catch {
      throw StoreError(error)
    }
  }
}

/// One upgrade of a database's schema.
package struct Upgrade: Codable, Sendable, Equatable {
  package let schema: Int
  /// The version of the program that did it.
  package let program: String
  package let upgradedAt: Timestamp
}

extension DatabaseFile {
  /// The upgrades of a store's database, newest first; none where there is no database or it did not note them.
  package static func upgrades(ofStoreIn directory: String) throws(StoreError) -> [Upgrade] {
    let source = "\(directory)/\(name)"
    guard access(source, F_OK) == 0 else { return [] }
    return try open(source) { db in
      guard try db.tableExists("upgrade") else { return [] }
      return try db.rows("SELECT schema, program, upgraded_at FROM upgrade ORDER BY seq DESC").map { row in
        try Upgrade(schema: row.integer(0), program: row.text(1), upgradedAt: row.timestamp(2))
      }
    }
  }
}
