import GRDB

/// What people decide about tool calls, and the tools they bring themselves.
enum M005_tools {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(sql: approvals)
    try db.execute(sql: tools)
  }

  /// One row for each call that a person was asked about; `action` is null until they have decided.
  private static let approvals = """
    CREATE TABLE approval (
      checkpoint_seq INTEGER NOT NULL REFERENCES checkpoint (seq) ON DELETE CASCADE,
      call_id TEXT NOT NULL,
      name TEXT NOT NULL,
      arguments TEXT NOT NULL,
      arguments_hash TEXT NOT NULL,
      cause TEXT NOT NULL,
      asked_at TEXT NOT NULL,
      action TEXT,
      decided_arguments TEXT,
      reason TEXT,
      user_id TEXT,
      run_id TEXT,
      decided_at TEXT,
      PRIMARY KEY (checkpoint_seq, call_id)
    ) STRICT;
    """

  /// A service that somebody described by an OpenAPI document. Its secret is sealed with a key that lies
  /// beside the database, not in it.
  private static let tools = """
    CREATE TABLE tool (
      tool_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      name TEXT NOT NULL,
      definition TEXT NOT NULL,
      document TEXT NOT NULL,
      secret BLOB,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX tool_of_user ON tool (user_id, updated_at);
    """
}
