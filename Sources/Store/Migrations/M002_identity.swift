import GRDB

/// Who people are and what they may do: roles, accounts, sessions, API keys, groups, shares, budgets, and the
/// record of what was done. Of every secret there is the hash alone.
enum M002_identity {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(sql: people)
    try db.execute(sql: credentials)
    try db.execute(sql: sharing)
    try db.execute(sql: bounds)
  }

  private static let people = """
    ALTER TABLE user ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE user ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
    ALTER TABLE user ADD COLUMN disabled_at TEXT;

    CREATE TABLE account (
      user_id TEXT PRIMARY KEY NOT NULL REFERENCES user ON DELETE CASCADE,
      login TEXT NOT NULL UNIQUE,
      password TEXT NOT NULL,
      must_change INTEGER NOT NULL,
      changed_at TEXT NOT NULL
    ) STRICT;
    """

  private static let credentials = """
    CREATE TABLE session (
      hash BLOB PRIMARY KEY NOT NULL,
      session_id TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      seen_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      address TEXT NOT NULL,
      agent TEXT NOT NULL
    ) STRICT;
    CREATE INDEX session_of_user ON session (user_id);
    CREATE INDEX session_expiry ON session (expires_at);

    CREATE TABLE api_key (
      hash BLOB PRIMARY KEY NOT NULL,
      key_id TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      name TEXT NOT NULL,
      hint TEXT NOT NULL,
      scope TEXT NOT NULL,
      created_at TEXT NOT NULL,
      expires_at TEXT,
      used_at TEXT,
      revoked_at TEXT
    ) STRICT;
    CREATE INDEX api_key_of_user ON api_key (user_id);
    """

  private static let sharing = """
    CREATE TABLE user_group (
      group_id TEXT PRIMARY KEY NOT NULL,
      name TEXT NOT NULL UNIQUE,
      created_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE group_member (
      group_id TEXT NOT NULL REFERENCES user_group ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      PRIMARY KEY (group_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX group_of_member ON group_member (user_id);

    CREATE TABLE assistant_share (
      assistant_id TEXT NOT NULL REFERENCES assistant ON DELETE CASCADE,
      user_id TEXT REFERENCES user ON DELETE CASCADE,
      group_id TEXT REFERENCES user_group ON DELETE CASCADE,
      access TEXT NOT NULL,
      CHECK ((user_id IS NULL) <> (group_id IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX share_with_user ON assistant_share (assistant_id, user_id) WHERE user_id IS NOT NULL;
    CREATE UNIQUE INDEX share_with_group ON assistant_share (assistant_id, group_id) WHERE group_id IS NOT NULL;
    CREATE INDEX share_of_assistant ON assistant_share (assistant_id);
    CREATE INDEX share_of_user ON assistant_share (user_id) WHERE user_id IS NOT NULL;
    CREATE INDEX share_of_group ON assistant_share (group_id) WHERE group_id IS NOT NULL;
    """

  /// The budget of everybody is the row whose holder is `everybody`; any other holder is a user's id. What was
  /// done outlives who did it, so that the log names people without a foreign key.
  private static let bounds = """
    CREATE TABLE budget (
      holder TEXT PRIMARY KEY NOT NULL,
      requests_per_minute INTEGER,
      concurrent_runs INTEGER,
      tokens_per_month INTEGER,
      microdollars_per_month INTEGER,
      storage_bytes INTEGER
    ) STRICT;

    CREATE TABLE audit (
      seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      at TEXT NOT NULL,
      user_id TEXT,
      user_name TEXT NOT NULL,
      action TEXT NOT NULL,
      object TEXT NOT NULL,
      detail TEXT NOT NULL,
      address TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_of_user ON audit (user_id, seq);
    CREATE INDEX audit_of_action ON audit (action, seq);
    """
}
