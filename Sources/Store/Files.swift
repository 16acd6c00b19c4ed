package import Conversation
import Foundation
import GRDB

/// What became of a file that was brought.
package enum Receipt: Sendable, Equatable {
  case new(File)
  /// There was one of that name with other bytes; it serves as it was until the new ones are read.
  case changed(File)
  /// The same bytes, or the same page of the web, are there already, maybe under another name.
  case known(File)

  package var file: File {
    switch self {
    case .new(let file), .changed(let file), .known(let file): file
    }
  }
}

extension Store {
  /// Takes in a file whose bytes are a finished blob, or a page that is still to be fetched; from then on it
  /// is never lost.
  /// - Parameter quotaBytes: how much all files of the user may take; nil for as much as there is room.
  /// - Throws: `.notFound` when its user has no such thread or collection, or no such assistant that they may
  ///   change; `.quotaExceeded`.
  @discardableResult
  package func receive(_ file: File, quotaBytes: Int? = nil) async throws(StoreError) -> Receipt {
    let result: Result<(Receipt, replaced: String?), StoreError>
    do {
      result = .success(try await write { db in try file.receive(quotaBytes: quotaBytes, db) })
    } catch {
      result = .failure(error)
    }
    if !file.hash.isEmpty { blobs.release(file.hash) }
    try await removeUnnamedBlobs([file.hash, (try? result.get().replaced) ?? ""].filter { !$0.isEmpty })
    return try result.get().0
  }

  /// The files of an assistant, a thread or a collection, newest first. The caller has made sure that the user
  /// may see it.
  /// - Parameter statuses: only files of these; nil for all.
  package func files(
    in namespace: Namespace, statuses: Set<File.Status>? = nil, page: Page = Page()
  ) async throws(StoreError) -> [File] {
    let wanted = JSON.array((statuses ?? Set(File.Status.allCases)).map { .string($0.rawValue) })
    return try await read { db in
      let (sql, owner) = namespace.fileFilter
      return try db.rows(
        "SELECT \(File.columns) FROM file WHERE \(sql) AND status IN (SELECT value FROM json_each(?)) "
          + "ORDER BY rowid DESC LIMIT ? OFFSET ?",
        owner, wanted, page.limit, page.offset
      ).map(File.init)
    }
  }

