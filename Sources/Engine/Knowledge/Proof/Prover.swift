import Conversation
import Logging
import Store

/// Looks up every quotation of an answer in its sources, and says in the message which it found, where, and
/// which it did not: a model's word is not taken for it.
struct Prover: Sendable {
  /// Unicode scalars of a file that is searched as a whole when no passage of it has the words.
  private static let longestFile = 4_000_000
  /// Files that are.
  private static let mostFiles = 8

  let store: Store
  let logger: Logger

  /// The update with what was found of the quotations in its answers: `quotations` in `additional_kwargs`, and
  /// in each of its `citations` the hash of the bytes its range holds for.
  /// - Parameter state: the conversation that is answered.
  @concurrent func proved(_ update: StateUpdate, in state: ThreadState) async -> StateUpdate {
    var update = update
    for place in update.messages.indices where update.messages[place].isAnswer {
      do {
        update.messages[place] = try await proved(update.messages[place], in: state)
      } catch {
        logger.error("quotations not checked", metadata: ["cause": "\(error)"])
      }
    }
    return update
  }

  private func proved(_ message: Message, in state: ThreadState) async throws -> Message {
    var message = message
    let passages = state.allPassagesOfTurn
    if let citations = try? message.additionalKwargs["citations"]?.decoded(as: [Citation].self) {
      message.additionalKwargs["citations"] = try JSON(encoding: try await withHashes(citations))
    }
    guard !passages.isEmpty else { return message }
    let numbered = state.passagesOfTurn
    var quotations: [Quotation] = []
    for quotation in QuotationReader.quotations(in: message.text) where !state.wasAsked(quotation.text) {
      let cited = quotation.number.flatMap { numbered.indices.contains($0 - 1) ? numbered[$0 - 1] : nil }
      let checked = try await checked(quotation, citing: cited, among: passages)
      // Words in quotation marks that claim no source may be irony, or a name.
      if checked.state != .notFound || checked.number != nil { quotations.append(checked) }
    }
    if !quotations.isEmpty { message.additionalKwargs["quotations"] = try JSON(encoding: quotations) }
    return message
  }

  /// The passage it cites comes first; exact words elsewhere come before near ones.
  private func checked(
    _ quotation: Quotation, citing cited: Passage?, among passages: [Passage]
  ) async throws -> Quotation {
    let candidates = [cited].compactMap { $0 } + passages
    var near: (passage: Passage, range: Range<Int>)?
    for passage in candidates {
      guard let (range, state) = QuotedText(passage.text).find(quotation.text) else { continue }
      let placed = (range.lowerBound + passage.start)..<(range.upperBound + passage.start)
      if state == .exact {
        return try await quotation.found(.exact, placed, in: passage.fileID, passage.source, store)
      }
      near = near ?? (passage, placed)
    }
    if let near {
      return try await quotation.found(.near, near.range, in: near.passage.fileID, near.passage.source, store)
    }
    return try await checkedInWholeFiles(quotation, of: candidates)
  }

  /// A passage may end in the middle of what was quoted, or the model may know the file from an earlier turn.
  private func checkedInWholeFiles(_ quotation: Quotation, of passages: [Passage]) async throws -> Quotation {
    var seen: Set<Identifier<File>> = []
    for passage in passages where seen.count < Self.mostFiles && seen.insert(passage.fileID).inserted {
      guard let text = try await store.text(of: passage.fileID)?.text,
        text.unicodeScalars.count <= Self.longestFile,
        let (range, state) = QuotedText(text).find(quotation.text)
      else { continue }
      return try await quotation.found(state, range, in: passage.fileID, passage.source, store)
    }
    return quotation
  }

  private func withHashes(_ citations: [Citation]) async throws -> [Citation] {
    var hashes: [Identifier<File>: String] = [:]
    for file in Set(citations.map(\.fileID)) { hashes[file] = try await store.fileForWork(file)?.hash }
    return citations.map { citation in
      var citation = citation
      citation.hash = hashes[citation.fileID]
      return citation
    }
  }
}

extension Quotation {
  fileprivate func found(
    _ state: State, _ range: Range<Int>, in file: Identifier<File>, _ source: String, _ store: Store
  ) async throws -> Quotation {
    var found = self
    found.state = state
    found.place = Place(
      fileID: file, hash: try await store.fileForWork(file)?.hash, source: source,
      page: try await store.page(at: range.lowerBound, of: file), start: range.lowerBound,
      end: range.upperBound)
    return found
  }
}

extension Message {
  /// Whether it speaks to the person, instead of calling tools.
  fileprivate var isAnswer: Bool { role == .ai && toolCalls.isEmpty && !text.isEmpty }
}

extension ThreadState {
  /// Everything that was found since the last question, by all searches.
  fileprivate var allPassagesOfTurn: [Passage] {
    messages.reversed().prefix { $0.role != .human }
      .compactMap(\.artifact).flatMap { (try? $0.decoded(as: [Passage].self)) ?? [] }
  }

  /// Whether the words are those of the question.
  fileprivate func wasAsked(_ text: String) -> Bool {
    lastQuestion.onOneLine.contains(text.onOneLine)
  }
}
