import Conversation
import Foundation
import GRDB
package import Metering

/// Everything the daemon remembers: one SQLite file and a folder of blobs.
///
/// One connection does all writing and all checkpointing (SQLite before 3.51.3 can corrupt a database when a
/// checkpoint meets a writer on another connection); a small pool reads. A door that returns has been flushed
/// to the medium. No door is cut short by the cancellation of its task: what was begun is either wholly there
/// or not at all.
package final class Store: Sendable {
  package let blobs: Blobs
  let pool: DatabasePool
  let recent = RecentStates()
  let secrets: SecretBox
  let timings = StoreTimings()
  private let directory: String
  private let lock: DirectoryLock
  private let whenNotDurable: @Sendable (StoreError) -> Void

  /// Opens or makes the store in `directory`, finishes a restore that was cut off, and brings its schema up to date.
  /// - Parameter program: the version of this program, noted with each upgrade of the schema.
  /// - Parameter whenNotDurable: told when a flush failed, before whoever wrote is: the process is to end, since
  ///   nobody knows any more what the medium holds.
  /// - Throws: `.inUse` while another process has it open, `.newerSchema` when a newer version wrote it,
  ///   `.upgradeRefused` or `.upgradeFailed` when it cannot be brought up to date, `.corrupt` when the file is no
  ///   sound database, `.unavailable` when it cannot be reached.
  package init(
    directory: String, program: String = "unknown",
    whenNotDurable: @escaping @Sendable (StoreError) -> Void = { _ in }
  ) throws(StoreError) {
    self.directory = directory
    self.whenNotDurable = whenNotDurable
    secrets = SecretBox(directory: directory)
    do {
      try Directory.make(directory)
      lock = try DirectoryLock(path: directory + "/opengpts.lock")
      try StagedRestore.finishPending(in: directory)
      let path = "\(directory)/\(DatabaseFile.name)"
      try Directory.makePrivateFile(path)
      pool = try Connections.open(path)
      blobs = try Blobs(directory: directory + "/blobs")
      try Migrations.apply(to: pool, program: program, snapshots: Snapshots(storeIn: directory))
    } catch {
      throw StoreError(error)
    }
  }

  /// Number of the newest schema this version reads.
  package static var knownSchema: Int { Migrations.known }

  /// Whether the writing connection takes a transaction and a reading one answers.
  /// - Throws: what keeps them from it.
  package func check() async throws(StoreError) {
    try await write { _ in }
    _ = try await read { db in try db.row("SELECT max(seq) FROM checkpoint") != nil }
  }

  /// Flushes the write-ahead log into the database and lets it go. Doors used after this throw
  /// `.unavailable`; closing again does nothing.
  package func close() {
    // Either may fail without harm: the next start recovers from the write-ahead log.
    try? pool.writeWithoutTransaction { db in
      guard db.sqliteConnection != nil else { return }
      _ = try db.checkpoint(.truncate)
    }
    try? pool.close()
    lock.release()
  }
}

// MARK: Measurements

extension Store {
  /// What the database costs, for those who run the program.
  package func measure(into exposition: inout Exposition) {
    timings.measure(into: &exposition)
    let path = "\(directory)/\(DatabaseFile.name)"
    exposition.gauge(
      "database_bytes", "Size of the database and of its write-ahead log.",
      [
        .init(Double(Directory.size(of: path)), ["file": "database"]),
        .init(Double(Directory.size(of: path + "-wal")), ["file": "log"]),
      ])
    if let free = Directory.freeBytes(at: directory) {
      exposition.gauge("disk_free_bytes", "Free on the disk of the data directory.", free)
    }
  }
}

/// How full the disk of the data directory is.
package struct DiskUsage: Sendable {
  package var freeBytes: Int
  package var diskBytes: Int
  /// Taken by the database, its log, and the files people gave; indexes and models can be made anew.
  package var dataBytes: Int
}

extension Store {
  /// - Throws: `.unavailable` when the system does not say.
  package func diskUsage() async throws(StoreError) -> DiskUsage {
    guard let (free, size) = Directory.room(at: directory) else {
      throw StoreError(errno: errno, path: directory)
    }
    let path = "\(directory)/\(DatabaseFile.name)"
    let files = try await read { db in
      try db.row(
        "SELECT coalesce(sum(size_bytes), 0) FROM (SELECT DISTINCT hash, size_bytes FROM file)")?[0] as Int?
    }
    return DiskUsage(
      freeBytes: free, diskBytes: size,
      dataBytes: Directory.size(of: path) + Directory.size(of: path + "-wal") + (files ?? 0))
  }
}

// MARK: Access

extension Store {
  /// Runs `body` in one transaction on the writing connection; it is rolled back when `body` throws.
  /// - Parameter recorded: whether it is a change that carries the entry its task has for the audit log.
  func write<Value: Sendable>(
    recorded: Bool = true, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let (pool, timings) = (pool, timings)
    let record = recorded ? AuditRecord.current : nil
    let asked = ContinuousClock.now
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        let began = ContinuousClock.now
        timings.writeWait.observe(began - asked)
        let result = Result {
          try db.transaction { db in
            let value = try body(db)
            try record?.carry(db)
            return value
          }
        }.mapError { StoreError($0) }
        record?.settle(isCommitted: (try? result.get()) != nil)
        timings.write.observe(ContinuousClock.now - began)
        continuation.resume(returning: result)
      }
    }
    if case .failure(let error) = result, case .notDurable = error { whenNotDurable(error) }
    return try result.get()
  }

  /// Runs `body` on a reading connection, in one consistent view of the database.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let (pool, timings) = (pool, timings)
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        let began = ContinuousClock.now
        let result = Result { try body(database.get()) }.mapError { StoreError($0) }
        timings.read.observe(ContinuousClock.now - began)
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }
}