  /// Bytes of all files of a user, with those that are to replace some.
  package func bytesUsed(by user: Identifier<User>) async throws(StoreError) -> Int {
    try await read { db in try File.bytesUsed(by: user, db) }
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
          AND (user_id = ?1 OR public = 1 OR assistant_id IN (\(Access.sharedIDs)))) OR EXISTS (
          SELECT 1 FROM assistant_collection used JOIN assistant USING (assistant_id)
          WHERE used.collection_id = file.collection_id
          AND (public = 1 OR assistant.assistant_id IN (\(Access.sharedIDs)))))
        """, user, id
      ).map(File.init)
    }
  }

  /// The file, whosever it is: for the program's own work.
  package func fileForWork(_ id: Identifier<File>) async throws(StoreError) -> File? {
    try await read { db in try File.find(id, db) }
  }

  /// Files with work to do, oldest first: what a start has to take up again.
  /// - Parameter user: only files of that one, and at most a page of them; nil for all.
  package func filesOpen(of user: Identifier<User>? = nil) async throws(StoreError) -> [File] {
    try await read { db in
      try db.rows(
        """
        SELECT \(File.columns) FROM file
        WHERE status IN ('received', 'embedding') AND user_id = coalesce(?1, user_id) ORDER BY rowid LIMIT ?2
        """, user, user == nil ? -1 : Limits.pageRows
      ).map(File.init)
    }
  }

  /// The page on which a place of the file's text lies; nil for formats without pages.
  /// - Parameter offset: Unicode scalars from the start of the text.
  package func page(at offset: Int, of file: Identifier<File>) async throws(StoreError) -> Int? {
    try await read { db in
      let row = try db.row(
        "SELECT pages FROM file JOIN file_text USING (file_id, revision) WHERE file_id = ?", file)
      let pages = try row.map { try ExtractedText.PageSpan.list($0.text(0)) } ?? []
      return pages.last { $0.start <= offset }?.page
    }
  }

  /// What was read out of a file; nil until it is indexed. The caller has made sure that the user may see it.
  package func text(of file: Identifier<File>) async throws(StoreError) -> ExtractedText? {
    try await read { db in
      try db.row(
        "SELECT text, title, pages FROM file JOIN file_text USING (file_id, revision) WHERE file_id = ?", file
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
    case .collection(let id): ("collection_id = ?", id.description)
    }
  }

  /// From three columns, the ids of assistant, thread and collection, of which one is not null.
  init(_ row: Row, at column: Int) throws {
    let assistant: Identifier<Assistant>? = try row.optionalIdentifier(column)
    let thread: Identifier<Conversation.Thread>? = try row.optionalIdentifier(column + 1)
    self =
      try assistant.map(Namespace.assistant) ?? thread.map(Namespace.thread)
      ?? .collection(row.identifier(column + 2))
  }

  /// Whether the user may put files into it and take them out.
  func isOpen(to user: Identifier<User>, _ db: Database) throws -> Bool {
    switch self {
    case .assistant(let id): try Access.find(to: id, of: user, db).map { $0 >= .edit } ?? false
    case .thread, .collection: try isOwned(by: user, db)
    }
  }

  func isOwned(by user: Identifier<User>, _ db: Database) throws -> Bool {
    switch self {
    case .assistant(let id):
      try db.row("SELECT 1 FROM assistant WHERE assistant_id = ? AND user_id = ?", id, user) != nil
    case .thread(let id):
      try db.row("SELECT 1 FROM thread WHERE thread_id = ? AND user_id = ?", id, user) != nil
    case .collection(let id):
      try db.row("SELECT 1 FROM collection WHERE collection_id = ? AND user_id = ?", id, user) != nil
    }
  }
}

extension File {
  static let columns = """
    file_id, user_id, assistant_id, thread_id, collection_id, name, media_type, size_bytes, hash, status, failure,
    title, page_count, character_count, chunk_count, created_at, revision > 0, next_hash, next_size_bytes,
    next_media_type, url, entity_tag, last_modified, fetched_at, refetch_hours, refetch_at
    """

  static func find(_ id: Identifier<File>, _ db: Database) throws -> File? {
    try db.row("SELECT \(columns) FROM file WHERE file_id = ?", id).map(File.init)
  }

  init(_ row: Row) throws {
    self.init(
      id: try row.identifier(0), userID: try row.identifier(1), namespace: try Namespace(row, at: 2),
      name: try row.text(5), mediaType: try row.text(6), sizeBytes: try row.integer(7),
      hash: try row.text(8), status: try row.value(9), createdAt: try row.timestamp(15))
    failure = try row.optionalText(10)
    title = try row.optionalText(11)
    pageCount = try row.optionalInteger(12)
    characterCount = try row.optionalInteger(13)
    chunkCount = try row.integer(14)
    isSearchable = try row.bool(16)
    if let hash = try row.optionalText(17) {
      replacement = Content(hash: hash, sizeBytes: try row.integer(18), mediaType: try row.text(19))
    }
    if let url = try row.optionalText(20) {
      origin = WebOrigin(
        url: url, entityTag: try row.optionalText(21), lastModified: try row.optionalText(22),
        fetchedAt: try row.optionalText(23).flatMap(Timestamp.init))
      origin?.refetchHours = try row.optionalInteger(24)
      origin?.refetchAt = try row.optionalTimestamp(25)
    }
  }

  func insert(_ db: Database) throws {
    var (assistant, thread, collection): (String?, String?, String?)
    switch namespace {
    case .assistant(let id): assistant = id.description
    case .thread(let id): thread = id.description
    case .collection(let id): collection = id.description
    }
    try db.run(
      """
      INSERT INTO file (file_id, user_id, assistant_id, thread_id, collection_id, name, media_type, size_bytes,
        hash, status, revision, attempt, chunk_count, created_at, url)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', 0, 0, 0, ?, ?)
      """,
      id, userID, assistant, thread, collection, name, mediaType, sizeBytes, hash, createdAt, origin?.url)
  }
}
