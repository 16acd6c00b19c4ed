import Conversation
import Documents
import Providers

/// What answers when there is no language model: it quotes the sentences of the found passages that fit the
/// question best, each with its source, and says plainly what it is when there is nothing to quote.
///
/// As an agent it calls the retrieval tool, if it was given one, once for each question.
struct ExtractiveModel: ChatModel {
  static let modelName = "built-in-extractive"
  /// Quotations of one answer.
  private static let quotations = 3

  let embedder: Embedder
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

  /// A short follow-up leans on the question before it, so that one is searched for too.
  static func query(for request: ChatRequest) -> String {
    let questions = request.messages.flatMap { $0.text.split(separator: "\n") }
      .filter { $0.hasPrefix("Human: ") }.map { String($0.dropFirst("Human: ".count)) }
    guard let last = questions.last else { return request.messages.last?.text ?? "" }
    guard questions.count > 1, Words(last).count < Self.wordsOfWholeQuestion else { return last }
    return questions[questions.count - 2] + " " + last
  }

  /// Words that carry meaning, from which on a question is taken to stand by itself.
  private static let wordsOfWholeQuestion = 4

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
    let quotations = try await best(of: passages, for: question)
    guard !quotations.isEmpty else {
      return await say(Self.nothingToQuote(hadPassages: !passages.isEmpty), receive: receive)
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

  private func citation(of quotation: Quotation, number: Int) async -> Citation {
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

  private static func nothingToQuote(hadPassages: Bool) -> String {
    let finding =
      hadPassages
      ? "The files hold no sentence that answers this."
      : "Nothing in the files of this assistant fits the question."
    return """
      \(finding) No language model is set up on this server, so I can only quote from files: add some that hold \
      the answer, or ask with the words they use. To have questions answered freely, set OPENAI_API_KEY, or \
      OPENAI_BASE_URL for a server of your own, and start the server again.
      """
  }
}

// MARK: Choosing sentences

/// A sentence of a passage, and how well it fits.
private struct Quotation {
  var passage: Passage
  var text: String
  /// Unicode scalars from the start of the passage.
  var range: Range<Int>
  var score: Double

  /// Unicode scalars from the start of the file's text.
  var start: Int { passage.start + range.lowerBound }
}

extension ExtractiveModel {
  /// Sentences longer than this are listings and tables that were taken for one.
  private static let longestSentence = 600
  /// Words that carry meaning, from which on a line without a full stop is taken to say something.
  private static let wordsOfFragment = 5
  /// Sentences that are looked at: those of the few best passages.
  private static let candidates = 120
  /// A quotation this much worse than the best one adds nothing.
  private static let leastShare = 0.6
  /// Below this neither the words nor the meaning have to do with the question.
  private static let leastScore = 0.3

  private func best(of passages: [Passage], for question: String) async throws(ModelError) -> [Quotation] {
    var quotations = Self.sentences(of: passages)
    let words = Words(question)
    let texts = quotations.map { Words($0.text) }
    let weights = Words.Weights(texts)
    let similarities = try await similarities(of: quotations.map(\.text), to: question)
    for place in quotations.indices {
      let overlap = words.share(in: texts[place], weights: weights)
      let similarity = similarities.map { max(0, Double($0[place])) } ?? overlap
      quotations[place].score = (similarity + overlap) / 2
    }
    let ranked = quotations.sorted { $0.score > $1.score }
    guard let top = ranked.first, top.score >= Self.leastScore else { return [] }
    return Array(ranked.prefix { $0.score >= top.score * Self.leastShare }.prefix(Self.quotations))
  }

  private static func sentences(of passages: [Passage]) -> [Quotation] {
    var seen: Set<String> = []
    var found: [Quotation] = []
    for passage in passages {
      let text = passage.text
      for range in Documents.sentences(in: text) {
        let sentence = String(text[range])
        let start = text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
        let length = sentence.unicodeScalars.count
        guard isQuotable(sentence, length: length), seen.insert(sentence).inserted else { continue }
        found.append(Quotation(passage: passage, text: sentence, range: start..<(start + length), score: 0))
      }
    }
    return Array(found.prefix(candidates))
  }

  /// Headings and the items of an index say nothing by themselves.
  private static func isQuotable(_ sentence: String, length: Int) -> Bool {
    let endsAsSentence = sentence.last.map { ".!?…:。！？".contains($0) } ?? false
    let words = Words(sentence).count
    return length <= longestSentence && (words >= wordsOfFragment || (endsAsSentence && words > 1))
  }

  /// The cosine of each text with the question; nil without an embedding model.
  private func similarities(of texts: [String], to question: String) async throws(ModelError) -> [Float]? {
    do {
      guard let asked = try await embedder.embed(query: question),
        let vectors = try await embedder.embed(texts, isAwaited: true)
      else { return nil }
      return vectors.map { vector in zip(vector, asked).reduce(0) { $0 + $1.0 * $1.1 } }
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .malformed("embedding failed: \(error)")
    }
  }
}
