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
}
