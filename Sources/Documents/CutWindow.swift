/// The scalars among which a cut is sought. A place is an offset into them; a cut there is before that
/// scalar.
struct CutWindow {
  private let scalars: [Unicode.Scalar]
  private let sentenceEnds: [Int]
  /// Whether a grapheme starts at each place; empty when each scalar surely is a grapheme.
  private let graphemeStarts: [Bool]

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    sentenceEnds = SentenceEnds.places(in: scalars)
    graphemeStarts = scalars.allSatisfy { $0.isASCII && $0 != "\r" } ? [] : Self.graphemeStarts(in: scalars)
  }

  var count: Int { scalars.count }

  func isBoundary(_ place: Int) -> Bool {
    graphemeStarts.isEmpty || place >= graphemeStarts.count || graphemeStarts[place]
  }

  /// The best place in `least...most`: the last of the best kind there is; a grapheme may be too long for
  /// `least`, and then only `floor` counts.
  func cut(from least: Int, orFrom floor: Int, upTo most: Int) -> Int {
    lastPlace(from: least, upTo: most, where: isParagraphStart)
      ?? lastPlace(from: least, upTo: most, where: isLineStart)
      ?? sentenceEnds.last { $0 >= least && $0 <= most && isBoundary($0) }
      ?? lastPlace(from: least, upTo: most) { scalars[$0 - 1].isSpace }
      ?? lastPlace(from: floor, upTo: most) { _ in true }
      ?? most
  }

  /// The first good place in `least..<cut`, from which the text before a cut is repeated.
  func restart(from least: Int, before cut: Int) -> Int {
    firstPlace(from: least, before: cut, where: isParagraphStart)
      ?? firstPlace(from: least, before: cut, where: isLineStart)
      ?? sentenceEnds.first { $0 >= least && $0 < cut && isBoundary($0) }
      ?? firstPlace(from: least, before: cut) { scalars[$0 - 1].isSpace }
      ?? firstPlace(from: least, before: cut) { _ in true }
      ?? cut
  }

  /// The first place from `place` on that is not white space; `count` if there is none.
  func firstText(from place: Int) -> Int {
    scalars[place...].firstIndex { !$0.isSpace } ?? count
  }

  /// `end` without the white space before it.
  func trimmedEnd(_ end: Int) -> Int {
    var place = end
    while place > 1, scalars[place - 1].isSpace { place -= 1 }
    while place < end, !isBoundary(place) { place += 1 }
    return place
  }

  private func lastPlace(from least: Int, upTo most: Int, where isGood: (Int) -> Bool) -> Int? {
    guard least <= most else { return nil }
    return (least...most).last { isGood($0) && isBoundary($0) }
  }

  private func firstPlace(from least: Int, before end: Int, where isGood: (Int) -> Bool) -> Int? {
    (least..<end).first { isGood($0) && isBoundary($0) }
  }

  private func isParagraphStart(_ place: Int) -> Bool {
    guard scalars[place - 1] == "\n" else { return false }
    let before = scalars[..<(place - 1)].last { $0 != " " && $0 != "\t" }
    return before == "\n"
  }

  /// After a line end that the writer meant, not one that only wraps a sentence.
  private func isLineStart(_ place: Int) -> Bool {
    guard scalars[place - 1] == "\n" else { return false }
    let line = scalars[..<(place - 1)].suffix(Self.longestShortLine)
    if line.contains("\n") || place <= Self.longestShortLine { return !startsLowercase(place) }
    let isFinished = line.last.map { ".!?:;…。！？}|".unicodeScalars.contains($0) } ?? true
    return isFinished || !(place < scalars.count && scalars[place].isLetter)
  }

  private func startsLowercase(_ place: Int) -> Bool {
    place < scalars.count && scalars[place].isLower
  }

  /// Wrapped prose has longer lines than this, in characters; headings, items and code often have not.
  private static let longestShortLine = 40

  private static func graphemeStarts(in scalars: [Unicode.Scalar]) -> [Bool] {
    var starts = [Bool](repeating: false, count: scalars.count)
    var place = 0
    for grapheme in String(String.UnicodeScalarView(scalars)) {
      starts[place] = true
      place += grapheme.unicodeScalars.count
    }
    return starts
  }
}
