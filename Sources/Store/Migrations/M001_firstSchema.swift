import GRDB

/// The first schema. Every row but a user's and a chunk's hangs on another by a foreign key that deletes it
/// with that one.
///
/// Times and ids are text as on the wire; JSON is text without white space.
enum M001_firstSchema {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(sql: people)
    try db.execute(sql: conversations)
    try db.execute(sql: runs)
    try db.execute(sql: knowledge)
    try db.execute(sql: search)
  }

  private static let people = """
    CREATE TABLE user (
      user_id TEXT PRIMARY KEY NOT NULL,
      subject TEXT NOT NULL UNIQUE,
      created_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE assistant (
      assistant_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      name TEXT NOT NULL,
      config TEXT NOT NULL,
      public INTEGER NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX assistant_of_user ON assistant (user_id, updated_at);
    CREATE INDEX assistant_public ON assistant (updated_at) WHERE public = 1;

    CREATE TABLE assistant_version (
      assistant_id TEXT NOT NULL REFERENCES assistant ON DELETE CASCADE,
      version INTEGER NOT NULL,
      name TEXT NOT NULL,
      config TEXT NOT NULL,
      public INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      PRIMARY KEY (assistant_id, version)
    ) STRICT;
    """

  /// A checkpoint's `seq` grows with each commit, so the highest of a thread is its head. A branch is named
  /// by the `seq` of its first checkpoint; the state at a checkpoint is made of the messages of its branch up
  /// to it, those of the branch it sprang from up to there, and so on.
  private static let conversations = """
    CREATE TABLE thread (
      thread_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      assistant_id TEXT REFERENCES assistant ON DELETE SET NULL,
      name TEXT NOT NULL,
      metadata TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX thread_of_user ON thread (user_id, updated_at);
    CREATE INDEX thread_of_assistant ON thread (assistant_id);

    CREATE TABLE checkpoint (
      seq INTEGER PRIMARY KEY NOT NULL,
      checkpoint_id TEXT NOT NULL UNIQUE,
      thread_id TEXT NOT NULL REFERENCES thread ON DELETE CASCADE,
      branch INTEGER NOT NULL,
      parent_seq INTEGER,
      run_id TEXT,
      step INTEGER NOT NULL,
      source TEXT NOT NULL,
      node TEXT,
      next TEXT NOT NULL,
      message_count INTEGER NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX checkpoint_of_thread ON checkpoint (thread_id);

    CREATE TABLE message (
      key INTEGER PRIMARY KEY NOT NULL,
      branch INTEGER NOT NULL REFERENCES checkpoint (seq) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      removed INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX message_of_branch ON message (branch, seq);
    """

  private static let runs = """
    CREATE TABLE run (
      run_id TEXT PRIMARY KEY NOT NULL,
      thread_id TEXT NOT NULL REFERENCES thread ON DELETE CASCADE,
      assistant_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      status TEXT NOT NULL,
      config TEXT NOT NULL,
      failure TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_of_thread ON run (thread_id);
    CREATE INDEX run_open ON run (thread_id) WHERE status IN ('pending', 'running');
    CREATE UNIQUE INDEX run_running ON run (thread_id) WHERE status = 'running';

    CREATE TABLE tool_call (
      checkpoint_seq INTEGER NOT NULL REFERENCES checkpoint (seq) ON DELETE CASCADE,
      call_id TEXT NOT NULL,
      run_id TEXT NOT NULL,
      name TEXT NOT NULL,
      arguments TEXT NOT NULL,
      result TEXT,
      PRIMARY KEY (checkpoint_seq, call_id)
    ) STRICT;
    """

  /// A chunk outlives its file for a moment: the file is noted in `stale_file`, and its chunks go in small
  /// steps, because a large file's would hold up everybody. Keys are never used again, as vector
  /// indexes keep them.
  private static let knowledge = """
    CREATE TABLE file (
      file_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      assistant_id TEXT REFERENCES assistant ON DELETE CASCADE,
      thread_id TEXT REFERENCES thread ON DELETE CASCADE,
      name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      hash TEXT NOT NULL,
      status TEXT NOT NULL,
      failure TEXT,
      title TEXT,
      page_count INTEGER,
      character_count INTEGER,
      chunk_count INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      CHECK ((assistant_id IS NULL) <> (thread_id IS NULL))
    ) STRICT;
    CREATE INDEX file_of_user ON file (user_id);
    CREATE INDEX file_of_assistant ON file (assistant_id) WHERE assistant_id IS NOT NULL;
    CREATE INDEX file_of_thread ON file (thread_id) WHERE thread_id IS NOT NULL;
    CREATE INDEX file_of_hash ON file (hash);
    CREATE INDEX file_received ON file (status) WHERE status = 'received';

    CREATE TABLE file_text (
      file_id TEXT PRIMARY KEY NOT NULL REFERENCES file ON DELETE CASCADE,
      text TEXT NOT NULL,
      pages TEXT NOT NULL
    ) STRICT;

    CREATE TABLE chunk (
      key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      chunk_id TEXT NOT NULL,
      file_id TEXT NOT NULL,
      namespace TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      text TEXT NOT NULL,
      start INTEGER NOT NULL,
      "end" INTEGER NOT NULL,
      page INTEGER,
      end_page INTEGER,
      headings TEXT NOT NULL
    ) STRICT;
    CREATE INDEX chunk_of_file ON chunk (file_id);

    CREATE TABLE stale_file (
      file_id TEXT PRIMARY KEY NOT NULL
    ) STRICT;

    CREATE TABLE vector (
      key INTEGER PRIMARY KEY NOT NULL REFERENCES chunk (key) ON DELETE CASCADE,
      model TEXT NOT NULL,
      vector BLOB NOT NULL
    ) STRICT;
    """

  /// The full-text index repeats no text: it reads the chunk table. Its `namespace` column holds one word, so
  /// that a search in one namespace is an intersection inside the index. Whoever adds or deletes chunks tells
  /// it: triggers on a virtual table would need a trusted schema.
  private static let search = """
    CREATE VIRTUAL TABLE chunk_text USING fts5 (
      namespace, headings, text,
      content = 'chunk', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2'
    );
    """
}
