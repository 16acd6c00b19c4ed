import GRDB

/// Full-text search that knows more than English: an index with the terms of `WordTokenizer`.
///
/// What the old index holds is brought into the new one a little at a time while the program runs (see
/// `WordRebuild`), and found in the old one until then.
enum M008_retrieval {
  @Sendable static func apply(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE VIRTUAL TABLE chunk_words USING fts5 (
          namespace, headings, text, content = 'chunk', content_rowid = 'key', tokenize = 'words'
        );

        CREATE TABLE word_rebuild (
          next INTEGER NOT NULL,
          last INTEGER NOT NULL
        ) STRICT;
        INSERT INTO word_rebuild (next, last) SELECT min(key), max(key) FROM chunk HAVING count(*) > 0;
        """)
    if try WordRebuild.rest(db) == nil { try db.execute(sql: "DROP TABLE chunk_text") }
  }
}
