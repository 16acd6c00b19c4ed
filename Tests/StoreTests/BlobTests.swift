import Conversation
import Foundation
import Store
import Testing

struct BlobTests {
  @Test func `bytes are kept under their SHA-256 and read back in parts`() async throws {
    let test = try TestStore()
    let writer = try test.store.blobs.create()
    try writer.append([UInt8]("ab".utf8))
    try writer.append([])
    try writer.append([UInt8]("c".utf8))
    let hash = try await writer.finish()
    // FIPS 180-2, appendix B.1.
    #expect(hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(writer.sizeBytes == 3)
    let reader = try test.store.blobs.open(hash)
    #expect(reader.sizeBytes == 3)
    #expect(try reader.read(upTo: 2) == [UInt8]("ab".utf8))
    #expect(try reader.readAll() == [UInt8]("c".utf8))
    #expect(try reader.read(upTo: 9).isEmpty)
  }

  @Test func `a hash that names no blob, or is none, is not found`() async throws {
    let test = try TestStore()
    for hash in [
      String(repeating: "0", count: 64), "", "../opengpts.sqlite", "..", String(repeating: "A", count: 64),
    ] {
      #expect(throws: StoreError.notFound) { try test.store.blobs.open(hash) }
      #expect(test.store.blobs.path(of: hash) == nil)
    }
  }

  @Test func `an upload that is given up leaves nothing`() async throws {
    let test = try TestStore()
    do {
      let writer = try test.store.blobs.create()
      try writer.append([1, 2, 3])
      #expect(try names(test).count == 1)
    }
    #expect(try names(test).isEmpty)
  }

  @Test func `a start removes cut-off uploads, and a sweep removes what no file names`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (file, _) = try await anna.file(["x"], bytes: "kept", store: test.store)
    let writer = try test.store.blobs.create()
    try writer.append([1])
    let lost = try await writer.finish()
    test.store.close()
    try Data([1]).write(to: URL(filePath: test.directory + "/blobs/upload.part"))

    let again = try Store(directory: test.directory)
    defer { again.close() }
    #expect(try names(test) == [file.hash, lost].sorted())
    try await again.sweepBlobs()
    #expect(try names(test) == [file.hash])
  }

  @Test func `a sweep spares a blob whose file is about to be received`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let writer = try test.store.blobs.create()
    try writer.append([1])
    let hash = try await writer.finish()
    try await test.store.sweepBlobs()
    let file = File(
      userID: anna.user.id, namespace: .assistant(anna.assistant.id), name: "f", mediaType: "x", sizeBytes: 1,
      hash: hash)
    try await test.store.receive(file)
    #expect(try test.store.blobs.open(hash).readAll() == [1])
  }

  @Test func `a blob goes with the last file that names it`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let (first, _) = try await anna.file(["x"], bytes: "same", store: store)
    let (second, _) = try await eve.file(["x"], bytes: "same", store: store)
    #expect(first.hash == second.hash)
    try await store.deleteFile(first.id, of: anna.user.id)
    #expect(try names(test) == [second.hash])
    try await store.deleteAssistant(eve.assistant.id, of: eve.user.id)
    #expect(try names(test).isEmpty)
  }

  @Test func `the blob of a file that is refused goes away`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let eve = try await Person(in: test.store)
    await #expect(throws: StoreError.notFound) {
      try await eve.file(["x"], in: .assistant(anna.assistant.id), bytes: "planted", store: test.store)
    }
    #expect(try names(test).isEmpty)
  }

  @Test func `uploads and deletions of the same bytes at once never lose them`() async throws {
    let test = try TestStore()
    let store = test.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        let anna = try await Person(in: store)
        group.addTask {
          for _ in 0..<10 {
            let (file, _) = try await anna.file(["x"], bytes: "same", store: store)
            #expect(try store.blobs.open(file.hash).readAll() == [UInt8]("same".utf8))
            try await store.deleteFile(file.id, of: anna.user.id)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try names(test).isEmpty)
  }

  private func names(_ test: TestStore) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: test.directory + "/blobs").sorted()
  }
}
