import GRDB

/// What the page asks for: the place in a thread that a person chose, messages found by their words, what was
/// thought of an answer, and what a person set for themselves.
enum M006_page {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(sql: heads)
    try db.execute(sql: words)
    try db.execute(sql: opinions)
  }

  /// `head_seq` is null as long as a thread stands at its newest checkpoint.
  private static let heads = """
    ALTER TABLE thread ADD COLUMN head_seq INTEGER;
    CREATE INDEX checkpoint_of_branch ON checkpoint (branch);
    CREATE INDEX run_of_user ON run (user_id, status);
    """

  /// The full-text index holds words and no text. Its `owner` column holds one word, so that a search among
  /// one's own is an intersection inside the index.
  private static let words = """
    CREATE VIRTUAL TABLE message_text USING fts5 (
      owner, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
    );
    INSERT INTO message_text (rowid, owner, text)
    SELECT \(MessageText.columns)
    FROM message m JOIN checkpoint c ON c.seq = m.branch JOIN thread t ON t.thread_id = c.thread_id
    WHERE \(MessageText.isSaid);
    """

  private static let opinions = """
    CREATE TABLE feedback (
      run_id TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
      key TEXT NOT NULL,
      score TEXT NOT NULL,
      value TEXT NOT NULL,
      comment TEXT,
      updated_at TEXT NOT NULL,
      PRIMARY KEY (run_id, key)
    ) STRICT;

    CREATE TABLE preference (
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (user_id, name)
    ) STRICT;
    """
}
