import Conversation
import Foundation
import Providers
import Store
import Testing

@testable import Engine

@Suite struct FailureTests {
  @Test func `a failed model call keeps the question and can be tried again`() async throws {
    let bench = try await TestBench(
      ScriptedModel([.fail(.unreachable(cause: "secret host"), after: ""), .say("Better now")]))
    let thread = try await bench.thread(["type": "chatbot"])
    let events = try await bench.turn(thread, "hello")
    #expect(events.failure?.code == "model_unreachable")
    #expect(events.failure?.message.contains("secret") == false)
    #expect(try await bench.next(thread) == [.chatbot])
    try await bench.turn(thread, nil)
    #expect(try await bench.texts(thread) == ["hello", "Better now"])
  }

  @Test func `an answer that breaks off is kept, and the next try takes its place`() async throws {
    let model = ScriptedModel([.fail(.cut(cause: "gone"), after: "Half an"), .say("A whole answer")])
    let bench = try await TestBench(model)
    let thread = try await bench.thread(["type": "chatbot"])
    try await bench.turn(thread, "hello")
    let half = try #require(try await bench.view(thread).snapshot?.state.messages.last)
    #expect(half.text == "Half an")
    #expect(half.responseMetadata["finish_reason"] == "interrupted")
    try await bench.turn(thread, nil)
    #expect(try await bench.texts(thread) == ["hello", "A whole answer"])
    #expect(model.requests[1].messages.count == 1)
  }

  @Test func `a run that is cancelled keeps what was said and is done`() async throws {
    let bench = try await TestBench(ScriptedModel([.hang(after: "So far"), .say("Next")]))
    let thread = try await bench.thread(["type": "chatbot"])
    let log = try await bench.runner.start(bench.request(thread, "hello"))
    await log.wait { if case .delta(let delta) = $0 { delta.text == "So far" } else { false } }
    try await bench.runner.cancel(log.runID, of: bench.user.id)
    #expect(try await bench.status(log) == .cancelled)
    let last = try #require(try await bench.view(thread).snapshot?.state.messages.last)
    #expect(last.text == "So far")
    #expect(last.responseMetadata["finish_reason"] == "cancelled")
    #expect(try await bench.next(thread).isEmpty)
    try await bench.turn(thread, "go on")
    #expect(try await bench.texts(thread) == ["hello", "So far", "go on", "Next"])
  }

  @Test func `somebody else's run is not found`() async throws {
    let bench = try await TestBench(ScriptedModel([.say("x")]))
    let thread = try await bench.thread(["type": "chatbot"])
    let log = try await bench.runner.start(bench.request(thread, "hello"))
    let other = try await bench.store.user(subject: "other")
    await #expect(throws: EngineError.self) { try await bench.runner.cancel(log.runID, of: other.id) }
    await #expect(throws: EngineError.self) { _ = try await bench.runner.log(of: log.runID, user: other.id) }
    var request = bench.request(thread, "mine")
    request.userID = other.id
    let foreign = request
    await #expect(throws: EngineError.self) { _ = try await bench.runner.start(foreign) }
    _ = await log.untilEnd()
  }

  @Test func `a model that is not set up fails the run and says what is`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread(["type": "chatbot", "llm_type": "Claude 2"])
    let events = try await bench.turn(thread, "hello")
    #expect(events.failure?.code == "model_not_configured")
    #expect(events.failure?.message.contains("GPT 3.5 Turbo") == true)
    #expect(try await bench.texts(thread) == ["hello"])
  }

  // MARK: Two runs on one thread

  @Test func `a second run on a thread is refused while the first goes on`() async throws {
    let bench = try await TestBench(ScriptedModel([.hang(after: "")]))
    let thread = try await bench.thread(["type": "chatbot"])
    let log = try await bench.runner.start(bench.request(thread, "one"))
    await #expect(throws: EngineError.self) { _ = try await bench.runner.start(bench.request(thread, "two")) }
    await #expect(throws: EngineError.self) {
      try await bench.runner.edit(thread, user: bench.user.id, messages: [.human("three")])
    }
    try await bench.runner.cancel(log.runID, of: bench.user.id)
    #expect(try await bench.texts(thread) == ["one"])
  }

  @Test(arguments: [
    (MultitaskStrategy.interrupt, ["one", "Begun", "two", "Done"]), (.rollback, ["two", "Done"]),
  ])
  func `a second run may put an end to the first`(strategy: MultitaskStrategy, texts: [String]) async throws {
    let bench = try await TestBench(ScriptedModel([.hang(after: "Begun"), .say("Done")]))
    let thread = try await bench.thread(["type": "chatbot"])
    let first = try await bench.runner.start(bench.request(thread, "one"))
    await first.wait { if case .delta(let delta) = $0 { !delta.text.isEmpty } else { false } }
    let second = try await bench.runner.start(bench.request(thread, "two", whenBusy: strategy))
    _ = await second.untilEnd()
    #expect(try await bench.texts(thread) == texts)
    #expect(try await bench.status(first) == .cancelled)
    #expect(try await bench.status(second) == .success)
  }

  @Test func `runs that wait in line all get their turn`() async throws {
    let bench = try await TestBench(ScriptedModel((1...6).map { .say("answer \($0)") }))
    let thread = try await bench.thread(["type": "chatbot"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...6 {
        group.addTask {
          let log = try await bench.runner.start(bench.request(thread, "q\(number)", whenBusy: .enqueue))
          _ = await log.untilEnd()
        }
      }
      try await group.waitForAll()
    }
    let texts = try await bench.texts(thread)
    #expect(texts.count == 12)
    #expect(Set(texts) == Set((1...6).flatMap { ["q\($0)", "answer \($0)"] }))
  }

  // MARK: After a crash

  @Test func `what a dead process left open is taken up, and no finished call is made twice`() async throws {
    let calls = ["first", "second", "third"].map { ToolCall(name: $0, arguments: [:], id: $0) }
    let directory = FileManager.default.temporaryDirectory.appending(path: "crash-\(UUID())")
    let made = Counter()
    let tools =
      ["first", "second"].map { name in
        TestTool(name, isRepeatable: false) { _ in
          made.add(name)
          return .string("\(name) done")
        }
      } + [
        TestTool("third", isRepeatable: true) { _ in
          made.add("third")
          return "third done"
        }
      ]
    let bench = try await TestBench(ScriptedModel([.say("Recovered")]), tools: tools, directory: directory)
    let thread = try await bench.thread(["tools": ["first", "second", "third"]])
    try await bench.leaveOpenRun(on: thread, asking: calls)
    try await bench.runner.resumeOpenRuns()
    let run = try #require(try await bench.store.runs(of: thread, user: bench.user.id).first)
    let log = try #require(try await bench.runner.log(of: run.id, user: bench.user.id))
    _ = await log.untilEnd()
    let results = try await bench.view(thread).snapshot?.state.messages.filter { $0.role == .tool } ?? []
    #expect(results.map(\.text).first == "from before")
    #expect(results.map(\.status) == [.success, .error, .success])
    #expect(made.counts == ["third": 1])
    #expect(try await bench.texts(thread).last == "Recovered")
    #expect(try await bench.store.run(run.id, of: bench.user.id)?.status == .success)
  }
}
