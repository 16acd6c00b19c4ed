import Conversation
import Providers
import Testing

@testable import Engine

/// Messages that clients, models and files may send: what stands in them ends neither the run nor the program.
@Suite struct HostileMessageTests {
  private func passage(start: Int, end: Int, of file: Identifier<File> = .random()) -> JSON {
    [
      "chunk_id": .string(Identifier<Chunk>.random().description), "file_id": .string(file.description),
      "source": "a.txt", "text": "Bears eat honey every day.", "start": .integer(start), "end": .integer(end),
      "headings": [], "score": 1,
    ]
  }

  private func found(_ passages: JSON...) -> Message {
    var message = Message(role: .tool, content: "")
    message.toolCallID = "x"
    message.artifact = .array(passages)
    return message
  }

  @Test(arguments: [(Int.max, 0), (.max, .max), (.min, .max), (-1, 5), (9, 8), (1 << 40, (1 << 40) + 1)])
  func `passages at places that no text has are none`(start: Int, end: Int) async throws {
    #expect(throws: DecodingError.self) { try passage(start: start, end: end).decoded(as: Passage.self) }
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread([
      "type": "chatbot", "llm_type": .string(Engine.builtInModelName),
    ])
    var request = bench.request(thread, nil)
    request.input = .messages([.human("What do bears eat?"), found(passage(start: start, end: end))])
    let log = try await bench.runner.start(request)
    #expect(await log.untilEnd().failure == nil)
    #expect(try await bench.status(log) == .success)
  }

  @Test(arguments: ["-9223372036854775808", "9223372036854775807", "-1", "0", "99999999999999999999"])
  func `a mark may have any number`(number: String) async throws {
    let said = "It says \"bears eat honey every day\" [\(number)], and no more."
    let bench = try await TestBench(ScriptedModel([.say(said)]))
    let thread = try await bench.thread(["type": "chat_retrieval"])
    try await bench.ingest("Bears eat honey every day.", named: "a.txt", into: .thread(thread))
    let events = try await bench.turn(thread, "What do bears eat?")
    #expect(events.failure == nil)
    let quotations = try events.committed.last?.additionalKwargs["quotations"]?.decoded(as: [Quotation].self)
    #expect(quotations?.map(\.state) == [.near] && quotations?.first?.number == nil)
  }
}
