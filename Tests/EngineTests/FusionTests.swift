import Conversation
import Testing

@testable import Engine

@Suite struct FusionTests {
  @Test func `what both rankings have comes before what one has`() {
    let hits = Fusion.fused(
      text: [(1, 8), (2, 7), (3, 1)], vectors: [(4, 0.8), (2, 0.7), (5, 0.3)], depth: 50)
    #expect(hits.map(\.key) == [2, 4, 1, 5, 3])
    #expect(hits[0].textRank == 2 && hits[0].vectorRank == 2)
    #expect(hits[0].textScore == 7 && hits[0].similarity == 0.7)
    #expect(hits.allSatisfy { (0...1).contains($0.score) })
  }

  @Test func `what one ranking has further down still counts for what the other found`() {
    let text = (0..<60).map { (key: Int64($0), score: 60 - Double($0)) }
    let hits = Fusion.fused(text: text, vectors: [(55, 0.9)], similarities: [0: 0.1], depth: 50)
    #expect(hits.count == 51)
    #expect(hits.first { $0.key == 55 }?.textRank == 56)
    #expect(hits.first { $0.key == 0 }?.similarity == 0.1)
    #expect(hits.first { $0.key == 0 }?.vectorRank == nil)
  }

  @Test func `one ranking alone keeps its order and the best has the score one`() {
    #expect(Fusion.fused(text: [(1, 3), (2, 1.5)], vectors: [], depth: 50).map(\.score) == [1, 0.5])
    #expect(Fusion.fused(text: [], vectors: [(1, 0.5), (2, 0.25)], depth: 50).map(\.score) == [1, 0.5])
    #expect(Fusion.fused(text: [], vectors: [], depth: 50).isEmpty)
  }
}

@Suite struct PassageListTests {
  private let file = Identifier<File>.random()

  private func add(_ text: String, _ ordinal: Int, to list: inout PassageList, file: Identifier<File>? = nil)
  {
    let chunk = Chunk(
      fileID: file ?? self.file, ordinal: ordinal, text: text, start: ordinal * 10, end: ordinal * 10 + 10,
      page: nil, endPage: nil, headings: [])
    list.add(
      chunk, as: Passage(chunk: chunk, source: "a.txt", score: 1, textRank: nil, vectorRank: nil))
  }

  @Test func `neighbours become one passage, in the order of the file, three at most`() {
    var list = PassageList(wanted: 2)
    for ordinal in [5, 4, 6, 7, 9] { add("text number \(ordinal)", ordinal, to: &list) }
    #expect(list.groups.map { $0.chunks.map(\.ordinal) } == [[4, 5, 6], [7]])
    #expect(list.candidates.map(\.fate) == [.shown, .joined, .joined, .shown, .otherPage])
    #expect(list.candidates[1].of == list.candidates[0].passage.chunkID)
    #expect(list.hasMore)
  }

  @Test func `neighbours in another file are none`() {
    var list = PassageList(wanted: 4)
    add("one", 1, to: &list)
    add("two", 2, to: &list, file: .random())
    #expect(list.groups.count == 2 && !list.hasMore)
  }

  @Test func `what repeats a better chunk is left out`() {
    var list = PassageList(wanted: 4)
    let text = "The quick brown fox jumps over one lazy dog beside seven sleeping cats near rivers"
    add(text, 1, to: &list)
    add(text, 5, to: &list, file: .random())
    add(text + " ", 9, to: &list, file: .random())
    add("Something else", 20, to: &list)
    #expect(list.candidates.map(\.fate) == [.shown, .duplicate, .duplicate, .shown])
  }
}
