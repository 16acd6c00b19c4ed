import GRDB

/// Every change of the schema, oldest first. Append only: a migration that was released never changes.
enum Migrations {
  private static let all: [(name: String, body: @Sendable (Database) throws -> Void)] = [
    ("M001_firstSchema", M001_firstSchema.apply),
    ("M002_identity", M002_identity.apply),
    ("M003_knowledge", M003_knowledge.apply),
    ("M004_models", M004_models.apply),
    ("M005_tools", M005_tools.apply),
    ("M006_page", M006_page.apply),
  ]

  /// The newest schema this version knows.
  static var known: Int { all.count }

  /// Brings the database up to the newest schema, each step in one transaction.
  /// - Throws: `.newerSchema`, before anything is changed.
  static func apply(to pool: DatabasePool) throws {
    let found = try pool.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
    guard found <= known else { throw StoreError.newerSchema(found: found, known: known) }
    guard found < known else { return }
    var migrator = DatabaseMigrator()
    for (place, migration) in all.enumerated() {
      migrator.registerMigration(migration.name) { db in
        try migration.body(db)
        try db.execute(sql: "PRAGMA user_version = \(place + 1)")
      }
    }
    try migrator.migrate(pool)
  }
}
