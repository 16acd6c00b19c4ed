import Conversation
import Documents
import Providers

/// What answers when there is no language model: it quotes the sentences of the found passages that fit the
/// question best, each with its source, and says plainly, in the language it was asked in, what it is when there
/// is nothing to quote.
///
/// As an agent it calls the retrieval tool, if it was given one, once for each question.
struct ExtractiveModel: ChatModel {
  static let modelName = "built-in-extractive"
  let embedder: @Sendable () -> Embedder
  /// On which page a place of a file lies: a passage may run over several.
  let pageOf: @Sendable (Identifier<File>, Int) async throws -> Int?

  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    if request.purpose == .searchQuery {
      await receive(.text(Self.query(for: request)))
      return await receive(.finished(reason: "stop", model: Self.modelName))
    }
    if let call = Self.searchToMake(for: request) {
      await receive(.toolCall(call))
      return await receive(.finished(reason: "tool_calls", model: Self.modelName))
    }
    try await answer(request, receive: receive)
    await receive(.finished(reason: "stop", model: Self.modelName))
  }

  // MARK: Searching

  static func query(for request: ChatRequest) -> String {
    let questions = request.messages.flatMap { FollowUp.questions(in: $0.text) }
    return questions.isEmpty ? request.messages.last?.text ?? "" : FollowUp.query(questions)
  }

  private static func searchToMake(for request: ChatRequest) -> ToolCallDelta? {
    guard request.tools.contains(where: { $0.name == RetrievalTool.functionName }),
      let question = request.messages.last, question.role == .human
    else { return nil }
    let arguments: JSON = ["query": .string(question.text)]
    return ToolCallDelta(
      index: 0, id: "call_\(Message.newID())", name: RetrievalTool.functionName, arguments: arguments.text)
  }

  // MARK: Answering

  private func answer(_ request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
    let question = request.messages.last { $0.role == .human }?.text ?? ""
    let passages = request.passages.isEmpty ? Self.passages(in: request.messages) : request.passages
    let quotations = try await SentenceChoice(embedder: embedder()).best(of: passages, for: question)
    guard !quotations.isEmpty else {
      let text = NothingToQuote.text(answering: question, hadPassages: !passages.isEmpty)
      return await say(text, receive: receive)
    }
    var citations: [Citation] = []
    for (number, quotation) in quotations.enumerated() {
      citations.append(await citation(of: quotation, number: number + 1))
      let text = quotation.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      await say((number == 0 ? "" : "\n\n") + "> \(text) [\(number + 1)]", receive: receive)
      if Task.isCancelled { throw .cancelled }
    }
    await receive(.citations(citations))
  }

  private func citation(of quotation: ChosenText, number: Int) async -> Citation {
    let passage = quotation.passage
    let page = passage.page == nil ? nil : try? await pageOf(passage.fileID, quotation.start)
    return Citation(
      number: number, fileID: passage.fileID, source: passage.source, page: page ?? passage.page,
      start: quotation.start, end: quotation.start + quotation.range.count, quote: quotation.text)
  }

  /// Word by word, as a language model would.
  private func say(_ text: String, receive: (ModelEvent) async -> Void) async {
    var rest = text[...]
    while !rest.isEmpty {
      let word = rest.prefix { !$0.isWhitespace }
      let end = rest[word.endIndex...].firstIndex { !$0.isWhitespace } ?? rest.endIndex
      await receive(.text(String(rest[..<end])))
      rest = rest[end...]
    }
  }

  /// What the retrieval tool found since the last question.
  private static func passages(in messages: [Message]) -> [Passage] {
    let turn = messages.reversed().prefix { $0.role != .human }
    return turn.compactMap(\.artifact).flatMap { (try? $0.decoded(as: [Passage].self)) ?? [] }
  }
}
