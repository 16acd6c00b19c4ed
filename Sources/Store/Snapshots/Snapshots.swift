package import Foundation
import GRDB

/// Copies of the database from before changes of its schema, in `snapshots/` of a store's folder: the way back
/// when a new version disappoints.
package struct Snapshots: Sendable {
  /// Newest copies that are kept; each is as large as the database was.
  package static let kept = 3
  /// Bytes that must stay free beside a copy.
  private static let reserveBytes = 64 << 20

  private let storeDirectory: String
  private var directory: String { storeDirectory + "/snapshots" }

  /// - Parameter storeDirectory: the folder of the store.
  package init(storeIn storeDirectory: String) {
    self.storeDirectory = storeDirectory
  }

  /// One copy.
  package struct Snapshot: Sendable, Equatable {
    package let path: String
    /// The schema it has.
    package let schema: Int
    /// When it was taken, in UTC, as its name has it: `20261124-202500`.
    package let taken: String
    package let sizeBytes: Int
  }

  /// All of them, newest first.
  package func list() -> [Snapshot] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap(snapshot).sorted { ($0.taken, $0.schema) > ($1.taken, $1.schema) }
  }

  private func snapshot(named name: String) -> Snapshot? {
    guard let match = name.wholeMatch(of: /schema-([0-9]{1,6})_([0-9]{8}-[0-9]{6})\.sqlite/),
      let schema = Int(match.output.1)
    else { return nil }
    let path = "\(directory)/\(name)"
    return Snapshot(
      path: path, schema: schema, taken: String(match.output.2), sizeBytes: Directory.size(of: path))
  }

  /// Copies the database, flushed and under its name, and removes the oldest copies.
  /// - Throws: `.upgradeRefused` when there is no room.
  func take(of pool: DatabasePool, schema: Int) throws -> Snapshot {
    try Directory.make(directory)
    sweep()
    try checkRoom(for: pool)
    let name = "schema-\(schema)_\(Self.stamp()).sqlite"
    let path = "\(directory)/\(name)"
    let part = path + ".part"
    try DatabaseFile.copy(pool, to: part)
    guard rename(part, path) == 0 else { throw StoreError(errno: errno, path: path) }
    try Directory.flush(directory)
    for old in list().dropFirst(Self.kept) { unlink(old.path) }
    return Snapshot(path: path, schema: schema, taken: Self.stamp(), sizeBytes: Directory.size(of: path))
  }

  /// Removes what a copy that was cut off left behind.
  private func sweep() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.contains(".part") { unlink("\(directory)/\(name)") }
  }

  private func checkRoom(for pool: DatabasePool) throws {
    let needed = try pool.read { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      return try pages * (Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0) + Self.reserveBytes
    }
    guard let free = Directory.freeBytes(at: directory), free < needed else { return }
    throw StoreError.upgradeRefused(
      cause: "the copy that is taken first needs \(needed >> 20) MB on the disk of \(directory), where "
        + "\(free >> 20) MB are free; make room and start again")
  }

  /// A time in UTC as names carry it, `20261124-202500`: text order is time order.
  package static func stamp(_ date: Date = Date()) -> String {
    let text = date.formatted(.iso8601)
    return text.replacing(/[-:Z]/, with: "").replacing("T", with: "-")
  }

  /// The time a name carries.
  package static func date(ofStamp stamp: String) -> Date? {
    guard let match = stamp.wholeMatch(of: /(....)(..)(..)-(..)(..)(..)/) else { return nil }
    let (_, year, month, day, hour, minute, second) = match.output
    return try? Date("\(year)-\(month)-\(day)T\(hour):\(minute):\(second)Z", strategy: .iso8601)
  }
}
