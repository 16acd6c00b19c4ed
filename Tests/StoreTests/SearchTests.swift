import Conversation
import Store
import Testing

struct SearchTests {
  @Test func `a chunk is found by its words, stemmed and without accents`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (file, chunks) = try await anna.file(
      ["The café was closing early.", "Nothing to see."], store: test.store)
    let hits = try await test.store.searchText(
      "When does the Cafe close?", in: [.assistant(anna.assistant.id)], count: 4)
    #expect(hits.map(\.key) == [chunks[0].key])
    let found = try await test.store.chunks(keys: hits.map(\.key))
    #expect(found[chunks[0].key]?.chunk == chunks[0])
    #expect(found[chunks[0].key]?.source == file.name)
  }

  @Test func `a search stays in its namespaces`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let eve = try await Person(in: store)
    let (_, annas) = try await anna.file(["apples and pears"], store: store)
    let (_, eves) = try await eve.file(["apples and plums"], store: store)
    let (_, threads) = try await anna.file(["apples in a thread"], in: .thread(anna.thread.id), store: store)
    func keys(_ namespaces: [Namespace]) async throws -> Set<Int64> {
      Set(try await store.searchText("apples", in: namespaces, count: 9).map(\.key))
    }
    #expect(try await keys([.assistant(anna.assistant.id)]) == [annas[0].key])
    #expect(try await keys([.assistant(eve.assistant.id)]) == [eves[0].key])
    #expect(
      try await keys([.assistant(anna.assistant.id), .thread(anna.thread.id)])
        == [annas[0].key, threads[0].key])
    #expect(try await keys([]).isEmpty)
    #expect(try await keys([.thread(eve.thread.id)]).isEmpty)
  }

  @Test func `a namespace is not found by its own name`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    try await anna.file(["apples"], store: test.store)
    let name = anna.assistant.id.description.filter { $0 != "-" }
    for query in [name, "a\(name)0", "namespace"] {
      #expect(try await test.store.searchText(query, in: [.assistant(anna.assistant.id)], count: 9).isEmpty)
    }
  }

  @Test func `rare words weigh more than common ones, and more matches more`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let filler = (0..<20).map { "The garden has a number\($0) tree." }
    let (_, chunks) = try await anna.file(
      ["The garden has roses.", "The garden has a wombat.", "A wombat eats roses in the garden."] + filler,
      store: test.store)
    let hits = try await test.store.searchText(
      "garden wombat roses", in: [.assistant(anna.assistant.id)], count: 3)
    #expect(hits.first?.key == chunks[2].key)
    #expect(hits.count == 3)
    #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
    #expect(hits.allSatisfy { $0.score > 0 })
  }

  @Test func `headings are searched too`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let (file, _) = try await anna.file(["x"], store: store)
    let chunk = Chunk(
      fileID: file.id, ordinal: 0, text: "Press the button.", start: 0, end: 17, page: nil, endPage: nil,
      headings: ["Manual", "Installation"])
    let stored = try await store.index(
      file.id, text: ExtractedText(text: ""), mediaType: "x", chunks: [chunk], vectors: nil, model: nil)
    let hits = try await store.searchText("installation", in: [.assistant(anna.assistant.id)], count: 1)
    #expect(hits.map(\.key) == stored.map(\.key))
  }

  @Test func `a query of stop words alone still searches`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(["To be or not to be.", "Apples."], store: test.store)
    let hits = try await test.store.searchText(
      "to be or not to be", in: [.assistant(anna.assistant.id)], count: 4)
    #expect(hits.map(\.key) == [chunks[0].key])
  }

  @Test func `words in other scripts are found`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(
      ["Die Straßenbahn fährt über die Brücke.", "Поезд идёт в Москву.", "東京 大阪"], store: test.store)
    for (query, place) in [("brucke", 0), ("STRASSENBAHN straßenbahn", 0), ("москву", 1), ("大阪", 2)] {
      let hits = try await test.store.searchText(query, in: [.assistant(anna.assistant.id)], count: 4)
      #expect(hits.map(\.key) == [chunks[place].key], "\(query)")
    }
  }

  @Test func `no text a person can type is a wrong query`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(["apples and pears"], store: test.store)
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    for query in HostileQueries.all(seed: seed) {
      let hits = try await test.store.searchText(query, in: [.assistant(anna.assistant.id)], count: 4)
      #expect(hits.allSatisfy { $0.key == chunks[0].key })
    }
  }

  @Test func `operators are words like any other`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(["apples", "pears near trees"], store: test.store)
    let place = [Namespace.assistant(anna.assistant.id)]
    for query in [
      "apples NOT apples", "text:apples", "appl* apples", "-apples", "^apples", "\"apples pears\"",
    ] {
      let hits = try await test.store.searchText(query, in: place, count: 4)
      #expect(hits.contains { $0.key == chunks[0].key }, "\(query)")
    }
    #expect(try await test.store.searchText("app*", in: place, count: 4).isEmpty)
    #expect(try await test.store.searchText("NEAR", in: place, count: 4).map(\.key) == [chunks[1].key])
    #expect(try await test.store.searchText("apples", in: place, count: 0).isEmpty)
    #expect(try await test.store.searchText("apples", in: place, count: -1).isEmpty)
  }
}

/// Queries that break programs which paste text into a query language.
private enum HostileQueries {
  static func all(seed: UInt64) -> [String] {
    fixed + random(500 - fixed.count, seed: seed)
  }

  private static let fixed: [String] = [
    "", " ", "\"", "\"\"", "'", "''", "\"apples", "apples\"", "NEAR(", "NEAR(a b, 2)", "NEAR/2", "a*", "*",
    "^",
    "^a", "col:", "text:", "text:apples", "namespace:x", "{text}:a", "-text:a", "a AND", "AND", "OR", "NOT",
    "NOT a", "a NOT", "(", ")", "((a)", "a)", "a + b", "+", "a, b", ";", "--", "/*", "*/", "\\", "\\\"", "%",
    "_",
    "\0", "a\0b", "apples\0\"", "\u{FEFF}", "\u{202E}apples", "🦜", "👩‍👩‍👧‍👦", "e\u{301}", "\u{301}",
    "\u{0000}\u{0001}",
    "'; DROP TABLE chunk; --", "\" OR \"\" : \"", "rank", "chunk_text", "rowid", "x' OR '1'='1", "𝒜pples",
    "ﬁ",
    "\u{FFFF}", "\u{10FFFF}", "٣", "Ⅷ", "½", "\r\n\t", "a\u{2028}b",
    String(repeating: "a ", count: 10_000), String(repeating: "apples", count: 10_000),
    (0..<10_000).map { "w\($0)" }.joined(separator: " "), String(repeating: "\"", count: 9_999),
    String(repeating: "(", count: 9_999), String(repeating: "\u{301}", count: 9_999),
  ]

  private static func random(_ count: Int, seed: UInt64) -> [String] {
    var random = SplitMix(seed: seed)
    let pieces = [
      "\"", "'", "(", ")", "*", "^", ":", "-", "+", "{", "}", ",", " ", "NEAR", "AND", "OR", "NOT", "apples",
      "text", "namespace", "\0", "é", "🦜", "\u{301}", "1", "\\", "\n", "東", "ß", "%",
    ]
    return (0..<count).map { _ in
      (0..<Int.random(in: 1...12, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
    }
  }
}
