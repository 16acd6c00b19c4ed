import Conversation
import Providers
import Testing

@testable import Engine

@Suite struct RunTests {
  @Test func `a chat bot's turn is in the state and in the history`() async throws {
    let model = ScriptedModel([.say("Hello there"), .say("Again")])
    let bench = try await TestBench(model)
    let thread = try await bench.thread(["type": "chatbot", "type==chatbot/system_message": "Be kind."])
    let events = try await bench.turn(thread, "hi")
    try await bench.turn(thread, "and?")
    #expect(try await bench.texts(thread) == ["hi", "Hello there", "and?", "Again"])
    #expect(try await bench.next(thread).isEmpty)
    #expect(model.requests[0].system == "Be kind.")
    #expect(model.requests[1].messages.count == 3)
    #expect(events.committed.last?.usage?.totalTokens == 3)
    let history = try await bench.runner.history(of: thread, user: bench.user.id).page
    #expect(history.map(\.checkpoint.next) == [[], [.chatbot], [.start], [], [.chatbot], [.start]])
    #expect(history.map(\.state.messages.count) == [4, 3, 2, 2, 1, 0])
  }

  @Test func `a history of large states comes in pages that can be held, and comes whole`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread(["type": "chatbot"])
    let large = String(repeating: "x", count: 3 << 20)
    for number in 0..<6 {
      try await bench.runner.edit(thread, user: bench.user.id, messages: [.human(large, id: "\(number)")])
    }
    var sizes: [Int] = []
    var last: Identifier<Checkpoint>?
    while true {
      let page = try await bench.runner.history(of: thread, user: bench.user.id, before: last).page
      guard let end = page.last else { break }
      sizes += page.map(\.state.messages.count)
      #expect(
        page.count == 1 || page.reduce(0) { $0 + $1.state.messages.count } * (3 << 20) <= Limits.historyBytes)
      last = end.checkpoint.id
    }
    #expect(sizes == [6, 5, 4, 3, 2, 1])
  }

  @Test func `an agent calls its tools and hears what they say`() async throws {
    let calls = [
      ToolCall(name: "add", arguments: ["a": 1], id: "1"),
      ToolCall(name: "add", arguments: ["a": 2], id: "1"),
    ]
    let model = ScriptedModel([.call(calls), .say("Done")])
    let tool = TestTool("add") { ["sum": .integer(($0["a"]?.integer ?? 0) + 1)] }
    let bench = try await TestBench(model, tools: [tool])
    let thread = try await bench.thread(["tools": ["add"]])
    try await bench.turn(thread, "add")
    let messages = try await bench.view(thread).snapshot?.state.messages ?? []
    #expect(messages.map(\.role) == [.human, .ai, .tool, .tool, .ai])
    #expect(messages[2].content == ["sum": 2])
    #expect(messages[3].content == ["sum": 3])
    #expect(model.requests[1].messages.count == 4)
  }

  @Test func `a tool that fails gives the model an error and the run goes on`() async throws {
    let calls = ["known", "unknown", "broken"].map { ToolCall(name: $0, arguments: [:], id: $0) }
    let bench = try await TestBench(
      ScriptedModel([.call(calls), .say("So be it")]),
      tools: [
        TestTool("known") { _ in throw ToolError("It rains.") },
        TestTool("broken") { _ in throw CancellationError() },
      ])
    let thread = try await bench.thread(["tools": ["known", "broken"]])
    let events = try await bench.turn(thread, "go")
    #expect(events.failure == nil)
    let results = try await bench.view(thread).snapshot?.state.messages.filter { $0.role == .tool } ?? []
    #expect(results.map(\.status) == [.error, .error, .error])
    #expect(results[0].text == "It rains.")
    #expect(results[1].text.contains("broken, known"))
    #expect(try await bench.texts(thread).last == "So be it")
  }

  @Test func `with confirmation on the run stops before the tool and goes on when resumed`() async throws {
    let call = ToolCall(name: "send", arguments: ["to": "A"], id: "1")
    let model = ScriptedModel([.call([call]), .say("Sent")])
    let bench = try await TestBench(
      model, tools: [TestTool("send") { .string("sent to \($0["to"]?.string ?? "")") }])
    let thread = try await bench.thread(["tools": ["send"], "interrupt_before_action": true])
    let first = try await bench.runner.start(bench.request(thread, "send it"))
    _ = await first.untilEnd()
    #expect(try await bench.next(thread) == [.action])
    #expect(try await bench.status(first) == .interrupted)

    var asking = try #require(try await bench.view(thread).snapshot?.state.messages.last)
    asking.toolCalls[0].arguments = ["to": "B"]
    try await bench.runner.edit(thread, user: bench.user.id, messages: [asking])
    #expect(try await bench.next(thread) == [.action])
    try await bench.turn(thread, nil)
    #expect(try await bench.texts(thread).suffix(2) == ["sent to B", "Sent"])
  }

  @Test func `taking the calls out of a message takes them out for good`() async throws {
    let bench = try await TestBench(
      ScriptedModel([.call([ToolCall(name: "send", arguments: [:], id: "1")])]),
      tools: [TestTool("send") { _ in nil }])
    let thread = try await bench.thread(["tools": ["send"], "interrupt_before_action": true])
    try await bench.turn(thread, "go")
    var asking = try #require(try await bench.view(thread).snapshot?.state.messages.last)
    #expect(asking.additionalKwargs["tool_calls"] != nil)
    asking.toolCalls = []
    try await bench.runner.edit(thread, user: bench.user.id, messages: [asking])
    let edited = try #require(try await bench.view(thread).snapshot?.state.messages.last)
    #expect(edited.additionalKwargs["tool_calls"] == nil)
    #expect(try await bench.next(thread).isEmpty)
  }

  @Test func `a person who speaks instead of confirming leaves no call unanswered`() async throws {
    let model = ScriptedModel([.call([ToolCall(name: "send", arguments: [:], id: "c1")]), .say("All right")])
    let bench = try await TestBench(model, tools: [TestTool("send") { _ in nil }])
    let thread = try await bench.thread(["tools": ["send"], "interrupt_before_action": true])
    try await bench.turn(thread, "go")
    try await bench.turn(thread, "never mind")
    #expect(model.requests[1].messages.map(\.role) == [.human, .ai, .tool, .human])
    #expect(try await bench.texts(thread).last == "All right")
  }

  @Test func `a call is answered by the results after it alone, though ids come again`() {
    let call = ToolCall(name: "send", arguments: [:], id: "c1")
    let state = ThreadState(messages: [
      .human("a"), .assistant("", toolCalls: [call]), .toolResult("done", of: call), .human("b"),
      .assistant("", toolCalls: [call]), .human("c"),
    ])
    #expect(state.messagesForModel.map(\.role) == [.human, .ai, .tool, .human, .ai, .tool, .human])
    #expect(state.messagesForModel[5].status == .error)
  }

  @Test func `a run that goes in circles is stopped at the limit`() async throws {
    let call = ToolCall(name: "again", arguments: [:], id: "1")
    let bench = try await TestBench(
      ScriptedModel(Array(repeating: .call([call]), count: 60)), tools: [TestTool("again") { _ in nil }])
    let thread = try await bench.thread(["tools": ["again"]])
    let events = try await bench.turn(thread, "go")
    #expect(events.failure?.code == "step_limit")
    #expect(try await bench.view(thread).snapshot?.state.messages.count == 1 + Limits.agentSteps)
  }

  @Test func `the retrieval bot searches and answers from what it found`() async throws {
    let model = ScriptedModel([.say("They eat honey [1]."), .say("wolves hunting"), .say("In packs.")])
    let bench = try await TestBench(model)
    let thread = try await bench.thread(["type": "chat_retrieval"])
    try await bench.ingest("Bears eat honey and salmon.", named: "bears.txt", into: .thread(thread))
    try await bench.turn(thread, "what do bears eat")
    let state = try #require(try await bench.view(thread).snapshot?.state)
    #expect(state.messages.map(\.role) == [.human, .ai, .tool, .ai])
    #expect(state.messageCount == 2)
    #expect(state.messages[2].content[0]?["page_content"] == "Bears eat honey and salmon.")
    #expect(state.messages[3].additionalKwargs["citations"]?[0]?["source"] == "bears.txt")
    #expect(model.requests[0].system?.contains("Bears eat honey and salmon.") == true)
    try await bench.turn(thread, "and wolves?")
    #expect(model.requests[1].purpose == .searchQuery)
    #expect(try await bench.texts(thread).last == "In packs.")
  }
}
