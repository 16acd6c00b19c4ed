import Conversation
import Store
import Testing

@testable import Engine

@Suite struct KnowledgeTests {
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

  @Test func `neighbours are one passage whose text is the file's`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let paragraphs = (0..<12).map { place in
      (0..<24).map { "Word\(place * 24 + $0) of the wombat." }.joined(separator: " ")
    }
    let text = paragraphs.joined(separator: "\n\n\n")
    try await bench.ingest(text, named: "long.txt", into: .thread(thread))
    let outcome = try await bench.engine.searcher.outcome(
      of: Search("wombat", in: [.thread(thread)], count: 2))
    let scalars = Array(text.unicodeScalars)
    for passage in outcome.passages {
      #expect(String(String.UnicodeScalarView(scalars[passage.start..<passage.end])) == passage.text)
    }
    #expect(outcome.passages.contains { $0.text.unicodeScalars.count > 1000 })
    #expect(outcome.candidates.contains { $0.fate == .joined } && outcome.hasMore)
    #expect(!outcome.comparedMeaning)
  }

  @Test func `the second page goes on after the first`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    for number in 0..<5 {
      try await bench.ingest("Wombat number\(number) eats.", named: "\(number).txt", into: .thread(thread))
    }
    func page(_ offset: Int) async throws -> SearchOutcome {
      try await bench.engine.searcher.outcome(
        of: Search("wombat", in: [.thread(thread)], count: 2, offset: offset))
    }
    var sources: [String] = []
    for offset in [0, 2, 4] {
      let outcome = try await page(offset)
      sources += outcome.passages.map(\.source)
      #expect(outcome.hasMore == (offset < 4))
      let shown = outcome.candidates.filter { $0.fate == .shown }.map(\.passage.source)
      #expect(shown == outcome.passages.map(\.source))
    }
    #expect(sources.sorted() == (0..<5).map { "\($0).txt" })
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
