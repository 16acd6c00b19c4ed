import Documents
import Testing

struct ChunkerTests {
  @Test func `a short text is one chunk, without the white space around it`() {
    let chunks = Chunker().chunks(of: SourceText(text: "\n\n  Hello there. \n"))
    #expect(chunks == [Chunk(text: "Hello there.", range: 4..<16)])
  }

  @Test(arguments: ["", " \n\t \n"]) func `a blank text has no chunks`(text: String) {
    #expect(Chunker().chunks(of: SourceText(text: text)).isEmpty)
  }

  @Test func `it cuts at an empty line before a sentence, at a sentence before a word`() {
    let sentence = "The quick brown fox jumps over it. "
    let chunker = Chunker(maxCharacters: 100, overlapCharacters: 0)
    let paragraphs = SourceText(text: sentence + sentence + "\n\n" + sentence + sentence)
    #expect(chunker.chunks(of: paragraphs).map(\.text.count) == [69, 69])
    let run = SourceText(text: sentence + sentence + sentence + sentence)
    #expect(chunker.chunks(of: run).allSatisfy { $0.text.hasSuffix("it.") })
    let words = SourceText(text: String(repeating: "seven ", count: 50))
    #expect(chunker.chunks(of: words).allSatisfy { $0.text.hasSuffix("seven") && $0.text.hasPrefix("seven") })
  }

  @Test func `a line end inside a wrapped sentence is no better than a space`() {
    let wrapped = "This line of prose is wrapped by its program at about seventy\ncolumns and goes on. "
    let source = SourceText(text: wrapped + wrapped)
    let chunks = Chunker(maxCharacters: 110, overlapCharacters: 0).chunks(of: source)
    #expect(chunks.first?.text.hasSuffix("goes on.") == true)
  }

  @Test func `it cuts before a heading and does not repeat what stands above it`() throws {
    let text =
      "# One\n\n" + String(repeating: "alpha. ", count: 10) + "\n\n# Two\n\n"
      + String(repeating: "beta. ", count: 40)
    let source = try parse(text, named: "a.md")
    let chunks = Chunker(maxCharacters: 200, overlapCharacters: 40).chunks(of: source)
    #expect(chunks[0].text.hasSuffix("alpha."))
    #expect(chunks[1].text.hasPrefix("# Two"))
    #expect(chunks[0].headings == ["One"] && chunks[1].headings == ["Two"])
  }

  @Test func `a chunk carries the path of headings above its start`() throws {
    let filler = String(repeating: "word ", count: 30)
    let text = "# A\n\(filler)\n## B\n\(filler)\n### C\n\(filler)\n## D\n\(filler)"
    let source = try parse(text, named: "a.md")
    let paths = Chunker(maxCharacters: 160, overlapCharacters: 0).chunks(of: source).map(\.headings)
    #expect(paths == [["A"], ["A", "B"], ["A", "B", "C"], ["A", "D"]])
  }

  @Test func `a chunk knows the pages on which it starts and ends`() {
    let source = SourceText(
      text: "one two\n\nthree four", pages: [.init(number: 4, range: 0..<7), .init(number: 5, range: 9..<19)])
    let both = Chunker().chunks(of: source)
    #expect(both.map(\.page) == [4] && both.map(\.endPage) == [5])
    let each = Chunker(maxCharacters: 12, overlapCharacters: 0).chunks(of: source)
    #expect(each.map(\.page) == [4, 5] && each.map(\.endPage) == [4, 5])
  }

  @Test func `neighbours overlap by at most what was asked for, from the start of a word`() {
    let text = (0..<500).map { "word\($0)" }.joined(separator: " ")
    let chunks = Chunker(maxCharacters: 300, overlapCharacters: 60).chunks(of: SourceText(text: text))
    for (one, next) in zip(chunks, chunks.dropFirst()) {
      let overlap = one.range.upperBound - next.range.lowerBound
      #expect(overlap > 30 && overlap <= 60)
      #expect(next.text.hasPrefix("word"))
    }
  }

  @Test func `what holds for every chunk holds for random texts and sizes`() {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<150 {
      let source = randomSource(&numbers)
      let max = Int.random(in: 1...300, using: &numbers)
      let overlap = Int.random(in: 0..<max, using: &numbers)
      let chunks = Chunker(maxCharacters: max, overlapCharacters: overlap).chunks(of: source)
      expectSound(chunks, of: source, max: max, overlap: overlap)
    }
  }

  private func expectSound(_ chunks: [Chunk], of source: SourceText, max: Int, overlap: Int) {
    let scalars = Array(source.text.unicodeScalars)
    var covered = [Bool](repeating: false, count: scalars.count)
    var end = 0
    for chunk in chunks {
      #expect(chunk.text.unicodeScalars.elementsEqual(scalars[chunk.range]))
      #expect(chunk.range.count <= max && !chunk.range.isEmpty)
      #expect(chunk.range.lowerBound >= end - overlap && chunk.range.upperBound > end)
      end = chunk.range.upperBound
      for place in chunk.range { covered[place] = true }
    }
    #expect(zip(scalars, covered).allSatisfy { $1 || $0.properties.isWhitespace })
    expectWholeGraphemes(chunks, of: source, longest: max - overlap - 1)
  }

  private func expectWholeGraphemes(_ chunks: [Chunk], of source: SourceText, longest allowed: Int) {
    var place = 0
    var starts: Set<Int> = [0]
    var longest = 0
    for grapheme in source.text {
      longest = Swift.max(longest, grapheme.unicodeScalars.count)
      place += grapheme.unicodeScalars.count
      starts.insert(place)
    }
    guard longest <= allowed else { return }
    for chunk in chunks {
      #expect(starts.contains(chunk.range.lowerBound) && starts.contains(chunk.range.upperBound))
    }
  }

  private func randomSource(_ numbers: inout SeededNumbers) -> SourceText {
    let pieces = [
      "a", "word", "Satz.", "。", "中文", "e\u{301}", " \u{301}", "👩‍👩‍👧‍👦", "🇩🇪", "\u{600}",
      " ", " ", " ", "\n",
      "\n\n", "\t",
      "z.B.", "3.14", "\u{200D}", "- item\n", "## h\n", "क्षि",
    ]
    let count = Int.random(in: 0...400, using: &numbers)
    var text = ""
    var headings: [SourceText.Heading] = []
    for _ in 0..<count {
      let piece = pieces.randomElement(using: &numbers) ?? ""
      if piece.hasPrefix("#") {
        let start = text.unicodeScalars.count
        headings.append(.init(level: 2, range: start..<(start + 4), title: "h"))
      }
      text += piece
    }
    return SourceText(text: text, headings: headings)
  }

  @Test func `one endless grapheme is split rather than kept`() {
    let text = "a" + String(repeating: "\u{301}", count: 5_000)
    let chunks = Chunker().chunks(of: SourceText(text: text))
    #expect(chunks.allSatisfy { $0.range.count <= 1000 })
    #expect(chunks.last?.range.upperBound == 5_001)
  }
}
