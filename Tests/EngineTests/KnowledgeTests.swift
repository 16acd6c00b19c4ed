import Conversation
import Store
import Testing

@testable import Engine

@Suite struct KnowledgeTests {
  @Test func `what both rankings have comes before what one has`() {
    let hits = Searcher.fused(text: [1, 2, 3], vectors: [4, 2, 5])
    #expect(hits.first?.key == 2)
    #expect(hits.first?.textRank == 2)
    #expect(hits.first?.vectorRank == 2)
    #expect(hits.map(\.key) == [2, 1, 4, 3, 5])
  }

  @Test func `without an embedding model the words alone find the passage and its place`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let text = "Ä first line.\n\nThe torque of bolt QX-77 is 12 Nm."
    let file = try await bench.ingest(text, named: "bolts.txt", into: .thread(thread))
    let found = try await bench.engine.searcher.search("torque of QX-77?", in: [.thread(thread)])
    let passage = try #require(found.first)
    #expect(passage.fileID == file.id)
    let scalars = Array(text.unicodeScalars)[passage.start..<passage.end]
    #expect(String(String.UnicodeScalarView(scalars)) == passage.text)
  }

  @Test func `other namespaces are not searched`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let (mine, other) = (try await bench.thread(), try await bench.thread())
    try await bench.ingest("The secret word is xylophone.", named: "a.txt", into: .thread(other))
    #expect(try await bench.engine.searcher.search("xylophone", in: [.thread(mine)]).isEmpty)
  }

  @Test func `the same bytes under the same name are taken in once`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let first = try await bench.ingest("Some text here.", named: "a.txt", into: .thread(thread))
    let second = try await bench.ingest("Some text here.", named: "a.txt", into: .thread(thread))
    #expect(first.id == second.id)
    #expect(try await bench.store.files(in: .thread(thread)).count == 1)
  }

  @Test func `a file that cannot be read is listed with the reason`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let error = await #expect(throws: IngestError.self) {
      try await bench.ingest("%PDF-1.7 rubbish", named: "broken.pdf", into: .thread(thread))
    }
    #expect(error?.message.hasPrefix("broken.pdf: ") == true)
    let listed = try await bench.store.files(in: .thread(thread))
    #expect(listed.first?.status == .failed)
    #expect(listed.first?.failure?.isEmpty == false)
  }

  @Test func `a place of a file is found on its page`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let file = try await bench.ingest("one two", named: "a.txt", into: .thread(thread))
    #expect(try await bench.store.page(at: 0, of: file.id) == nil)
    let pages = [(7, 0, 4), (8, 4, 7)].map { ExtractedText.PageSpan(page: $0.0, start: $0.1, end: $0.2) }
    _ = try await bench.store.index(
      file.id, text: ExtractedText(text: "one two", pages: pages), mediaType: "application/pdf", chunks: [],
      vectors: nil, model: nil)
    #expect(try await bench.store.page(at: 3, of: file.id) == 7)
    #expect(try await bench.store.page(at: 4, of: file.id) == 8)
  }

  @Test func `a deleted file is found no more`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let file = try await bench.ingest("The secret word is xylophone.", named: "a.txt", into: .thread(thread))
    try await bench.engine.ingester.delete(file.id, of: bench.user.id)
    #expect(try await bench.engine.searcher.search("xylophone", in: [.thread(thread)]).isEmpty)
  }
}
