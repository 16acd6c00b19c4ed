import Conversation
import GRDB

extension File {
  /// Adds the file, or finds that it is there already, or that it replaces one.
  /// - Returns: also the hash of bytes that nothing may name any more.
  func receive(quotaBytes: Int?, _ db: Database) throws -> (Receipt, replaced: String?) {
    guard try namespace.isOpen(to: userID, db) else { throw StoreError.notFound }
    if let known = try known(db) { return (.known(known), nil) }
    try checkQuota(quotaBytes, db)
    guard origin == nil, let older = try namesake(db) else {
      try insert(db)
      return (.new(self), nil)
    }
    try older.replaceContent(by: newest, db)
    return (.changed(try File.find(older.id, db) ?? older), older.newest.hash)
  }

  static func bytesUsed(by user: Identifier<User>, _ db: Database) throws -> Int {
    let row = try db.row(
      "SELECT coalesce(sum(size_bytes + coalesce(next_size_bytes, 0)), 0) FROM file WHERE user_id = ?", user)
    return try row?.integer(0) ?? 0
  }

  /// Notes bytes that are to take the place of those that are served, or of those that were never read.
  func replaceContent(by content: Content, _ db: Database) throws {
    let columns =
      isSearchable
      ? "next_hash = ?, next_size_bytes = ?, next_media_type = ?" : "hash = ?, size_bytes = ?, media_type = ?"
    try db.run(
      """
      UPDATE file SET \(columns), status = 'received', failure = NULL, attempt = attempt + 1 WHERE file_id = ?
      """, content.hash, content.sizeBytes, content.mediaType, id)
  }

  /// The file of the same page, or of the same bytes unless these are about to be replaced.
  private func known(_ db: Database) throws -> File? {
    let (sql, owner) = namespace.fileFilter
    if let origin {
      return try db.row("SELECT \(File.columns) FROM file WHERE \(sql) AND url = ?", owner, origin.url)
        .map(File.init)
    }
    return try db.row(
      """
      SELECT \(File.columns) FROM file WHERE \(sql) AND coalesce(next_hash, hash) = ? AND url IS NULL
      ORDER BY name <> ?, rowid DESC
      """, owner, hash, name
    ).map(File.init)
  }

  private func namesake(_ db: Database) throws -> File? {
    let (sql, owner) = namespace.fileFilter
    return try db.row(
      "SELECT \(File.columns) FROM file WHERE \(sql) AND name = ? AND url IS NULL ORDER BY rowid DESC",
      owner, name
    ).map(File.init)
  }

  private func checkQuota(_ quotaBytes: Int?, _ db: Database) throws {
    guard let quotaBytes else { return }
    let used = try File.bytesUsed(by: userID, db)
    guard used + newest.sizeBytes <= quotaBytes else {
      throw StoreError.quotaExceeded(usedBytes: used, limitBytes: quotaBytes)
    }
  }
}
