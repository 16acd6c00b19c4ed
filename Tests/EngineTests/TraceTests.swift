import Conversation
import Metering
import Providers
import Store
import Testing

@testable import Engine

/// What is noted of runs, and what becomes of it.
@Suite struct TraceTests {
  private let call = ToolCall(name: "look", arguments: ["where": "under the secret stone"], id: "1")

  private func bench(
    _ script: [ScriptedModel.Act], settings: TraceSettings = TraceSettings()
  ) async throws -> (TestBench, Identifier<Conversation.Thread>) {
    let bench = try await TestBench(
      ScriptedModel(script), tools: [TestTool("look") { _ in "a secret toad" }], traces: settings)
    return (bench, try await bench.thread(["type": "agent", "type==agent/tools": ["look"]]))
  }

  private func spans(
    of bench: TestBench, _ thread: Identifier<Conversation.Thread>, _ text: String? = "tell me the secret",
    request id: String? = nil
  ) async throws -> [Span] {
    var request = bench.request(thread, text)
    request.requestID = id
    let log = try await bench.runner.start(request)
    _ = await log.untilEnd()
    return try await bench.engine.traces.spans(of: log.runID)
  }

  @Test func `a turn shows its steps, model calls, tools and checkpoints, each within its own`() async throws
  {
    let (bench, thread) = try await bench([.call([call]), .say("a secret answer")])
    let spans = try await spans(of: bench, thread, request: "r1")
    #expect(
      spans.map(\.kind) == [
        .run, .step, .model, .proof, .checkpoint, .step, .tool, .checkpoint, .step, .model, .proof,
        .checkpoint,
      ])
    let root = spans[0]
    let steps = spans.filter { $0.kind == .step }
    #expect(root.attributes["opengpts.request_id"] == "r1" && steps.allSatisfy { $0.parentID == root.id })
    #expect(
      spans[6].parentID == steps[1].id && spans.allSatisfy { $0.microseconds != nil && $0.failure == nil })
    let checkpoint = try await bench.view(thread).snapshot?.checkpoint.id.description
    #expect(steps[2].attributes["opengpts.checkpoint_id"]?.string == checkpoint)
  }

  @Test func `model calls and tools tell what they took`() async throws {
    let (bench, thread) = try await bench([.call([call]), .say("a secret answer")])
    let spans = try await spans(of: bench, thread)
    let model = try #require(spans.last { $0.kind == .model }).attributes
    #expect(model["gen_ai.usage.input_tokens"] == 1 && model["gen_ai.usage.output_tokens"] == 2)
    #expect(model["gen_ai.response.finish_reasons"] == ["stop"] && model["gen_ai.operation.name"] == "chat")
    #expect(model["gen_ai.response.time_to_first_chunk"]?.number ?? 0 > 0)
    let tool = try #require(spans.first { $0.kind == .tool })
    #expect(tool.name == "execute_tool look" && tool.attributes["opengpts.result_bytes"] == 13)
    #expect(tool.attributes["opengpts.arguments_bytes"] == .integer(call.arguments.text.utf8.count))
  }

  @Test func `what was said is in it only where that is wanted`() async throws {
    for keepsContent in [false, true] {
      var settings = TraceSettings()
      settings.keepsContent = keepsContent
      let (bench, thread) = try await bench([.call([call]), .say("a secret answer")], settings: settings)
      let text = try JSON(encoding: try await spans(of: bench, thread)).text
      for said in ["tell me the secret", "secret stone", "secret toad", "secret answer"] {
        #expect(text.contains(said) == keepsContent, "\(said)")
      }
    }
  }

  @Test func `what an assistant was told is not in it`() {
    let request = ChatRequest(system: "our orders", messages: [.human("hello")])
    #expect(request.traced.contains("hello") && !request.traced.contains("orders"))
  }

  @Test func `a failure is named where it happened and in the run`() async throws {
    let (bench, thread) = try await bench([.fail(.rateLimited(retryAfterSeconds: 7), after: "")])
    let failed = try await spans(of: bench, thread).filter { $0.failure != nil }
    #expect(failed.map(\.kind) == [.run, .step, .model])
    #expect(failed.last?.failure?.type == "rate_limited" && failed[0].failure?.type == "rate_limited")
    #expect(failed[0].failure?.message?.contains("in 7 s") == true)
  }

  @Test func `a tool that fails is named, and the run goes on`() async throws {
    let bench = try await TestBench(
      ScriptedModel([.call([call]), .say("sorry")]),
      tools: [TestTool("look") { _ in throw ToolError("It is dark.") }])
    let thread = try await bench.thread(["type": "agent", "type==agent/tools": ["look"]])
    let spans = try await spans(of: bench, thread)
    #expect(
      spans.first { $0.kind == .tool }?.failure == Span.Failure(type: "tool_failed", message: "It is dark."))
    #expect(spans.filter { $0.failure != nil }.count == 1)
  }

  @Test func `how long a call waited for a person is said`() async throws {
    let bench = try await TestBench(
      ScriptedModel([.call([call]), .say("done")]), tools: [TestTool("look") { _ in "seen" }])
    let thread = try await bench.thread([
      "type": "agent", "type==agent/tools": ["look"], "interrupt_before_action": true,
    ])
    _ = try await spans(of: bench, thread)
    let spans = try await spans(of: bench, thread, nil)
    let tool = try #require(spans.first { $0.kind == .tool })
    #expect(tool.attributes["opengpts.approval_wait_seconds"]?.number ?? 0 > 0)
  }

  // MARK: Keeping

  @Test func `it is seen while the run goes on, and kept in parts`() async throws {
    let (bench, thread) = try await bench([.call([call]), .hang(after: "so far")])
    let traces = bench.engine.traces
    let log = try await bench.runner.start(bench.request(thread, "go"))
    await log.wait { if case .delta(let delta) = $0 { delta.text == "so far" } else { false } }
    await traces.keepEnded()
    let kept = try await bench.store.spans(of: log.runID)
    let seen = try await traces.spans(of: log.runID)
    #expect(kept.map(\.kind).contains(.tool) && !kept.map(\.kind).contains(.run))
    #expect(seen.first?.kind == .run && seen.first?.microseconds == nil && seen.count == kept.count + 3)
    try await bench.runner.cancel(log.runID, of: bench.user.id)
    await traces.keepEnded()
    let whole = try await bench.store.spans(of: log.runID)
    #expect(Set(whole.map(\.id)) == Set(try await traces.spans(of: log.runID).map(\.id)))
    #expect(whole.first { $0.kind == .run }?.failure?.type == "cancelled")
  }

  @Test func `it goes with its thread, and what ended too late is let go`() async throws {
    let (bench, thread) = try await bench([.say("a"), .say("b")])
    let first = try await bench.runner.start(bench.request(thread, "1"))
    _ = await first.untilEnd()
    await bench.engine.traces.keepEnded()
    let second = try await bench.runner.start(bench.request(thread, "2"))
    _ = await second.untilEnd()
    #expect(try await !bench.store.spans(of: first.runID).isEmpty)
    try await bench.store.deleteThread(thread, of: bench.user.id)
    await bench.engine.traces.keepEnded()
    for run in [first.runID, second.runID] {
      #expect(try await bench.store.spans(of: run).isEmpty)
      #expect(try await bench.engine.traces.spans(of: run).isEmpty)
    }
    #expect(bench.engine.traces.droppedCount == 0)
  }

  @Test func `nothing is kept for no days`() async throws {
    var settings = TraceSettings()
    settings.keepDays = 0
    let (bench, thread) = try await bench([.say("a")], settings: settings)
    #expect(try await !spans(of: bench, thread).isEmpty)
    await bench.engine.traces.keepEnded()
    let run = try #require(try await bench.store.runs(of: bench.user.id).first)
    #expect(try await bench.engine.traces.spans(of: run.id).isEmpty)
  }

  @Test func `a run that is taken up again has both parts in one tree`() async throws {
    let (bench, thread) = try await bench([.hang(after: "x"), .say("done")])
    let log = try await bench.runner.start(bench.request(thread, "go"))
    await log.wait { if case .delta(let delta) = $0 { delta.text == "x" } else { false } }
    await bench.runner.stop()
    await bench.engine.traces.keepEnded()
    let again = try Engine(bench.parts(with: ScriptedModel([.say("done")])))
    try await again.runner.resumeOpenRuns()
    let second = try await again.runner.log(of: log.runID, user: bench.user.id)
    _ = await second?.untilEnd()
    let runs = try await again.traces.spans(of: log.runID).filter { $0.kind == .run }
    #expect(runs.count == 2 && runs[1].parentID == runs[0].id && runs[0].failure?.type == "interrupted")
    #expect(runs[1].attributes["opengpts.is_taken_up"] == true && runs[1].failure == nil)
  }
}
