import Embedding
import Foundation
import Testing

@Suite("Tokens", .enabled(if: Model.hasVocabulary, "\(Model.absent)"))
struct WordPieceTests {
  let tokenizer: WordPiece

  init() throws { tokenizer = try WordPiece(vocabulary: "\(Model.directory)/vocab.txt") }

  @Test("five hundred texts have the reference's token ids")
  func referenceIDs() throws {
    let cases = try Reference.load().cases
    #expect(cases.count >= 500)
    for item in cases {
      #expect(tokenizer.tokenIDs(item.text) == item.ids, "\(item.text.debugDescription)")
    }
  }

  @Test("each Unicode scalar between two letters has the reference's token ids")
  func everyScalar() throws {
    let expected = try Reference.load().scalarPageChecksums
    #expect(expected.count == 272)
    for (page, checksum) in expected.enumerated() {
      #expect(self.checksum(page: UInt32(page)) == checksum, "page \(String(page << 12, radix: 16))")
    }
  }

  @Test("a text of ten million letters is read no further than the model sees")
  func longTextStopsEarly() {
    let ids = tokenizer.tokenIDs(String(repeating: "word and ", count: 1_000_000))
    #expect(ids.count == WordPiece.maximumTokens)
    #expect(ids.first == 101)
    #expect(ids.last == 102)
  }

  @Test("a word of ten million letters is one unknown token")
  func longWord() {
    #expect(tokenizer.tokenIDs(String(repeating: "x", count: 10_000_000)) == [101, 100, 102])
  }

  /// FNV-1a over the ids of "a<scalar>b" for the 4,096 scalars of a page.
  private func checksum(page: UInt32) -> UInt32 {
    var checksum: UInt32 = 0x811C_9DC5
    for value in page << 12..<(page + 1) << 12 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for id in tokenizer.tokenIDs("a\(scalar)b") {
        checksum = (checksum ^ UInt32(bitPattern: id)) &* 0x0100_0193
      }
    }
    return checksum
  }
}
