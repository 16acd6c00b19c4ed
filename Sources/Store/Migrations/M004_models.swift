import GRDB

/// Models that an administrator set up, what model calls took, and answers kept for the same question.
///
/// A row of `usage` outlives its thread and run: what was spent stays spent. `day` is the UTC day of
/// `created_at`, by which people look at it.
enum M004_models {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE model (
          name TEXT PRIMARY KEY NOT NULL,
          definition TEXT NOT NULL,
          api_key BLOB,
          updated_at TEXT NOT NULL
        ) STRICT;

        CREATE TABLE usage (
          usage_id INTEGER PRIMARY KEY NOT NULL,
          user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
          assistant_id TEXT NOT NULL,
          thread_id TEXT NOT NULL,
          run_id TEXT NOT NULL,
          model TEXT NOT NULL,
          input_tokens INTEGER NOT NULL,
          cached_tokens INTEGER NOT NULL,
          output_tokens INTEGER NOT NULL,
          cost_micros INTEGER,
          is_estimated INTEGER NOT NULL,
          day TEXT NOT NULL,
          created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX usage_of_user ON usage (user_id, created_at);
        CREATE INDEX usage_of_run ON usage (run_id);

        CREATE TABLE model_response (
          key TEXT PRIMARY KEY NOT NULL,
          body TEXT NOT NULL,
          size_bytes INTEGER NOT NULL,
          used_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX model_response_by_use ON model_response (used_at);
        """)
  }
}
