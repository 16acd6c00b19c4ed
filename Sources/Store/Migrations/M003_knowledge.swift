import GRDB

/// Files are worked on in a queue, replaced without a gap, fetched from the web, and kept in collections.
///
/// The chunks and the text of a file carry a revision. Searches find those of the file's `revision`; each attempt to read
/// the file writes under a number of its own, `attempt`, and counts when `revision` becomes that number. What
/// has another number is noted in `stale_chunk` and goes in small steps.
enum M003_knowledge {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(sql: collections)
    try db.execute(sql: files)
    try db.execute(sql: texts)
    try db.execute(sql: chunks)
  }

  private static let collections = """
    CREATE TABLE collection (
      collection_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      name TEXT NOT NULL,
      description TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX collection_of_user ON collection (user_id, updated_at);

    CREATE TABLE assistant_collection (
      assistant_id TEXT NOT NULL REFERENCES assistant ON DELETE CASCADE,
      collection_id TEXT NOT NULL REFERENCES collection ON DELETE CASCADE,
      PRIMARY KEY (assistant_id, collection_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX assistant_of_collection ON assistant_collection (collection_id);
    """

  /// The table is made anew because a CHECK cannot be changed; the rowids stay, as lists are sorted by them.
  private static let files = """
    CREATE TABLE new_file (
      file_id TEXT PRIMARY KEY NOT NULL,
      user_id TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      assistant_id TEXT REFERENCES assistant ON DELETE CASCADE,
      thread_id TEXT REFERENCES thread ON DELETE CASCADE,
      collection_id TEXT REFERENCES collection ON DELETE CASCADE,
      name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      hash TEXT NOT NULL,
      next_media_type TEXT,
      next_size_bytes INTEGER,
      next_hash TEXT,
      status TEXT NOT NULL,
      failure TEXT,
      revision INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      title TEXT,
      page_count INTEGER,
      character_count INTEGER,
      chunk_count INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      url TEXT,
      entity_tag TEXT,
      last_modified TEXT,
      fetched_at TEXT,
      CHECK ((assistant_id IS NOT NULL) + (thread_id IS NOT NULL) + (collection_id IS NOT NULL) = 1)
    ) STRICT;
    INSERT INTO new_file (rowid, file_id, user_id, assistant_id, thread_id, name, media_type, size_bytes, hash,
      status, failure, revision, attempt, title, page_count, character_count, chunk_count, created_at)
    SELECT rowid, file_id, user_id, assistant_id, thread_id, name, media_type, size_bytes, hash,
      status, failure, status = 'indexed', 1, title, page_count, character_count, chunk_count, created_at
    FROM file;
    DROP TABLE file;
    ALTER TABLE new_file RENAME TO file;
    CREATE INDEX file_of_user ON file (user_id, size_bytes, next_size_bytes);
    CREATE INDEX file_of_assistant ON file (assistant_id) WHERE assistant_id IS NOT NULL;
    CREATE INDEX file_of_thread ON file (thread_id) WHERE thread_id IS NOT NULL;
    CREATE INDEX file_of_collection ON file (collection_id) WHERE collection_id IS NOT NULL;
    CREATE INDEX file_of_hash ON file (hash);
    CREATE INDEX file_of_next_hash ON file (next_hash) WHERE next_hash IS NOT NULL;
    CREATE INDEX file_open ON file (status) WHERE status IN ('received', 'embedding');
    """

  private static let texts = """
    CREATE TABLE new_file_text (
      file_id TEXT NOT NULL REFERENCES file ON DELETE CASCADE,
      revision INTEGER NOT NULL,
      text TEXT NOT NULL,
      pages TEXT NOT NULL,
      PRIMARY KEY (file_id, revision)
    ) STRICT;
    INSERT INTO new_file_text (file_id, revision, text, pages) SELECT file_id, 1, text, pages FROM file_text;
    DROP TABLE file_text;
    ALTER TABLE new_file_text RENAME TO file_text;
    """

  private static let chunks = """
    ALTER TABLE chunk ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
    DROP INDEX chunk_of_file;
    CREATE INDEX chunk_of_file ON chunk (file_id, revision);

    CREATE TABLE stale_chunk (
      file_id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      PRIMARY KEY (file_id, revision)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO stale_chunk (file_id, revision) SELECT file_id, 1 FROM stale_file;
    DROP TABLE stale_file;
    INSERT INTO stale_chunk (file_id, revision) SELECT file_id, 1 FROM file WHERE revision = 0
      ON CONFLICT DO NOTHING;
    """
}
