package import Conversation
import Foundation
import GRDB

extension Store {
  /// Adds a file whose bytes are a finished blob; from then on it is never lost.
  /// - Throws: `.notFound` when its user has no such thread, or no such assistant that they may change;
  ///   `.overBudget` when their files would take more than they may.
  package func receive(_ file: File) async throws(StoreError) {
    do {
      try await write { db in
        guard try file.namespace.isOpen(to: file.userID, db) else { throw StoreError.notFound }
        try Budget.admitFile(of: file.userID, sizeBytes: file.sizeBytes, db)
        try file.insert(db)
      }
    } catch {
      blobs.release(file.hash)
      try await removeUnnamedBlobs([file.hash])
      throw error
    }
    blobs.release(file.hash)
  }

  /// Notes that a file could not be read, and why, in words for the person. It stays in the list.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func fail(_ id: Identifier<File>, reason: String) async throws(StoreError) {
    try await write { db in
      let changed = try db.run("UPDATE file SET status = 'failed', failure = ? WHERE file_id = ?", reason, id)
      guard changed > 0 else { throw StoreError.notFound }
      try db.run(Self.markStale, id)
    }
    try await clearStaleChunks()
  }

  /// The files of an assistant or a thread, newest first. The caller has made sure that the user may see it.
  package func files(in namespace: Namespace, page: Page = Page()) async throws(StoreError) -> [File] {
    try await read { db in
      let (sql, owner) = namespace.fileFilter
      return try db.rows(
        "SELECT \(File.columns) FROM file WHERE \(sql) ORDER BY rowid DESC LIMIT ? OFFSET ?",
        owner, page.limit, page.offset
      ).map(File.init)
    }
  }

  /// The file, if it is the user's own or belongs to an assistant that is public or shared with them.
  package func file(
    _ id: Identifier<File>, visibleTo user: Identifier<User>
  ) async throws(StoreError) -> File? {
    try await read { db in
      try db.row(
        """
        SELECT \(File.columns) FROM file WHERE file_id = ?2 AND (user_id = ?1 OR EXISTS (
          SELECT 1 FROM assistant WHERE assistant.assistant_id = file.assistant_id
          AND (user_id = ?1 OR public = 1 OR assistant_id IN (\(Access.sharedIDs)))))
        """, user, id
      ).map(File.init)
    }
  }

  /// The file of those bytes and that name in a namespace, the newest if there are several. The caller has
  /// made sure that the namespace is the user's.
  package func file(
    in namespace: Namespace, hash: String, name: String
  ) async throws(StoreError) -> File? {
    try await read { db in
      let (sql, owner) = namespace.fileFilter
      return try db.row(
        "SELECT \(File.columns) FROM file WHERE \(sql) AND hash = ? AND name = ? ORDER BY rowid DESC",
        owner, hash, name
      ).map(File.init)
    }
  }

  /// Files that are not searchable yet, oldest first: what a start has to take up again.
  package func filesReceived() async throws(StoreError) -> [File] {
    try await read { db in
      try db.rows("SELECT \(File.columns) FROM file WHERE status = 'received' ORDER BY rowid").map(File.init)
    }
  }

  /// The page on which a place of the file's text lies; nil for formats without pages.
  /// - Parameter offset: Unicode scalars from the start of the text.
  package func page(at offset: Int, of file: Identifier<File>) async throws(StoreError) -> Int? {
    try await read { db in
      let row = try db.row("SELECT pages FROM file_text WHERE file_id = ?", file)
      let pages = try row.map { try ExtractedText.PageSpan.list($0.text(0)) } ?? []
      return pages.last { $0.start <= offset }?.page
    }
  }

  /// What was read out of a file; nil until it is indexed. The caller has made sure that the user may see it.
  package func text(of file: Identifier<File>) async throws(StoreError) -> ExtractedText? {
    try await read { db in
      try db.row(
        "SELECT t.text, f.title, t.pages FROM file_text t JOIN file f ON f.file_id = t.file_id "
          + "WHERE t.file_id = ?", file
      ).map(ExtractedText.init)
    }
  }
}

// MARK: Rows

extension Namespace {
  /// The condition that finds its files, and the value to bind in it.
  var fileFilter: (sql: String, owner: String) {
    switch self {
    case .assistant(let id): ("assistant_id = ?", id.description)
    case .thread(let id): ("thread_id = ?", id.description)
    }
  }

  /// From two columns, the assistant's id and the thread's, one of which is null.
  init(_ row: Row, at column: Int) throws {
    let assistant: Identifier<Assistant>? = try row.optionalIdentifier(column)
    self = try assistant.map(Namespace.assistant) ?? .thread(row.identifier(column + 1))
  }

  /// Whether the user may put files into it and take them out.
  func isOpen(to user: Identifier<User>, _ db: Database) throws -> Bool {
    switch self {
    case .assistant(let id): try Access.find(to: id, of: user, db).map { $0 >= .edit } ?? false
    case .thread: try isOwned(by: user, db)
    }
  }

  func isOwned(by user: Identifier<User>, _ db: Database) throws -> Bool {
    switch self {
    case .assistant(let id):
      try db.row("SELECT 1 FROM assistant WHERE assistant_id = ? AND user_id = ?", id, user) != nil
    case .thread(let id):
      try db.row("SELECT 1 FROM thread WHERE thread_id = ? AND user_id = ?", id, user) != nil
    }
  }
}

extension File {
  fileprivate static let columns = """
    file_id, user_id, assistant_id, thread_id, name, media_type, size_bytes, hash, status, failure, title,
    page_count, character_count, chunk_count, created_at
    """

  static func find(_ id: Identifier<File>, _ db: Database) throws -> File? {
    try db.row("SELECT \(columns) FROM file WHERE file_id = ?", id).map(File.init)
  }

  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), namespace: try Namespace(row, at: 2),
      name: try row.text(4), mediaType: try row.text(5), sizeBytes: try row.integer(6),
      hash: try row.text(7), status: try row.value(8), createdAt: try row.timestamp(14))
    failure = try row.optionalText(9)
    title = try row.optionalText(10)
    pageCount = try row.optionalInteger(11)
    characterCount = try row.optionalInteger(12)
    chunkCount = try row.integer(13)
  }

  fileprivate func insert(_ db: Database) throws {
    var assistant: Identifier<Assistant>?
    var thread: Identifier<Conversation.Thread>?
    switch namespace {
    case .assistant(let id): assistant = id
    case .thread(let id): thread = id
    }
    try db.run(
      "INSERT INTO file (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, userID, assistant, thread, name, mediaType, sizeBytes, hash, status.rawValue, failure, title,
      pageCount, characterCount, chunkCount, createdAt)
  }
}
