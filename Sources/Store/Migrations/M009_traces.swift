import GRDB

/// What was done for each run, as spans; and indexes for lists of runs.
///
/// A row holds the spans that ended between two looks, as a JSON list: a run in a hurry has one. Rows are only added
/// and deleted, the oldest first, so that writing them costs the end of one table and the end of one index.
/// `run_of_user` loses the status, because each change of it cost the index two places.
enum M009_traces {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE trace (
          key INTEGER PRIMARY KEY NOT NULL,
          run_id TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
          spans TEXT NOT NULL,
          recorded_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX trace_of_run ON trace (run_id);

        DROP INDEX run_of_user;
        CREATE INDEX run_of_user ON run (user_id);
        CREATE INDEX run_failed ON run (user_id) WHERE status = 'error';
        """)
  }
}
