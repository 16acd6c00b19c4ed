import Conversation
import Foundation
import Store
import Testing

@testable import Engine

@Suite struct FairQueueTests {
  @Test func `nobody waits behind somebody else's many files`() {
    var queue = FairQueue(width: 2)
    let (anna, bert) = (Identifier<User>.random(), Identifier<User>.random())
    let many = (0..<5).map { _ in Identifier<File>.random() }
    for file in many { queue.add(file, of: anna) }
    let single = Identifier<File>.random()
    queue.add(single, of: bert)
    let first = [queue.startNext(), queue.startNext(), queue.startNext()]
    #expect(Set(first) == [many[0], single, nil], "one of each, two at once")
    queue.finish(single)
    let second = queue.startNext()
    #expect(second == many[1])
    queue.withdraw(many[2])
    queue.finish(many[0])
    let third = queue.startNext()
    #expect(third == many[3])
    let isAddedAgain = queue.add(many[3], of: anna)
    #expect(!isAddedAgain, "it is under way already")
  }
}

@Suite struct PipelineTests {
  @Test func `other bytes under a name that is there replace what it said, under the same id`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let place = Namespace.thread(try await bench.thread())
    let old = try await bench.ingest("The code word is xylophone.", named: "a.txt", into: place)
    let new = try await bench.ingest("The code word is marimba.", named: "a.txt", into: place)
    #expect(old.id == new.id && new.replacement == nil && new.hash != old.hash)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).isEmpty)
    #expect(try await bench.engine.searcher.search("marimba", in: [place]).count == 1)
    #expect(bench.store.blobs.path(of: old.hash) == nil)
  }

  @Test func `a replacement that cannot be read leaves what the file said before`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let place = Namespace.thread(try await bench.thread())
    try await bench.ingest("The code word is xylophone.", named: "a.pdf", into: place)
    await #expect(throws: IngestError.self) {
      try await bench.ingest("%PDF-1.7 rubbish", named: "a.pdf", into: place)
    }
    let file = try #require(try await bench.store.files(in: place).first)
    #expect(file.status == .failed && file.isSearchable && file.replacement != nil)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).count == 1)
  }

  @Test func `what a process left in line is taken up by the next`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let place = Namespace.thread(try await bench.thread())
    let file = try await bench.received("The code word is xylophone.", named: "a.txt", into: place)
    let start = bench.engine.ingester.feed.place
    await bench.engine.ingester.resume()
    try await bench.waitForEnd(of: file.id, after: start)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).count == 1)
  }

  @Test func `a file that was stopped can be gone on with, and one read anew serves meanwhile`() async throws
  {
    let bench = try await TestBench(ScriptedModel([]))
    let ingester = bench.engine.ingester
    let place = Namespace.thread(try await bench.thread())
    let file = try await bench.received("The code word is xylophone.", named: "a.txt", into: place)
    #expect(try await ingester.cancel(file.id, of: bench.user.id).status == .cancelled)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).isEmpty)
    var start = ingester.feed.place
    #expect(try await ingester.retry(file.id, of: bench.user.id).status == .received)
    try await bench.waitForEnd(of: file.id, after: start)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).count == 1)
    start = ingester.feed.place
    #expect(try await ingester.reread(file.id, of: bench.user.id).isSearchable)
    try await bench.waitForEnd(of: file.id, after: start)
    #expect(try await bench.engine.searcher.search("xylophone", in: [place]).count == 1)
    #expect(try await ingester.retry(file.id, of: bench.user.id).status == .indexed, "nothing to go on with")
    let stranger = try await bench.store.user(subject: "stranger").id
    await #expect(throws: EngineError.self) { try await ingester.cancel(file.id, of: stranger) }
    await #expect(throws: EngineError.self) { try await ingester.reread(file.id, of: stranger) }
  }

  @Test func `a hundred files at once all come through`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let place = Namespace.thread(try await bench.thread())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          try await bench.ingest("Number\(number) is here.", named: "\(number).txt", into: place)
        }
      }
      try await group.waitForAll()
    }
    let files = try await bench.store.files(in: place)
    #expect(files.count == 100 && files.allSatisfy { $0.status == .indexed && $0.chunkCount == 1 })
  }

  @Test func `assistants search the collections they name, and no others`() async throws {
    let bench = try await TestBench(ScriptedModel([.say("x"), .say("x"), .say("x")]))
    let (mine, other) = (
      try await bench.store.saveCollection(.random(), of: bench.user.id, name: "M", description: ""),
      try await bench.store.saveCollection(.random(), of: bench.user.id, name: "O", description: "")
    )
    try await bench.ingest("The bear is brown.", named: "a.txt", into: .collection(mine.id))
    try await bench.ingest("The bear is white.", named: "b.txt", into: .collection(other.id))
    let thread = try await bench.thread([
      "type": "chat_retrieval", "collections": [.string(mine.id.description)],
    ])
    let events = try await bench.turn(thread, "bear")
    let found = events.committed.compactMap(\.artifact).first?.array ?? []
    #expect(found.map { $0["source"] } == ["a.txt"])
    try await bench.store.deleteCollection(mine.id, of: bench.user.id)
    #expect(
      try await bench.turn(thread, "bear").committed.compactMap(\.artifact).first?.array?.isEmpty == true)
  }
}

extension TestBench {
  /// A file that is durable and in no line yet, as a crash leaves it.
  func received(_ text: String, named name: String, into namespace: Namespace) async throws -> File {
    let writer = try store.blobs.create()
    try writer.append(Array(text.utf8))
    let file = File(
      userID: user.id, namespace: namespace, name: name, mediaType: "text/plain", sizeBytes: text.utf8.count,
      hash: try await writer.finish())
    return try await store.receive(file).file
  }

  /// Returns when the work on the file has ended.
  func waitForEnd(of file: Identifier<File>, after start: Int) async throws {
    var place = start
    while true {
      let changes = await engine.ingester.feed.changes(of: user.id, after: place)
      if changes.contains(where: { $0.fileID == file && $0.file.map { !$0.status.isOpen } ?? true }) {
        return
      }
      place = changes.last?.place ?? place
      try Task.checkCancellation()
    }
  }
}
