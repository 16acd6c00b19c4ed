package import Conversation

extension ThreadState {
  /// The text of the last human message.
  package var lastQuestion: String {
    messages.last { $0.role == .human }?.text ?? ""
  }

  /// The passages that were found since the last question, if one search found them: the numbers a model cites
  /// are those of one search.
  package var passagesOfTurn: [Passage] {
    let turn = messages.reversed().prefix { $0.role != .human }
    let found = turn.compactMap(\.artifact).compactMap { try? $0.decoded(as: [Passage].self) }
    return found.count == 1 ? found[0] : []
  }
}

extension Passage {
  /// Where it stands, for a reader: the file, and the page if there are pages.
  package var sourceLine: String {
    page.map { "\(source), page \($0)" } ?? source
  }
}

extension Message {
  /// The message with the sources of the marks (`[1]`) in its text, unless it brings its own.
  package func citing(_ passages: [Passage]) -> Message {
    guard toolCalls.isEmpty, additionalKwargs["citations"] == nil else { return self }
    let text = text
    let cited = passages.enumerated().filter { text.contains("[\($0.offset + 1)]") }.map { place, passage in
      Citation(
        number: place + 1, fileID: passage.fileID, source: passage.source, page: passage.page,
        start: passage.start, end: passage.end, quote: passage.text)
    }
    guard !cited.isEmpty, let list = try? JSON(encoding: cited) else { return self }
    var message = self
    message.additionalKwargs["citations"] = list
    return message
  }
}
