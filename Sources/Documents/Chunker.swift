/// Cuts a source text into overlapping chunks at the best places it has.
///
/// From each start it looks at the next `maxCharacters` and cuts at the last heading in all but their first
/// quarter, else, in their second half, at the last empty line, line end, sentence end, space, grapheme. A
/// line end inside a wrapped sentence counts as a space. The next chunk starts at most `overlapCharacters`
/// earlier, at a line, sentence or word; after a cut before a heading it starts at the heading. The defaults
/// are those of OpenGPTs' splitter.
///
/// Holds for any text: a chunk has at most `maxCharacters` scalars; `text` is the source at `range`; chunks
/// are in order and every scalar but white space is in one; no grapheme is split, unless one alone is too
/// long.
/// - Complexity: linear in the text; beside it, memory for one chunk.
package struct Chunker: Sendable {
  let maxCharacters: Int
  let overlapCharacters: Int

  /// - Precondition: `0 <= overlapCharacters < maxCharacters`.
  package init(maxCharacters: Int = 1000, overlapCharacters: Int = 200) {
    precondition(overlapCharacters >= 0 && overlapCharacters < maxCharacters)
    self.maxCharacters = maxCharacters
    self.overlapCharacters = overlapCharacters
  }

  package func chunks(of source: SourceText) -> [Chunk] {
    let places = ChunkPlaces(source)
    var cutter = Cutter(source, maxCharacters: maxCharacters, overlapCharacters: overlapCharacters)
    var chunks: [Chunk] = []
    while let (text, range) = cutter.next() {
      chunks.append(
        Chunk(
          text: text, range: range, page: places.page(at: range.lowerBound),
          endPage: places.page(at: range.upperBound - 1), headings: places.headings(at: range.lowerBound)))
    }
    return chunks
  }
}

/// Which page and headings a place belongs to.
/// - Complexity: logarithmic for pages; linear in the headings above for headings.
private struct ChunkPlaces {
  private let pages: [SourceText.Page]
  private let headings: [SourceText.Heading]
  /// For each heading, the one it stands under.
  private let parents: [Int?]

  init(_ source: SourceText) {
    pages = source.pages
    headings = source.headings
    var parents: [Int?] = []
    var open: [Int] = []
    for (index, heading) in source.headings.enumerated() {
      while let last = open.last, source.headings[last].level >= heading.level { open.removeLast() }
      parents.append(open.last)
      open.append(index)
    }
    self.parents = parents
  }

  func page(at offset: Int) -> Int? {
    let index = pages.count(startingUpTo: offset, \.range.lowerBound) - 1
    // Before the first page's first block there is nothing but that page.
    return index >= 0 ? pages[index].number : pages.first?.number
  }

  func headings(at offset: Int) -> [String] {
    var path: [String] = []
    var index: Int? = headings.count(startingUpTo: offset, \.range.lowerBound) - 1
    while let place = index, place >= 0 {
      path.append(headings[place].title)
      index = parents[place]
    }
    return path.reversed()
  }
}

extension Array {
  /// How many elements, ordered by their start, start at or before `offset`.
  fileprivate func count(startingUpTo offset: Int, _ start: (Element) -> Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if start(self[middle]) <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
