/// Finds the running heads, feet and page numbers of a document, which are no part of its text.
///
/// A line at the edge of a page is furniture if the same line, its digits aside, stands at the same edge of
/// at least two others of the twelve nearest pages. Only whole lines go, from the edge inwards, and never
/// all of a page.
struct PageFurniture {
  /// At the top, a title and a chapter; at the foot, these and a number.
  private static let edgeLines = 3
  /// Six pages either way find a head that is on left pages only.
  private static let reach = 6
  private static let repetitions = 2

  private struct Place: Hashable {
    var isTop: Bool
    var shape: String
  }

  private let pages: [[Substring]]
  private var pagesWith: [Place: [Int]] = [:]

  static func removed(from texts: [String]) -> [String] {
    var furniture = PageFurniture(texts)
    furniture.count()
    return furniture.pages.indices.map { furniture.text(of: $0) }
  }

  private init(_ texts: [String]) {
    pages = texts.map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  private mutating func count() {
    for index in pages.indices {
      for isTop in [true, false] {
        for shape in Set(edge(of: index, isTop: isTop).map { Self.shape(of: pages[index][$0]) }) {
          pagesWith[Place(isTop: isTop, shape: shape), default: []].append(index)
        }
      }
    }
  }

  private func text(of page: Int) -> String {
    let lines = pages[page]
    let top = edge(of: page, isTop: true).prefix { isFurniture(lines[$0], of: page, isTop: true) }
    let foot = edge(of: page, isTop: false).prefix { isFurniture(lines[$0], of: page, isTop: false) }
    let start = top.last.map { $0 + 1 } ?? 0
    let end = foot.last ?? lines.count
    guard start < end, lines[start..<end].contains(where: { !$0.isBlank }) else {
      return lines.joined(separator: "\n")
    }
    return lines[start..<end].joined(separator: "\n")
  }

  /// The lines with text nearest to an edge, the outermost first.
  private func edge(of page: Int, isTop: Bool) -> [Int] {
    let lines = pages[page]
    var found: [Int] = []
    for place in 0..<lines.count {
      let line = isTop ? place : lines.count - 1 - place
      if !lines[line].isBlank { found.append(line) }
      if found.count == Self.edgeLines { break }
    }
    return found
  }

  private func isFurniture(_ line: Substring, of page: Int, isTop: Bool) -> Bool {
    let place = Place(isTop: isTop, shape: Self.shape(of: line))
    let near = pagesWith[place, default: []].near(page, reach: Self.reach)
    return near > Self.repetitions
  }

  /// The line without spaces, and with one mark for each run of digits; a lone Roman number counts as digits.
  private static func shape(of line: Substring) -> String {
    let words = line.split(whereSeparator: \.isWhitespace)
    if words.count == 1, words[0].allSatisfy({ "ivxlcIVXLC".contains($0) }) { return "#" }
    var shape = ""
    for character in words.joined() where !(character.isNumber && shape.last == "#") {
      shape.append(character.isNumber ? "#" : character)
    }
    return shape
  }
}

extension Substring {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension [Int] {
  /// How many of these ascending numbers are at most `reach` away.
  fileprivate func near(_ number: Int, reach: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number - reach { low = middle + 1 } else { high = middle }
    }
    return self[low...].prefix { $0 <= number + reach }.count
  }
}
