import Conversation
import Logging
import Providers
import Testing

@testable import Engine

@Suite struct ExtractiveModelTests {
  private let model = ExtractiveModel(
    embedder: {
      Embedder(
        .builtIn(directory: "/nonexistent"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
  ) { _, place in place < 110 ? 3 : 4 }

  private func reply(to request: ChatRequest) async throws -> (text: String, events: [ModelEvent]) {
    var events: [ModelEvent] = []
    try await model.reply(to: request) { events.append($0) }
    let text = events.map { event -> String in if case .text(let text) = event { text } else { "" } }.joined()
    return (text, events)
  }

  private func passage(_ text: String, start: Int = 0) -> Passage {
    let chunk = Chunk(
      fileID: .random(), ordinal: 0, text: text, start: start, end: start + text.unicodeScalars.count,
      page: 3,
      endPage: 3, headings: [])
    return Passage(chunk: chunk, source: "zoo.pdf", score: 1, textRank: 1, vectorRank: nil)
  }

  @Test func `it quotes the sentence that answers, with the very place it stands at`() async throws {
    let text = "Zoos open at nine. Bears eat honey and salmon. Tickets cost ten euros."
    let request = ChatRequest(
      messages: [.human("What do bears eat?")], passages: [passage(text, start: 100)])
    let (answer, events) = try await reply(to: request)
    #expect(answer == "> Bears eat honey and salmon. [1]")
    let citations = events.flatMap { event -> [Citation] in
      if case .citations(let found) = event { found } else { [] }
    }
    let citation = try #require(citations.first)
    #expect(citations.count == 1)
    #expect(citation.start == 119 && citation.end == 146)
    #expect(citation.quote == "Bears eat honey and salmon.")
    #expect(citation.page == 4, "the page of the sentence, not that on which the passage begins")
  }

  @Test func `it says what it is when there is nothing to quote`() async throws {
    let (none, _) = try await reply(to: ChatRequest(messages: [.human("What do bears eat?")]))
    #expect(none.contains("No language model") && none.contains("OPENAI_API_KEY"))
    let (unfit, _) = try await reply(
      to: ChatRequest(
        messages: [.human("Who won the cup?")], passages: [passage("Zoos open at nine in May.")]))
    #expect(unfit.contains("No language model"))
  }

  @Test func `as an agent it searches once for each question, and quotes what was found`() async throws {
    let tool = ToolSpecification(name: "Retriever", description: "", parameters: [:])
    let question = Message.human("What do bears eat?")
    let (_, asked) = try await reply(to: ChatRequest(messages: [question], tools: [tool]))
    guard case .toolCall(let call)? = asked.first else {
      Issue.record("no call")
      return
    }
    #expect(call.name == "Retriever")
    let made = ToolCall(name: "Retriever", arguments: [:], id: call.id ?? "")
    let found = Message.toolResult(
      "…", of: made, artifact: try JSON(encoding: [passage("Bears eat honey every day.")]))
    let (answer, _) = try await reply(
      to: ChatRequest(messages: [question, .assistant("", toolCalls: [made]), found], tools: [tool]))
    #expect(answer.contains("Bears eat honey every day."))
  }

  @Test func `a short follow-up is searched for together with the question before it`() {
    let transcript = "Human: How long do brown bears sleep in winter?\nAI: Long.\nHuman: And wolves?"
    let request = ChatRequest(messages: [.human(transcript)], purpose: .searchQuery)
    #expect(ExtractiveModel.query(for: request) == "How long do brown bears sleep in winter? And wolves?")
  }
}
