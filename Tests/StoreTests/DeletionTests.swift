import Conversation
import GRDB
import Testing

@testable import Store

struct DeletionTests {
  /// Tables of the machine, and of what is a person's own for as long as they are here: nothing that is deleted
  /// here has rows in them. An empty one says nothing about deletions.
  private static let staying: Set = [
    "stale_chunk", "upgrade", "word_rebuild", "model", "model_response", "audit", "account", "api_key",
    "session", "budget", "preference", "usage", "user_group", "group_member", "vector_space",
  ]

  @Test func `deleting all a user has leaves no row of it in any table`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    try await fill(anna, test.store)
    let before = try rowCounts(test.store)

    let eve = try await Person(in: test.store)
    try await fill(eve, test.store)
    let both = try rowCounts(test.store)
    for (table, count) in before where !Self.staying.contains(table) {
      #expect(count > 0, "the test fills no \(table)")
      #expect(both[table] ?? 0 > count, "the test fills no \(table)")
    }

    try await test.store.deleteThread(eve.thread.id, of: eve.user.id)
    try await test.store.deleteAssistant(eve.assistant.id, of: eve.user.id)
    for tool in try await test.store.customTools(of: eve.user.id) {
      #expect(try await test.store.deleteCustomTool(tool.id, of: eve.user.id))
    }
    for collection in try await test.store.collections(of: eve.user.id) {
      try await test.store.deleteCollection(collection.id, of: eve.user.id)
    }
    var after = try rowCounts(test.store)
    after["user"] = before["user"]
    #expect(after == before)
  }

  @Test func `no row refers to one that is gone, and the full-text index agrees with the chunks`()
    async throws
  {
    let test = try TestStore()
    for number in 0..<4 {
      let person = try await Person(in: test.store)
      try await fill(person, test.store)
      if number % 2 == 0 { try await test.store.deleteAssistant(person.assistant.id, of: person.user.id) }
      if number > 1 { try await test.store.deleteThread(person.thread.id, of: person.user.id) }
    }
    try await test.store.pool.write { db in
      #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
      try db.execute(sql: "INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)")
      #expect(
        try Int.fetchOne(
          db,
          sql:
            "SELECT count(*) FROM chunk c WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.file_id = c.file_id)"
        ) == 0)
    }
  }

  @Test
  func `a deletion that a crash cut off is finished by the sweep, and nothing finds its chunks till then`()
    async throws
  {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (file, chunks) = try await anna.file(["apples"], vectors: [[1]], store: store)
    try await store.pool.write { db in
      try db.execute(sql: Store.markStale, arguments: [file.id.description])
      try db.execute(sql: "DELETE FROM file WHERE file_id = ?", arguments: [file.id.description])
    }
    #expect(try await store.chunks(keys: [chunks[0].key]).isEmpty)
    #expect(try await store.chunksWithoutVector(model: "new", limit: 9).isEmpty)
    try await store.sweepBlobs()
    let counts = try rowCounts(store)
    #expect(counts["chunk"] == 0 && counts["vector"] == 0 && counts["stale_chunk"] == 0)
    #expect(try await store.searchText("apples", in: [.assistant(anna.assistant.id)], count: 4).isEmpty)
  }

  @Test func `deleting many chunks takes many transactions and leaves none`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    try await anna.file((0..<300).map { "part \($0)" }, store: test.store)
    try await test.store.deleteAssistant(anna.assistant.id, of: anna.user.id)
    let counts = try rowCounts(test.store)
    #expect(counts["chunk"] == 0 && counts["stale_chunk"] == 0)
    #expect(try await test.store.searchText("part", in: [.assistant(anna.assistant.id)], count: 4).isEmpty)
  }

  @Test func `chunks of a file that is read again are not taken for its old ones`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (file, _) = try await anna.file([], store: store)
    let (other, _) = try await anna.file(["pears"], store: store)
    // A crash right after `fail` had noted that the file's chunks, of which there were none, are to go.
    try await store.pool.write { db in
      try db.execute(sql: Store.markStale, arguments: [file.id.description])
    }
    let chunk = Chunk(
      fileID: file.id, ordinal: 0, text: "apples", start: 0, end: 6, page: nil, endPage: nil, headings: [])
    let stored = try await store.index(
      file.id, text: ExtractedText(text: "apples"), mediaType: "x", chunks: [chunk], vectors: nil, model: nil)
    try await store.deleteFile(other.id, of: anna.user.id)
    #expect(try await store.chunks(keys: [stored[0].key]).count == 1)
  }

  /// A row in every table.
  private func fill(_ person: Person, _ store: Store) async throws {
    let run = person.run()
    let input = person.checkpoint(run: run)
    try await store.beginRun(run, inputs: [(input, StateUpdate(messages: [.human("hi")]))])
    let record = ToolCallRecord(
      runID: run.id, checkpointID: input.id, callID: "1", name: "t", arguments: [:])
    try await store.beginToolCalls([record])
    try await store.keep([TracePart(runID: run.id, spans: [])])
    try await store.ask([input.question(about: "1")], interrupting: run.id)
    _ = try await store.saveCustomTool(person.tool, document: [:], secret: .set("hush"))
    let pin = ToolPin(origin: "mcp_x", name: "t", description: "", parameters: [:], readsOnly: true)
    try await store.pin([pin], for: person.assistant.id)
    try await store.keepFeedback(
      Feedback(runID: run.id, key: "k", score: 1, value: nil, comment: nil), of: person.user.id)
    let other = try await store.user(subject: "somebody else")
    _ = try await store.setShares(
      [AssistantShare(holder: .user(other.id), name: "", access: .use)], of: person.assistant.id,
      owner: person.user.id)
    try await person.say("one", after: input, in: store)
    try await person.say("fork", after: input, in: store)
    let collection = try await store.saveCollection(
      .random(), of: person.user.id, name: "C", description: "")
    let config: JSON = ["configurable": ["collections": [.string(collection.id.description)]]]
    _ = try await store.saveAssistant(
      person.assistant.id, of: person.user.id, name: "A", config: config, isPublic: false)
    try await person.file(["of the collection"], in: .collection(collection.id), vectors: [[3]], store: store)
    try await person.file(["of the assistant"], vectors: [[1]], store: store)
    try await person.file(["of the thread"], in: .thread(person.thread.id), vectors: [[2]], store: store)
  }

  /// How many rows each table of ours has; of the full-text index, how many words in how many places.
  private func rowCounts(_ store: Store) throws -> [String: Int] {
    try store.pool.write { db in
      try db.execute(
        sql: "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab (main, chunk_words, instance)")
      let tables = try String.fetchAll(
        db,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'chunk_words%'
            AND name NOT LIKE 'message_text%'
            AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'
          """)
      return try Dictionary(
        uniqueKeysWithValues: (tables + ["words"]).map { table in
          (table, try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1)
        })
    }
  }
}
