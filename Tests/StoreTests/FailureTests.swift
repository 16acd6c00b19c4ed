import Conversation
import GRDB
import Testing

@testable import Store

struct FailureTests {
  @Test func `a full disk is called so, loses nothing, and is over once there is room`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let first = try await anna.say("before", in: store)
    try await limit(store, pages: 1)
    await #expect(throws: StoreError.diskFull) {
      try await anna.say(String(repeating: "much ", count: 20_000), after: first, in: store)
    }
    #expect(try await store.snapshot(of: anna.thread.id)?.texts == ["before"])
    try await limit(store, pages: 1_000_000)
    try await anna.say("after", after: first, in: store)
    #expect(try await store.snapshot(of: anna.thread.id)?.texts == ["before", "after"])
  }

  @Test func `a damaged row is called damaged, and the rest can still be read`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    try await anna.say("hello", in: store)
    try await eve.say("hello", in: store)
    test.store.close()

    let again = try Store(directory: test.directory)
    defer { again.close() }
    try await again.pool.write { db in
      try db.execute(sql: "UPDATE message SET body = '{' WHERE key = 1")
      try db.execute(sql: "UPDATE assistant SET updated_at = 'yesterday' WHERE rowid = 1")
    }
    await #expect { try await again.snapshot(of: anna.thread.id) } throws: { isCorrupt($0) }
    await #expect { try await again.assistants(of: anna.user.id) } throws: { isCorrupt($0) }
    #expect(try await again.snapshot(of: eve.thread.id)?.texts == ["hello"])
  }

  @Test func `a flush that failed is told from other trouble`() {
    for code in [ResultCode.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC] {
      guard case .notDurable = StoreError(DatabaseError(resultCode: code)) else {
        Issue.record("\(code) is \(StoreError(DatabaseError(resultCode: code)))")
        continue
      }
    }
    guard case .unavailable = StoreError(DatabaseError(resultCode: .SQLITE_IOERR_READ)) else {
      Issue.record("a read that failed is no flush")
      return
    }
  }

  /// Makes the database believe that the disk ends there.
  private func limit(_ store: Store, pages: Int) async throws {
    try await store.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
  }

  private func isCorrupt(_ error: any Error) -> Bool {
    if case .corrupt = error as? StoreError { true } else { false }
  }
}
