import Conversation
import Foundation
import GRDB
import GRDBSQLite
import Testing

@testable import Store

struct CostTests {
  @Test func `a turn takes as many bytes on disk at message 1000 as at message 10`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    // No checkpoint while it is measured: then the log grows by exactly what each commit wrote.
    try await store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
    }
    var parent: Checkpoint?
    var messages = 0
    func turn() async throws {
      for role in ["question", "answer"] {
        parent = try await anna.say(
          "\(role) \(String(repeating: "word ", count: 40))", after: parent, in: store)
        messages += 1
      }
    }
    var bytesPerTurn: [Int] = []
    for start in [10, 100, 1000] {
      while messages < start { try await turn() }
      _ = try await store.pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      for _ in 0..<10 { try await turn() }
      bytesPerTurn.append(try logBytes(test) / 10)
    }
    print("bytes per turn at message 10, 100, 1000: \(bytesPerTurn)")
    // Not quite flat: the full-text index merges what it has gathered now and then.
    #expect(Double(bytesPerTurn[2]) < Double(bytesPerTurn[0]) * 2)
  }

  @Test func `every query of the doors finds its rows by an index`() async throws {
    let test = try TestStore()
    let store = test.store
    try await visitEveryDoor(store)
    // Read as a whole is only what holds nothing else: open runs, public assistants, stale files, the one row
    // that tells how far the words are.
    let allowed = [
      "SCAN run USING INDEX run_open", "SCAN assistant USING INDEX assistant_public", "SCAN s",
      "SCAN word_rebuild",
    ]
    var seen = 0
    for (sql, plan) in try plans(store) {
      seen += 1
      for step in plan where step.hasPrefix("SCAN") && !step.contains("VIRTUAL TABLE") {
        #expect(allowed.contains(step), "\(step) in \(sql)")
      }
      #expect(!plan.contains { $0.contains("AUTOMATIC") }, "an index is missing for \(sql)")
    }
    #expect(seen > 40)
  }

  @Test func `states that are kept have a bound`() async throws {
    let recent = RecentStates()
    let large = ThreadState(messages: [.human(String(repeating: "x", count: RecentStates.bytesMaximum / 3))])
    let ids = (0..<4).map { _ in Identifier<Checkpoint>.random() }
    for id in ids { recent.keep(large, at: id) }
    #expect(ids.map { recent.state(at: $0) != nil } == [false, false, true, true])
    let tooLarge = ThreadState(messages: [
      .human(String(repeating: "x", count: RecentStates.bytesMaximum + 1))
    ])
    recent.keep(tooLarge, at: ids[0])
    #expect(recent.state(at: ids[0]) == nil)
  }

  private func logBytes(_ test: TestStore) throws -> Int {
    let log = try FileManager.default.attributesOfItem(atPath: test.directory + "/opengpts.sqlite-wal")
    return log[.size] as? Int ?? 0
  }

  private func visitEveryDoor(_ store: Store) async throws {
    let anna = try await Person(in: store)
    let run = anna.run()
    let input = anna.checkpoint(run: run)
    try await store.beginRun(run, inputs: [(input, StateUpdate(messages: [.human("x")], removed: ["y"]))])
    let record = ToolCallRecord(runID: run.id, checkpointID: input.id, callID: "1", name: "t", arguments: [:])
    try await store.beginToolCalls([record])
    try await store.finishToolCall(record)
    _ = try await store.toolCalls(at: input.id)
    try await store.commit(anna.checkpoint(after: input, run: run), update: StateUpdate(), ending: .success)
    try await anna.say("fork", after: input, in: store)
    let (file, chunks) = try await anna.file(["a b c"], vectors: [[1]], store: store)
    try await store.addVectors([(chunks[0].key, [1])], model: "mini")
    let place = Namespace.assistant(anna.assistant.id)
    _ = try await (
      store.assistants(of: anna.user.id), store.publicAssistants(), store.threads(of: anna.user.id),
      store.assistant(anna.assistant.id, visibleTo: anna.user.id),
      store.assistantVersions(of: anna.assistant.id, user: anna.user.id),
      store.thread(anna.thread.id, of: anna.user.id), store.run(run.id, of: anna.user.id),
      store.runs(of: anna.thread.id, user: anna.user.id), store.openRuns(),
      store.snapshot(of: anna.thread.id), store.snapshot(of: anna.thread.id, at: input.id),
      store.history(of: anna.thread.id, before: input.id), store.history(of: anna.thread.id)
    )
    _ = try await (
      store.files(in: place), store.files(in: .thread(anna.thread.id)),
      store.file(file.id, visibleTo: anna.user.id), store.fileForWork(file.id), store.filesOpen(),
      store.filesOpen(of: anna.user.id), store.bytesUsed(by: anna.user.id), store.chunks(of: file.id),
      store.chunksWithoutVector(model: "x", of: file.id, attempt: nil, after: 0, limit: 1),
      store.text(of: file.id), store.chunkIDs(of: file.id),
      store.chunks(keys: [chunks[0].key]), store.chunksWithoutVector(model: "x", limit: 1),
      store.searchText("a", in: [place], count: 1)
    )
    let collection = try await store.saveCollection(
      .random(), of: anna.user.id, name: "c", description: "")
    _ = try await (
      store.collections(of: anna.user.id), store.collection(collection.id, of: anna.user.id),
      store.assistants(searching: collection.id, of: anna.user.id),
      store.searchable([collection.id], by: anna.assistant.id, for: anna.user.id)
    )
    try await store.deleteCollection(collection.id, of: anna.user.id)
    try await store.cancelWork(on: file.id)
    _ = try await store.retryWork(on: file.id)
    try await store.reread(file.id)
    try await store.keepAsRead(file.id)
    try await store.finishEmbedding(of: file.id)
    let feedback = Feedback(runID: run.id, key: "k", score: 1, value: nil, comment: nil)
    try await store.keepFeedback(feedback, of: anna.user.id)
    try await store.keep([TracePart(runID: run.id, spans: [])])
    _ = try await store.setPreferences(["a": 1, "b": nil], of: anna.user.id)
    try await store.setHead(of: anna.thread.id, to: input.id)
    _ = try await (
      store.lineage(of: anna.thread.id), store.timeline(of: anna.thread.id),
      store.feedback(of: anna.thread.id), store.preferences(of: anna.user.id),
      store.runs(of: anna.user.id, onlyFailed: true), store.runs(of: anna.user.id),
      store.spans(of: run.id), store.forgetTraces(before: .now),
      store.findMessages("fork", of: anna.user.id, page: Page()),
      store.findMessages("森", of: anna.user.id, page: Page()),
      store.findPassages("a", of: anna.user.id, page: Page()),
      store.findAssistants("a", of: anna.user.id, page: Page()),
      store.findThreads("a", of: anna.user.id, page: Page())
    )
    let copy = try await store.copyThread(anna.thread.id, of: anna.user.id, at: nil, name: "Copy")
    try await store.deleteThread(#require(copy).id, of: anna.user.id)
    try await store.eachVector(in: place, model: "mini") { _, _ in }
    try await store.setRun(run.id, status: .success)
    try await store.check()
    _ = try await store.index(
      file.id, text: ExtractedText(text: ""), mediaType: "x", chunks: [], vectors: nil, model: nil)
    try await store.fail(file.id, reason: "x")
    try await store.deleteFile(file.id, of: anna.user.id)
    try await store.deleteThread(anna.thread.id, of: anna.user.id)
    try await store.deleteAssistant(anna.assistant.id, of: anna.user.id)
    try await store.sweepBlobs()
  }

  /// What SQLite does for each statement that a connection has compiled since it was opened.
  private func plans(_ store: Store) throws -> [(sql: String, plan: [String])] {
    let sources =
      try store.pool.writeWithoutTransaction { db in try db.compiledStatements() }
      + store.pool.read { db in try db.compiledStatements() }
    return try store.pool.writeWithoutTransaction { db in
      try sources.filter { $0.contains("FROM") || $0.contains("UPDATE") }.map { sql in
        let explain = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
        let nulls = [DatabaseValue](
          repeating: .null, count: Int(sqlite3_bind_parameter_count(explain.sqliteStatement)))
        return (
          sql, try Row.fetchAll(explain, arguments: StatementArguments(nulls)).map { $0["detail"] ?? "" }
        )
      }
    }
  }
}

extension Database {
  /// The SQL of every statement that is kept compiled.
  fileprivate func compiledStatements() throws -> [String] {
    var found: [String] = []
    var statement = sqlite3_next_stmt(sqliteConnection, nil)
    while let current = statement {
      if let sql = sqlite3_sql(current) { found.append(String(cString: sql)) }
      statement = sqlite3_next_stmt(sqliteConnection, current)
    }
    return found
  }
}
