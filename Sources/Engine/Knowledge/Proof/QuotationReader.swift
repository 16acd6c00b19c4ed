import Conversation

/// Finds what an answer gives as quotations: block quotes, and words in quotation marks, each with the mark
/// (`[1]`) that follows it. Code is no quotation, nor are a word or two in quotation marks.
struct QuotationReader {
  private static let mostQuotations = 100
  /// Unicode scalars between the end of a quotation and the mark that belongs to it.
  private static let reachOfMark = 200
  private static let fewestWords = 3
  /// Passages are numbered from 1. A model, or a file it repeats, may write any number.
  private static let numbers = 1...9_999

  private let scalars: [Unicode.Scalar]
  private var found: [Quotation] = []

  static func quotations(in answer: String) -> [Quotation] {
    var reader = QuotationReader(scalars: Array(answer.unicodeScalars))
    reader.read()
    return Array(reader.found.prefix(mostQuotations))
  }

  private init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  // MARK: Blocks

  private mutating func read() {
    var isCode = false
    var block: [Range<Int>] = []
    var paragraph: Range<Int>?
    for line in lines() + [scalars.count..<scalars.count] {
      let content = trimmed(line)
      let isFence = starts(with: "```", at: content.lowerBound) || starts(with: "~~~", at: content.lowerBound)
      let isQuote = !isCode && !isFence && starts(with: ">", at: content.lowerBound)
      if !isQuote, !block.isEmpty {
        readBlockQuote(block, followedBy: content)
        block = []
      }
      if isQuote || isFence || isCode || content.isEmpty {
        if let text = paragraph { readParagraph(text) }
        paragraph = nil
      } else {
        paragraph = (paragraph?.lowerBound ?? content.lowerBound)..<content.upperBound
      }
      if isQuote { block.append(withoutQuoteMark(content)) }
      if isFence { isCode.toggle() }
    }
  }

  private func lines() -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for place in scalars.indices where scalars[place] == "\n" {
      lines.append(start..<place)
      start = place + 1
    }
    return lines + [start..<scalars.count]
  }

  private func withoutQuoteMark(_ line: Range<Int>) -> Range<Int> {
    var start = line.lowerBound
    while start < line.upperBound, scalars[start] == ">" || scalars[start] == " " { start += 1 }
    return start..<line.upperBound
  }

  /// Each stretch that ends in a mark is a quotation; so is a rest without one, whose mark may follow the block.
  private mutating func readBlockQuote(_ lines: [Range<Int>], followedBy next: Range<Int>) {
    var pieces: [Range<Int>] = []
    for line in lines {
      var start = line.lowerBound
      for mark in marks(in: line) {
        pieces.append(start..<mark.range.lowerBound)
        add(pieces, number: mark.number)
        pieces = []
        start = mark.range.upperBound
      }
      if start < line.upperBound { pieces.append(start..<line.upperBound) }
    }
    let following = marks(in: next).first { $0.range.lowerBound - next.lowerBound < Self.reachOfMark }
    add(pieces, number: following?.number)
  }

  // MARK: Words in quotation marks

  private static let pairs: [Unicode.Scalar: Set<Unicode.Scalar>] = [
    "“": ["”"], "„": ["“", "”"], "«": ["»"], "»": ["«"], "「": ["」"], "『": ["』"], "\"": ["\""], "《": ["》"],
  ]

  private mutating func readParagraph(_ text: Range<Int>) {
    var place = text.lowerBound
    let marks = marks(in: text)
    while place < text.upperBound {
      if scalars[place] == "`" {
        place = (next("`", after: place, in: text) ?? place) + 1
      } else if let closing = Self.pairs[scalars[place]],
        let end = scalars[(place + 1)..<text.upperBound].firstIndex(where: closing.contains)
      {
        let mark = marks.first { $0.range.lowerBound >= end && $0.range.lowerBound - end < Self.reachOfMark }
        add([(place + 1)..<end], number: mark?.number)
        place = end + 1
      } else {
        place += 1
      }
    }
  }

  private func next(_ scalar: Unicode.Scalar, after place: Int, in text: Range<Int>) -> Int? {
    scalars[(place + 1)..<text.upperBound].firstIndex(of: scalar)
  }

  // MARK: Parts

  private mutating func add(_ pieces: [Range<Int>], number: Int?) {
    let pieces = pieces.map(trimmed).filter { !$0.isEmpty }
    guard let first = pieces.first, let last = pieces.last else { return }
    let text = pieces.map { String(String.UnicodeScalarView(scalars[$0])) }.joined(separator: "\n")
    guard SourceWords(text).words.count >= Self.fewestWords else { return }
    found.append(
      Quotation(text: text, answerStart: first.lowerBound, answerEnd: last.upperBound, number: number))
  }

  /// `[3]`, and each of `[1][2]` or `[1, 2]` by its first number.
  private func marks(in text: Range<Int>) -> [(number: Int, range: Range<Int>)] {
    var marks: [(number: Int, range: Range<Int>)] = []
    var place = text.lowerBound
    while let open = scalars[place..<text.upperBound].firstIndex(of: "[") {
      place = open + 1
      guard let close = scalars[place..<text.upperBound].firstIndex(of: "]") else { break }
      let inside = String(String.UnicodeScalarView(scalars[place..<close]))
      let numbers = inside.split(whereSeparator: { $0 == "," || $0 == " " }).map { Int($0) }
      guard let first = numbers.first, let number = first, !numbers.contains(nil),
        Self.numbers.contains(number)
      else { continue }
      marks.append((number, open..<(close + 1)))
      place = close + 1
    }
    return marks
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, scalars[start].properties.isWhitespace { start += 1 }
    while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
    return start..<end
  }

  private func starts(with text: String, at place: Int) -> Bool {
    scalars[place...].starts(with: text.unicodeScalars)
  }
}
