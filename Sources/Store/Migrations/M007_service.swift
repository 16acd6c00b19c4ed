import GRDB

/// What the service remembers of itself: which program brought the schema up to date, and when.
enum M007_service {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS upgrade (
          seq INTEGER PRIMARY KEY NOT NULL,
          schema INTEGER NOT NULL,
          program TEXT NOT NULL,
          upgraded_at TEXT NOT NULL
        ) STRICT;
        """)
  }
}
