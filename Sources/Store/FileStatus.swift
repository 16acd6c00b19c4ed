package import Conversation
import GRDB

/// The turns a file's status takes beside reading it. What is served stays served through all of them.
extension Store {
  /// Notes that a file could not be read, and why, in words for the person. It stays in the list.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func fail(_ id: Identifier<File>, reason: String) async throws(StoreError) {
    try await write { db in
      let changed = try db.run("UPDATE file SET status = 'failed', failure = ? WHERE file_id = ?", reason, id)
      guard changed > 0 else { throw StoreError.notFound }
      try db.run(Self.markUnservedStale, id)
    }
    try await clearStaleChunks()
  }

  /// Notes that the work on a file was stopped by a person.
  /// - Returns: whether there was any.
  @discardableResult
  package func cancelWork(on id: Identifier<File>) async throws(StoreError) -> Bool {
    let wasOpen = try await write { db in
      let changed = try db.run(
        """
        UPDATE file SET status = 'cancelled', attempt = attempt + (attempt > revision)
        WHERE file_id = ? AND status IN ('received', 'embedding')
        """, id)
      try db.run(Self.markUnservedStale, id)
      return changed > 0
    }
    try await clearStaleChunks()
    return wasOpen
  }

  /// Puts a file in line again whose work failed or was stopped, to go on where that makes sense: what was
  /// published already needs its vectors only.
  /// - Returns: whether it is in line now and was not before.
  package func retryWork(on id: Identifier<File>) async throws(StoreError) -> Bool {
    try await write { db in
      try db.run(
        """
        UPDATE file SET failure = NULL, status = CASE
          WHEN revision > 0 AND attempt = revision AND next_hash IS NULL THEN 'embedding' ELSE 'received' END
        WHERE file_id = ? AND status IN ('failed', 'cancelled')
        """, id) > 0
    }
  }

  /// Puts a file in line to be read anew, from its newest bytes; an attempt under way counts no more.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func reread(_ id: Identifier<File>) async throws(StoreError) {
    try await write { db in
      let changed = try db.run(
        "UPDATE file SET status = 'received', failure = NULL, attempt = attempt + 1 WHERE file_id = ?", id)
      guard changed > 0 else { throw StoreError.notFound }
    }
  }

  /// Says after how many hours a page of the web is fetched again by itself.
  /// - Parameter hours: counted from now; nil for never.
  /// - Throws: `.notFound` when the file was deleted meanwhile, or is no page.
  package func scheduleRefetch(
    of id: Identifier<File>, everyHours hours: Int?, now: Timestamp = .now
  ) async throws(StoreError) {
    try await write { db in
      let changed = try db.run(
        "UPDATE file SET refetch_hours = ?, refetch_at = ? WHERE file_id = ? AND url IS NOT NULL", hours,
        hours.map { now.adding(seconds: Double($0) * 3600) }, id)
      guard changed > 0 else { throw StoreError.notFound }
    }
  }

  /// Pages that are to be fetched again by now and are not being worked on, the longest overdue first. Each is
  /// given its next time, so that none comes twice, whatever becomes of it.
  package func takePagesToRefetch(
    now: Timestamp = .now, limit: Int
  ) async throws(StoreError) -> [File] {
    try await write { db in
      let due = try db.rows(
        """
        SELECT \(File.columns) FROM file WHERE refetch_at <= ? AND status NOT IN ('received', 'embedding')
        ORDER BY refetch_at LIMIT ?
        """, now, limit
      ).map(File.init)
      for file in due {
        let hours = Double(file.origin?.refetchHours ?? 24)
        try db.run(
          "UPDATE file SET refetch_at = ? WHERE file_id = ?", now.adding(seconds: hours * 3600), file.id)
      }
      return due
    }
  }

  /// Puts a page of the web in line to be fetched again.
  /// - Throws: `.notFound` when the file was deleted meanwhile, or is no page.
  package func refetch(_ id: Identifier<File>) async throws(StoreError) {
    try await write { db in
      let changed = try db.run(
        """
        UPDATE file SET status = 'received', failure = NULL, fetched_at = NULL, attempt = attempt + 1
        WHERE file_id = ? AND url IS NOT NULL
        """, id)
      guard changed > 0 else { throw StoreError.notFound }
    }
  }

  /// Notes that a page which is served already was fetched again and says what it said.
  package func keepAsRead(_ id: Identifier<File>) async throws(StoreError) {
    try await write { db in
      _ = try db.run(
        """
        UPDATE file SET status = 'indexed' WHERE file_id = ? AND status = 'received' AND revision > 0
          AND next_hash IS NULL
        """, id)
    }
  }

  /// Notes that all vectors of a file are made, or that none can be.
  package func finishEmbedding(of id: Identifier<File>) async throws(StoreError) {
    try await write { db in
      _ = try db.run("UPDATE file SET status = 'indexed' WHERE file_id = ? AND status = 'embedding'", id)
    }
  }

  /// Notes what a page's server sent: new bytes, or nil when it said that nothing has changed. With them the
  /// file waits to be read.
  /// - Throws: `.notFound` when the file was deleted meanwhile.
  package func fetched(
    _ content: File.Content?, of id: Identifier<File>, origin: WebOrigin, quotaBytes: Int?
  ) async throws(StoreError) -> File {
    let result: Result<File, StoreError>
    do {
      result = .success(
        try await write { db in try File.fetched(content, of: id, origin, quotaBytes: quotaBytes, db) })
    } catch {
      result = .failure(error)
    }
    if let content {
      blobs.release(content.hash)
      try await removeUnnamedBlobs([content.hash])
    }
    return try result.get()
  }
}

extension File {
  fileprivate static func fetched(
    _ content: Content?, of id: Identifier<File>, _ origin: WebOrigin, quotaBytes: Int?, _ db: Database
  ) throws -> File {
    guard let file = try File.find(id, db) else { throw StoreError.notFound }
    try db.run(
      "UPDATE file SET entity_tag = ?, last_modified = ?, fetched_at = ? WHERE file_id = ?",
      origin.entityTag, origin.lastModified, origin.fetchedAt, id)
    if let content, content.hash != file.newest.hash {
      if let quotaBytes {
        let used = try File.bytesUsed(by: file.userID, db)
        guard used + content.sizeBytes <= quotaBytes else {
          throw StoreError.quotaExceeded(usedBytes: used, limitBytes: quotaBytes)
        }
      }
      try file.replaceContent(by: content, db)
    }
    guard let after = try File.find(id, db) else { throw StoreError.notFound }
    return after
  }
}
