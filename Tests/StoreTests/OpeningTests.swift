import Conversation
import Foundation
import GRDB
import Testing

@testable import Store

struct OpeningTests {
  @Test func `what was written is there after closing and opening again`() async throws {
    let test = try TestStore()
    let anna = try await Person("anna", in: test.store)
    try await anna.say("hello", in: test.store)
    test.store.close()

    let again = try Store(directory: test.directory)
    defer { again.close() }
    #expect(try await again.user(subject: "anna") == anna.user)
    #expect(try await again.assistants(of: anna.user.id) == [anna.assistant])
    #expect(try await again.snapshot(of: anna.thread.id)?.texts == ["hello"])
  }

  @Test func `nobody else may read the files`() throws {
    let test = try TestStore()
    #expect(try mode(test.directory) == 0o700)
    #expect(try mode(test.directory + "/blobs") == 0o700)
    for name in ["opengpts.sqlite", "opengpts.sqlite-wal", "opengpts.sqlite-shm"] {
      #expect(try mode(test.directory + "/" + name) == 0o600)
    }
  }

  @Test func `a database of a newer version is refused and left as it is`() throws {
    let test = try TestStore()
    let newer = Migrations.known + 1
    try test.store.pool.writeWithoutTransaction { db in
      try db.execute(sql: "CREATE TABLE tomorrow (day TEXT); PRAGMA user_version = \(newer)")
    }
    test.store.close()
    #expect(
      throws: StoreError.newerSchema(NewerSchema(found: newer, known: Migrations.known, writtenBy: "unknown"))
    ) {
      try Store(directory: test.directory)
    }
    let queue = try DatabaseQueue(path: test.directory + "/opengpts.sqlite")
    #expect(try queue.read { db in try db.tableExists("tomorrow") })
  }

  @Test func `a second one may not have it open at the same time`() throws {
    let test = try TestStore()
    #expect(throws: StoreError.inUse(path: test.directory + "/opengpts.lock")) {
      try Store(directory: test.directory)
    }
    test.store.close()
    try Store(directory: test.directory).close()
  }

  @Test func `a file that is no database is called damaged`() throws {
    let test = try TestStore()
    test.store.close()
    let path = test.directory + "/opengpts.sqlite"
    try Data(repeating: 0x2a, count: 8192).write(to: URL(filePath: path))
    #expect {
      try Store(directory: test.directory)
    } throws: { error in
      if case .corrupt = error as? StoreError { true } else { false }
    }
  }

  @Test func `a folder that cannot be made is unavailable`() throws {
    #expect {
      try Store(directory: "/dev/null/store")
    } throws: { error in
      if case .unavailable = error as? StoreError { true } else { false }
    }
  }

  @Test func `after closing, doors throw`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    test.store.close()
    await #expect { try await test.store.threads(of: anna.user.id) } throws: { isUnavailable($0) }
    await #expect { try await test.store.user(subject: "new") } throws: { isUnavailable($0) }
    await #expect { try await anna.say("hello", in: test.store) } throws: { isUnavailable($0) }
  }

  @Test func `commits are flushed, foreign keys hold, and only the writer checkpoints`() throws {
    let test = try TestStore()
    func settings(_ db: Database) throws -> [String] {
      try ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "mmap_size"].map { name in
        "\(name)=\(try String.fetchOne(db, sql: "PRAGMA \(name)") ?? "")"
      }
    }
    let expected = ["journal_mode=wal", "synchronous=2", "foreign_keys=1", "trusted_schema=0", "mmap_size=0"]
    #expect(try test.store.pool.writeWithoutTransaction(settings) == expected)
    let reader = try test.store.pool.read { db in
      (try settings(db), try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint"))
    }
    #expect(
      reader.0.filter { !$0.hasPrefix("synchronous") } == expected.filter { !$0.hasPrefix("synchronous") })
    #expect(reader.1 == 0)
  }

  @Test func `closing leaves nothing in the write-ahead log`() async throws {
    let test = try TestStore()
    _ = try await Person(in: test.store)
    test.store.close()
    let log = try? FileManager.default.attributesOfItem(atPath: test.directory + "/opengpts.sqlite-wal")
    #expect((log?[.size] as? Int ?? 0) == 0)
  }

  @Test func `a cancelled task's write is carried out whole`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(Task.isCancelled)
      return try await anna.say("last words", in: test.store)
    }
    let checkpoint = try await task.value
    #expect(try await test.store.snapshot(of: anna.thread.id)?.checkpoint.id == checkpoint.id)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
  }
}

private func isUnavailable(_ error: any Error) -> Bool {
  if case .unavailable = error as? StoreError { true } else { false }
}
