import GRDB

/// How the database file is opened.
enum Connections {
  /// Connections that read; the reads of one request are few and short.
  private static let readers = 3
  /// KiB of page cache per connection: enough for the upper levels of every index.
  private static let cacheKibibytes = 2048
  /// Bytes the write-ahead log is cut back to after a checkpoint, should a burst have made it longer.
  private static let logBytes = 16 << 20

  static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.maximumReaderCount = readers
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.label = "store"
    configuration.prepareDatabase { db in
      db.add(tokenizer: WordTokenizer.self)
      try db.execute(
        sql: """
          PRAGMA cache_size = -\(cacheKibibytes);
          PRAGMA mmap_size = 0;
          PRAGMA temp_store = MEMORY;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          """)
      if db.configuration.readonly {
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      }
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // Only now: opening the pool sets NORMAL, which may lose the last commits in a power cut.
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(logBytes)")
    }
    return pool
  }
}
