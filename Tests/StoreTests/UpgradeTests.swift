import Conversation
import Foundation
import GRDB
import Testing

@testable import Store

/// What happens to a database when the program is a newer, or an older, one.
@Suite struct UpgradeTests {
  private let folder: TemporaryStore
  private static let first = (
    "one", { @Sendable (db: Database) in try db.execute(sql: "CREATE TABLE a (x)") }
  )

  init() throws { folder = try TemporaryStore() }

  private func migrate(_ migrations: [Migrations.Migration]) throws {
    let pool = try Connections.open(folder.database)
    defer { try? pool.close() }
    try Migrations.apply(migrations, to: pool, program: "9", snapshots: Snapshots(storeIn: folder.path))
  }

  private func step(_ name: String, _ sql: String) -> Migrations.Migration {
    (name, { db in try db.execute(sql: sql) })
  }

  @Test func `a new database needs no copy`() throws {
    try migrate([Self.first])
    #expect(Snapshots(storeIn: folder.path).list().isEmpty)
  }

  @Test func `a copy from before is put aside, and the newest few are kept`() throws {
    var steps = [step("1", "CREATE TABLE a (x)")]
    try migrate(steps)
    for number in 2...6 {
      steps.append(step("\(number)", "CREATE TABLE t\(number) (x)"))
      try migrate(steps)
    }
    let copies = Snapshots(storeIn: folder.path).list()
    #expect(copies.map(\.schema) == [5, 4, 3])
    let facts = try DatabaseFile.facts(of: #require(copies.first).path)
    #expect(facts.schema == 5)
    #expect(try DatabaseFile.schema(ofStoreIn: folder.path) == 6)
  }

  @Test func `when a step fails all are undone, and the way back is named`() throws {
    try migrate([Self.first])
    let broken = [Self.first, step("two", "CREATE TABLE b (x)"), step("three", "CREATE TABLE a (x)")]
    let failure = try #require(throws: StoreError.self) { try migrate(broken) }
    guard case .upgradeFailed(let upgrade) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(upgrade.step == "three")
    let copy = try #require(upgrade.snapshot)
    #expect(failure.description.contains(copy))
    #expect(try DatabaseFile.schema(ofStoreIn: folder.path) == 1)
    let queue = try DatabaseQueue(path: folder.database)
    #expect(try queue.read { db in try !db.tableExists("b") })
  }

  @Test func `rows left without what they refer to fail the upgrade`() throws {
    try migrate([
      step(
        "1",
        """
        CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent);
        INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);
        """)
    ])
    let failure = try #require(throws: StoreError.self) {
      try migrate([step("1", ""), step("2", "DELETE FROM parent")])
    }
    #expect(failure == .corrupt(cause: "rows refer to rows that are not there"))
    #expect(try DatabaseFile.schema(ofStoreIn: folder.path) == 1)
  }

  @Test func `an older program is told which version to start, and which copy it can read`() throws {
    try Store(directory: folder.path, program: "2.0").close()
    let copy = "\(folder.path)/snapshots/schema-1_20260102-030405.sqlite"
    try FileManager.default.createDirectory(
      atPath: folder.path + "/snapshots", withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: copy))
    let failure = try #require(throws: StoreError.self) { try migrate([Self.first]) }
    #expect(
      failure
        == .newerSchema(
          NewerSchema(found: Migrations.known, known: 1, writtenBy: "2.0", snapshot: copy)))
    #expect(failure.description.contains("2.0") && failure.description.contains(copy))
  }

  @Test func `times in names are read back`() throws {
    let date = Date(timeIntervalSince1970: 1_767_323_045)
    #expect(Snapshots.stamp(date) == "20260102-030405")
    #expect(Snapshots.date(ofStamp: "20260102-030405") == date)
    #expect(Snapshots.date(ofStamp: "20261302-030405") == nil)
  }

  // MARK: Going back

  @Test func `going back puts the copy in place and the database aside, blobs with both`() async throws {
    let store = try Store(directory: folder.path)
    let anna = try await Person("anna", in: store)
    try await anna.file(["text"], store: store)
    let copy = try Snapshots(storeIn: folder.path).take(of: store.pool, schema: 1)
    let bert = try await Person("bert", in: store)
    try await bert.file(["later"], bytes: "other bytes", store: store)
    store.close()
    let restore = try StagedRestore(into: folder.path)
    try restore.stage(copy)
    let aside = try #require(try restore.commit())
    withExtendedLifetime(restore) {}
    #expect(try rows("file", in: folder.path) == 1)
    #expect(try rows("file", in: aside) == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: aside + "/blobs").count == 2)
  }

  private func rows(_ table: String, in directory: String) throws -> Int? {
    try DatabaseFile.facts(of: "\(directory)/\(DatabaseFile.name)").rows[table]
  }

  @Test func `a restore that was cut off after it was decided is finished by the next opening`() async throws
  {
    for cut in 0..<3 {
      let folder = try TemporaryStore()
      try Store(directory: folder.path).close()
      let other = try TemporaryStore()
      let store = try Store(directory: other.path)
      try await Person("anna", in: store).file(["text"], store: store)
      store.close()
      let staging = folder.path + "/.restoring"
      try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
      for piece in [DatabaseFile.name, "blobs"] {
        try FileManager.default.copyItem(atPath: "\(other.path)/\(piece)", toPath: "\(staging)/\(piece)")
      }
      try Data("20260102-030405".utf8).write(to: URL(filePath: staging + "/ready"))
      // What a crash after so many moves leaves.
      let aside = folder.path + "/before-restore-20260102-030405"
      let moves = [
        (folder.database, "\(aside)/\(DatabaseFile.name)"), (staging + "/opengpts.sqlite", folder.database),
      ]
      try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
      for (from, to) in moves.prefix(cut) { try FileManager.default.moveItem(atPath: from, toPath: to) }
      let reopened = try Store(directory: folder.path)
      defer { reopened.close() }
      #expect(try await reopened.user(subject: "anna").subject == "anna")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/blobs").count == 1, "cut \(cut)")
      #expect(access(staging, F_OK) != 0)
    }
  }

  @Test func `a restore that was never decided is forgotten`() throws {
    try Store(directory: folder.path).close()
    let staging = folder.path + "/.restoring"
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: staging + "/opengpts.sqlite"))
    try Store(directory: folder.path).close()
    #expect(access(staging, F_OK) != 0)
    #expect(try rows("user", in: folder.path) == 0)
  }
}

/// A folder for a store, which goes with it.
private final class TemporaryStore: Sendable {
  let path = FileManager.default.temporaryDirectory.path + "/upgrade-\(UUID().uuidString)"
  var database: String { "\(path)/\(DatabaseFile.name)" }

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
