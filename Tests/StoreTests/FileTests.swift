import Conversation
import Foundation
import Testing

@testable import Store

struct FileTests {
  @Test func `a file is received, then indexed with its text, pages and chunks`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    var file = try await received("some bytes", of: anna, store)
    #expect(try await store.filesOpen() == [file])
    #expect(try await store.text(of: file.id) == nil)

    let text = ExtractedText(
      text: "Ein Café.\nZwei.", title: "Titel",
      pages: [.init(page: 1, start: 0, end: 10), .init(page: 2, start: 10, end: 15)])
    let chunk = Chunk(
      fileID: file.id, ordinal: 0, text: "Ein Café.", start: 0, end: 9, page: 1, endPage: 1,
      headings: ["A", "B \"x\""])
    let stored = try await store.index(
      file.id, text: text, mediaType: "text/markdown", chunks: [chunk], vectors: nil, model: nil)

    file.status = .indexed
    file.isSearchable = true
    file.mediaType = "text/markdown"
    file.title = "Titel"
    file.pageCount = 2
    file.characterCount = 15
    file.chunkCount = 1
    #expect(try await store.file(file.id, visibleTo: anna.user.id) == file)
    #expect(try await store.files(in: .assistant(anna.assistant.id)) == [file])
    #expect(try await store.filesOpen().isEmpty)
    #expect(try await store.text(of: file.id) == text)
    #expect(try await store.chunkIDs(of: file.id) == [chunk.id])
    let found = try await store.chunks(keys: stored.map(\.key) + [9_999])
    #expect(found.count == 1 && found[stored[0].key]?.chunk == stored[0])
  }

  @Test func `a page of the web comes when its time has come, once, and not while it is worked on`()
    async throws
  {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    var page = File(
      userID: anna.user.id, namespace: .assistant(anna.assistant.id), name: "p", mediaType: "text/html",
      sizeBytes: 0,
      hash: "")
    page.origin = WebOrigin(url: "http://example.org/p")
    try await store.receive(page)
    let now = Timestamp.now
    try await store.scheduleRefetch(of: page.id, everyHours: 2, now: now)
    let due = now.adding(seconds: 7_201)
    #expect(try await store.takePagesToRefetch(now: due, limit: 9).isEmpty, "it waits for its first turn")
    try await store.fail(page.id, reason: "not there")
    #expect(try await store.takePagesToRefetch(now: now, limit: 9).isEmpty)
    let taken = try await store.takePagesToRefetch(now: due, limit: 9)
    #expect(taken.map(\.id) == [page.id] && taken.first?.origin?.refetchHours == 2)
    #expect(try await store.takePagesToRefetch(now: due, limit: 9).isEmpty)
    #expect(try await store.takePagesToRefetch(now: due.adding(seconds: 7_200), limit: 9).count == 1)
    try await store.scheduleRefetch(of: page.id, everyHours: nil)
    #expect(try await store.takePagesToRefetch(now: due.adding(seconds: 1e6), limit: 9).isEmpty)
    let (upload, _) = try await anna.file(["a"], store: store)
    await #expect(throws: StoreError.self) { try await store.scheduleRefetch(of: upload.id, everyHours: 1) }
  }

  @Test func `indexing again replaces what was there`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (file, old) = try await anna.file(["old words"], vectors: [[1]], store: store)
    let new = try await store.index(
      file.id, text: ExtractedText(text: "new"), mediaType: "text/plain",
      chunks: [
        Chunk(
          fileID: file.id, ordinal: 0, text: "new words", start: 0, end: 9, page: nil, endPage: nil,
          headings: [])
      ], vectors: nil, model: nil)
    #expect(old[0].key < new[0].key)
    let namespace = [Namespace.assistant(anna.assistant.id)]
    #expect(try await store.searchText("old", in: namespace, count: 4).isEmpty)
    #expect(try await store.searchText("new words", in: namespace, count: 4).map(\.key) == [new[0].key])
    #expect(try await store.chunks(keys: [old[0].key]).isEmpty)
  }

  @Test func `a file larger than one transaction is stored whole`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let texts = (0..<300).map { "part number\($0)" }
    let (file, chunks) = try await anna.file(
      texts, vectors: texts.indices.map { [Float($0)] }, store: test.store)
    #expect(chunks.map(\.text) == texts)
    #expect(try await test.store.chunkIDs(of: file.id) == chunks.map(\.id))
    let hits = try await test.store.searchText("number299", in: [.assistant(anna.assistant.id)], count: 4)
    #expect(hits.map(\.key) == [chunks[299].key])
  }

  @Test func `a file that failed says why and stays in the list`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let file = try await received("broken", of: anna, store)
    try await store.fail(file.id, reason: "It is encrypted. Upload it without a password.")
    let failed = try #require(try await store.files(in: file.namespace).first)
    #expect(failed.status == .failed)
    #expect(failed.failure == "It is encrypted. Upload it without a password.")
    #expect(try await store.filesOpen().isEmpty)
  }

  @Test func `a file deleted while it was read is not found`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let file = try await received("x", of: anna, store)
    #expect(try await store.deleteFile(file.id, of: anna.user.id) == file)
    await #expect(throws: StoreError.notFound) {
      try await store.index(
        file.id, text: ExtractedText(text: ""), mediaType: "text/plain", chunks: [], vectors: nil, model: nil)
    }
    await #expect(throws: StoreError.notFound) { try await store.fail(file.id, reason: "x") }
    #expect(try await store.deleteFile(file.id, of: anna.user.id) == nil)
  }

  @Test func `the same bytes are known in their namespace only, under whatever name`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let file = try await received("x", of: anna, store)
    #expect(try await bring("x", named: "other", of: anna, store) == .known(file))
    let thread = Namespace.thread(anna.thread.id)
    guard case .new = try await bring("x", named: file.name, in: thread, of: anna, store) else {
      Issue.record("it was known in another namespace")
      return
    }
  }

  @Test func `other bytes under the same name replace what it said only once they are read`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let place = Namespace.assistant(anna.assistant.id)
    let (file, old) = try await anna.file(["old words"], bytes: "old", store: store)
    let changed = try await bring("new", named: file.name, of: anna, store)
    #expect(changed.file.id == file.id && changed.file.replacement?.sizeBytes == 3)
    #expect(try await store.searchText("old", in: [place], count: 4).map(\.key) == [old[0].key])
    #expect(try await store.chunks(keys: [old[0].key]).count == 1)
    #expect(store.blobs.path(of: file.hash) != nil)

    let attempt = try #require(try await store.beginAttempt(at: file.id))
    let chunk = Chunk(
      fileID: file.id, ordinal: 0, text: "new words", start: 0, end: 9, page: nil, endPage: nil, headings: [])
    let added = try await store.add([chunk], by: attempt)
    let text = ExtractedText(text: "new words")
    try await store.save(text, by: attempt)
    #expect(try await store.chunks(keys: added.map(\.key)).isEmpty)
    #expect(try await store.text(of: file.id)?.text == "old words")
    try await store.publish(
      attempt, as: ReadingFacts(text, mediaType: "text/plain", chunkCount: 1), status: .indexed)
    #expect(try await store.chunks(keys: [old[0].key, added[0].key]).keys.sorted() == [added[0].key])
    #expect(try await store.text(of: file.id) == text)
    #expect(store.blobs.path(of: file.hash) == nil)
    #expect(try await store.fileForWork(file.id)?.hash == changed.file.replacement?.hash)
  }

  @Test func `an attempt that was overtaken counts for nothing`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let file = try await received("x", of: anna, store)
    let first = try #require(try await store.beginAttempt(at: file.id))
    try await store.reread(file.id)
    let facts = ReadingFacts(ExtractedText(text: "x"), mediaType: "text/plain", chunkCount: 0)
    await #expect(throws: StoreError.notFound) { try await store.publish(first, as: facts, status: .indexed) }
    await #expect(throws: StoreError.notFound) { _ = try await store.add([], by: first) }
    try await store.cancelWork(on: file.id)
    #expect(try await store.beginAttempt(at: file.id) == nil)
    #expect(try await store.retryWork(on: file.id))
    #expect(try await store.beginAttempt(at: file.id) != nil)
  }

  @Test func `files beyond a quota are refused, and leave no bytes behind`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let first = try await bring("12345", named: "a", quota: 8, of: anna, store)
    await #expect(throws: StoreError.quotaExceeded(usedBytes: 5, limitBytes: 8)) {
      try await bring("6789", named: "b", quota: 8, of: anna, store)
    }
    #expect(try await store.bytesUsed(by: anna.user.id) == 5)
    #expect(try store.blobs.hashes() == [first.file.hash])
  }

  @Test func `files are listed newest first, in pages`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    var files: [File] = []
    for number in 0..<4 { files.insert(try await received("\(number)", of: anna, test.store), at: 0) }
    let place = Namespace.assistant(anna.assistant.id)
    #expect(try await test.store.files(in: place) == files)
    #expect(try await test.store.files(in: place, page: Page(limit: 2, offset: 1)) == Array(files[1...2]))
  }

  private func received(_ bytes: String, of anna: Person, _ store: Store) async throws -> File {
    try await bring(bytes, named: "file \(bytes)", of: anna, store).file
  }

  private func bring(
    _ bytes: String, named name: String, in namespace: Namespace? = nil, quota: Int? = nil, of anna: Person,
    _ store: Store
  ) async throws -> Receipt {
    let writer = try store.blobs.create()
    try writer.append([UInt8](bytes.utf8))
    let file = File(
      userID: anna.user.id, namespace: namespace ?? .assistant(anna.assistant.id), name: name,
      mediaType: "text/plain", sizeBytes: bytes.utf8.count, hash: try await writer.finish())
    return try await store.receive(file, quotaBytes: quota)
  }
}
