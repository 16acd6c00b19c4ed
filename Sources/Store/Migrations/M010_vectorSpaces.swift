import GRDB

/// A chunk may have vectors of several models, so that those of a new one are made beside those that serve.
///
/// `vector_space` says which models there are: one serves, and at most one more is being made, was stopped, or
/// served before. What an older version knew of models were the names beside their vectors; the first start
/// enters the one of the settings.
enum M010_vectorSpaces {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE new_vector (
          key INTEGER NOT NULL REFERENCES chunk (key) ON DELETE CASCADE,
          model TEXT NOT NULL,
          vector BLOB NOT NULL
        ) STRICT;
        INSERT INTO new_vector (key, model, vector) SELECT key, model, vector FROM vector ORDER BY key;
        DROP TABLE vector;
        ALTER TABLE new_vector RENAME TO vector;
        CREATE UNIQUE INDEX vector_of_chunk ON vector (key, model);

        CREATE TABLE vector_space (
          model TEXT PRIMARY KEY NOT NULL,
          state TEXT NOT NULL,
          definition TEXT NOT NULL,
          api_key BLOB
        ) STRICT;

        ALTER TABLE file ADD COLUMN refetch_hours INTEGER;
        ALTER TABLE file ADD COLUMN refetch_at TEXT;
        CREATE INDEX file_to_refetch ON file (refetch_at) WHERE refetch_at IS NOT NULL;
        """)
  }
}
