/// Words that an answer gives as somebody else's, and what the server found when it looked them up.
package struct Quotation: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Letter by letter, white space aside.
    case exact
    /// The same words: case, punctuation, hyphenation and single letters aside, or with a gap that it marks.
    case near
    case notFound = "not_found"
  }

  /// As the answer has it.
  package var text: String
  /// Where it stands in the answer's text, in Unicode scalars.
  package var answerStart: Int
  package var answerEnd: Int
  /// The mark beside it, `[number]`; nil without one.
  package var number: Int?
  package var state: State
  /// Where it was found; nil when it was not.
  package var place: Place?

  /// A stretch of a file.
  package struct Place: Codable, Sendable, Equatable {
    package var fileID: Identifier<File>
    /// Of the bytes the text was read from: the range holds for these alone.
    package var hash: String?
    package var source: String
    package var page: Int?
    /// Unicode scalars from the start of the file's text.
    package var start: Int
    package var end: Int

    package init(
      fileID: Identifier<File>, hash: String?, source: String, page: Int?, start: Int, end: Int
    ) {
      self.fileID = fileID
      self.hash = hash
      self.source = source
      self.page = page
      self.start = start
      self.end = end
    }

    package enum CodingKeys: String, CodingKey {
      case fileID = "file_id"
      case hash, source, page, start, end
    }
  }

  package init(
    text: String, answerStart: Int, answerEnd: Int, number: Int?, state: State = .notFound,
    place: Place? = nil
  ) {
    self.text = text
    self.answerStart = answerStart
    self.answerEnd = answerEnd
    self.number = number
    self.state = state
    self.place = place
  }

  package enum CodingKeys: String, CodingKey {
    case text, number, state, place
    case answerStart = "answer_start"
    case answerEnd = "answer_end"
  }
}
