/// Walks through a text and finds one chunk after the other.
struct Cutter {
  private let scalars: String.UnicodeScalarView
  private let headingStarts: [Int]
  private let maxCharacters: Int
  private let overlapCharacters: Int
  /// Where the next chunk may start, and the same as an offset.
  private var start: String.Index
  private var offset = 0
  /// The first scalar that is in no chunk yet and is not white space: the next chunk must go beyond it.
  private var firstNew = 0

  init(_ source: SourceText, maxCharacters: Int, overlapCharacters: Int) {
    scalars = source.text.unicodeScalars
    headingStarts = source.headings.map(\.range.lowerBound)
    start = scalars.startIndex
    self.maxCharacters = maxCharacters
    self.overlapCharacters = overlapCharacters
  }

  /// The next chunk's text and place; nil at the end.
  mutating func next() -> (text: String, range: Range<Int>)? {
    skipSpaces()
    guard start < scalars.endIndex else { return nil }
    // One scalar more than fits, to see what follows the last possible cut.
    let window = CutWindow(Array(scalars[start...].prefix(maxCharacters + 1)))
    guard window.count > maxCharacters else {
      return take(window.trimmedEnd(window.count), advancingBy: window.count)
    }
    let least = max(0, firstNew - offset) + 1
    let cut =
      heading(in: window, from: least)
      ?? window.cut(from: max(least, (maxCharacters + 1) / 2), orFrom: least, upTo: maxCharacters)
    let new = window.firstText(from: cut)
    firstNew = offset + new
    return take(window.trimmedEnd(cut), advancingBy: restart(in: window, cut: cut, new: new))
  }

  /// Where the next chunk starts: before a heading at the heading, else early enough to repeat some text.
  private func restart(in window: CutWindow, cut: Int, new: Int) -> Int {
    let least = max(1, new - overlapCharacters)
    if least >= cut || new == window.count || isHeading(at: offset + cut) { return cut }
    return window.restart(from: least, before: cut)
  }

  private mutating func take(_ end: Int, advancingBy step: Int) -> (text: String, range: Range<Int>) {
    let stop = scalars.index(start, offsetBy: end)
    let chunk = (String(scalars[start..<stop]), offset..<(offset + end))
    start = scalars.index(start, offsetBy: step)
    offset += step
    return chunk
  }

  /// White space that carries a mark, as a space with an accent, is not skipped.
  private mutating func skipSpaces() {
    while start < scalars.endIndex, scalars[start].isSpace {
      let after = scalars.index(after: start)
      if after < scalars.endIndex, scalars[start].carries(scalars[after]) { return }
      start = after
      offset += 1
    }
  }

  // MARK: Headings

  private func heading(in window: CutWindow, from least: Int) -> Int? {
    let least = offset + max(maxCharacters / 4, least)
    let place = firstHeading(after: offset + maxCharacters) - 1
    guard place >= 0, headingStarts[place] >= least else { return nil }
    let cut = headingStarts[place] - offset
    return window.isBoundary(cut) ? cut : nil
  }

  private func isHeading(at offset: Int) -> Bool {
    let place = firstHeading(after: offset) - 1
    return place >= 0 && headingStarts[place] == offset
  }

  /// The index of the first heading that starts after `offset`, by halving.
  private func firstHeading(after offset: Int) -> Int {
    var low = 0
    var high = headingStarts.count
    while low < high {
      let middle = (low + high) / 2
      if headingStarts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Unicode.Scalar {
  /// Whether the two are one grapheme.
  func carries(_ next: Unicode.Scalar) -> Bool {
    if next.isASCII { return self == "\r" && next == "\n" }
    return String(String.UnicodeScalarView([self, next])).count == 1
  }
}
