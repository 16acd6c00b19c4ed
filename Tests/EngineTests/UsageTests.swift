import Conversation
import Logging
import Providers
import Store
import Synchronization
import Testing

@testable import Engine

/// What runs take of models, and answers that are given again.
@Suite struct UsageTests {
  private func record(_ bench: TestBench, _ log: RunLog) async throws -> UsageTotal {
    _ = await log.untilEnd()
    return try await bench.store.usage(of: log.runID)
  }

  @Test func `each call of a run is accounted for with its step`() async throws {
    let call = ToolCall(name: "look", arguments: [:], id: "1")
    let bench = try await TestBench(
      ScriptedModel([.call([call]), .say("done")]), tools: [TestTool("look") { _ in "seen" }])
    let thread = try await bench.thread(["type": "agent", "type==agent/tools": ["look"]])
    let log = try await bench.runner.start(bench.request(thread, "go"))
    let total = try await record(bench, log)
    // The first call told no figures, so they were reckoned from its texts.
    #expect(total.calls == 2 && total.inputTokens > 1 && total.outputTokens > 2 && total.unpricedCalls == 2)
    let scope = UsageScope(user: bench.user.id)
    #expect(try await bench.store.usage(by: .model, in: scope).map(\.key) == ["GPT 3.5 Turbo"])
  }

  @Test func `a call that was cut is paid for all the same`() async throws {
    let bench = try await TestBench(ScriptedModel([.fail(.cut(cause: "x"), after: "Half an answer")]))
    let log = try await bench.runner.start(bench.request(bench.thread(), "go"))
    let total = try await record(bench, log)
    #expect(total.calls == 1 && total.outputTokens > 0)
  }

  @Test func `a call that was refused takes nothing`() async throws {
    let bench = try await TestBench(ScriptedModel([.fail(.unauthorized, after: "")]))
    let log = try await bench.runner.start(bench.request(bench.thread(), "go"))
    #expect(try await record(bench, log).calls == 0)
  }

  // MARK: Answers given again

  private func definition() -> ModelDefinition {
    var definition = ModelDefinition(name: "M", provider: "openai", model: "m")
    definition.cache = true
    return definition
  }

  private func ask(_ model: CachedModel, _ request: ChatRequest) async throws -> (
    text: String, isCached: Bool
  ) {
    var (text, isCached) = ("", false)
    try await model.reply(to: request) { event in
      if case .text(let piece) = event { text += piece }
      if case .answered(_, let cached) = event { isCached = cached }
    }
    return (text, isCached)
  }

  @Test func `the same question gets the same answer without being asked`() async throws {
    let scripted = ScriptedModel([.say("one"), .say("two"), .say("three")])
    let bench = try await TestBench(scripted)
    let model = CachedModel(
      model: scripted, definition: definition(), store: bench.store, logger: Logger(label: "test"))
    let question = { ChatRequest(system: "S", messages: [.human("why?")]) }
    #expect(try await ask(model, question()) == ("one ", false))
    #expect(try await ask(model, question()) == ("one ", true), "the ids of messages make no difference")
    var other = question()
    other.system = "T"
    #expect(try await ask(model, other) == ("two ", false))
    #expect(scripted.requests.count == 2)
  }

  @Test func `half an answer is not kept`() async throws {
    let scripted = ScriptedModel([.fail(.cut(cause: "x"), after: "Half"), .say("whole")])
    let bench = try await TestBench(scripted)
    let model = CachedModel(
      model: scripted, definition: definition(), store: bench.store, logger: Logger(label: "test"))
    _ = try? await ask(model, ChatRequest(messages: [.human("why?")]))
    #expect(try await ask(model, ChatRequest(messages: [.human("why?")])) == ("whole ", false))
  }

  // MARK: What a reply keeps

  @Test func `thoughts and pictures stay with the message, where they came`() {
    var reply = Reply(id: "r")
    for event in [
      .text("Ah. "), .thought(Thought(vendor: "v", text: "hm", signature: "s")), .text("So."),
      .image(mediaType: "image/png", data: "AAAA"), .finished(reason: "stop", model: "m"),
    ] as [ModelEvent] { _ = reply.take(event) }
    let message = reply.finished
    #expect(message.thoughts == [Thought(vendor: "v", text: "hm", signature: "s", after: 4)])
    #expect(message.text == "Ah. So.")
    #expect(message.content[1]?["image_url"]?["url"] == "data:image/png;base64,AAAA")
  }
}
