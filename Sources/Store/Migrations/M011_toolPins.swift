import GRDB

/// What tools of other programs said of themselves when a person last agreed, by assistant; and, beside a call that
/// waits, what has changed since.
enum M011_toolPins {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE tool_pin (
          assistant_id TEXT NOT NULL REFERENCES assistant ON DELETE CASCADE,
          origin TEXT NOT NULL,
          name TEXT NOT NULL,
          pin TEXT NOT NULL,
          pinned_at TEXT NOT NULL,
          PRIMARY KEY (assistant_id, origin, name)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE approval ADD COLUMN change TEXT;
        """)
  }
}
