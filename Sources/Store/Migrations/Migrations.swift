import Conversation
import GRDB

/// Every change of the schema, oldest first. Append only: a migration that was released never changes.
enum Migrations {
  typealias Migration = (name: String, body: @Sendable (Database) throws -> Void)

  static let all: [Migration] = [
    ("M001_firstSchema", M001_firstSchema.apply),
    ("M002_identity", M002_identity.apply),
    ("M003_knowledge", M003_knowledge.apply),
    ("M004_models", M004_models.apply),
    ("M005_tools", M005_tools.apply),
    ("M006_page", M006_page.apply),
    ("M007_service", M007_service.apply),
    ("M008_retrieval", M008_retrieval.apply),
    ("M009_traces", M009_traces.apply),
    ("M010_vectorSpaces", M010_vectorSpaces.apply),
    ("M011_toolPins", M011_toolPins.apply),
  ]

  /// The newest schema this version knows.
  static var known: Int { all.count }

  static func schema(of db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// The program that last changed the schema; nil where it did not say.
  static func writer(of db: Database) throws -> String? {
    guard try db.tableExists("upgrade") else { return nil }
    return try String.fetchOne(db, sql: "SELECT program FROM upgrade ORDER BY seq DESC LIMIT 1")
  }

  /// Brings the database up to the newest schema: a copy of it is put aside, then all steps are taken in one
  /// transaction, so that a crash or a failure leaves the database as it was.
  /// - Parameter program: the version of this program, for those who later come back with an older one.
  /// - Throws: `.newerSchema`, before anything is changed; `.upgradeRefused`, likewise; `.upgradeFailed`.
  static func apply(
    _ migrations: [Migration] = all, to pool: DatabasePool, program: String, snapshots: Snapshots
  ) throws {
    let found: Int = try pool.read { db in try Self.schema(of: db) }
    let writer: String? = try pool.read { db in try Self.writer(of: db) }
    guard found <= migrations.count else {
      let older = snapshots.list().first { $0.schema <= migrations.count }
      throw StoreError.newerSchema(
        NewerSchema(found: found, known: migrations.count, writtenBy: writer, snapshot: older?.path))
    }
    guard found < migrations.count else { return }
    let snapshot = found == 0 ? nil : try snapshots.take(of: pool, schema: found)
    try pool.barrierWriteWithoutTransaction { db in
      // A table may be made anew under another's name; what refers to it is checked before the commit.
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
      try db.transaction { db in
        for migration in migrations.dropFirst(found) {
          do { try migration.body(db) } catch {
            throw StoreError.upgradeFailed(
              UpgradeFailure(
                step: migration.name, cause: "\(StoreError(error))", writtenBy: writer,
                snapshot: snapshot?.path))
          }
        }
        try finish(db, schema: migrations.count, program: program)
      }
    }
  }

  private static func finish(_ db: Database, schema: Int, program: String) throws {
    guard try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") == nil else {
      throw StoreError.corrupt(cause: "rows refer to rows that are not there")
    }
    try db.execute(sql: "PRAGMA user_version = \(schema)")
    guard try db.tableExists("upgrade") else { return }
    try db.run(
      "INSERT INTO upgrade (schema, program, upgraded_at) VALUES (?, ?, ?)", schema, program, Timestamp.now)
  }
}
