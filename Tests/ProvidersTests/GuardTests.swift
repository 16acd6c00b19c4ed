import Conversation
import Synchronization
import Testing

@testable import Providers

@Suite struct GuardTests {
  /// Says its name, or fails.
  private final class Stub: ChatModel {
    let outcome: Mutex<Result<String, ModelError>>
    let asked = Mutex<[ChatRequest]>([])
    let saysFirst: String?

    init(_ outcome: Result<String, ModelError>, saysFirst: String? = nil) {
      self.outcome = Mutex(outcome)
      self.saysFirst = saysFirst
    }

    func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
      asked.withLock { $0.append(request) }
      await receive(.usage(TokenUsage(inputTokens: 1, outputTokens: 0)))
      if let saysFirst { await receive(.text(saysFirst)) }
      let text = try outcome.withLock { $0 }.get()
      await receive(.text(text))
      await receive(.finished(reason: "stop", model: text))
    }
  }

  private func candidate(
    _ name: String, _ model: Stub, breaker: CircuitBreaker = CircuitBreaker(),
    tools: ModelDefinition.ToolUse = .native
  ) -> GuardedModel.Candidate {
    var definition = ModelDefinition(name: name, provider: "openai", model: name)
    definition.tools = tools
    return .init(name: name, definition: definition, model: .success(model), breaker: breaker)
  }

  private func ask(
    _ candidates: [GuardedModel.Candidate], _ request: ChatRequest = ChatRequest(messages: [.human("hi")])
  ) async -> (text: String, by: String?, error: ModelError?) {
    var (text, by): (String, String?) = ("", nil)
    do throws(ModelError) {
      try await GuardedModel { candidates }.reply(to: request) { event in
        if case .text(let piece) = event { text += piece }
        if case .answered(let name, _) = event { by = name }
      }
      return (text, by, nil)
    } catch {
      return (text, by, error)
    }
  }

  // MARK: Fallback

  @Test func `another model answers when the first cannot be asked, and says so`() async {
    let down = candidate("a", Stub(.failure(.unreachable(cause: "x"))))
    let (text, by, error) = await ask([down, candidate("b", Stub(.success("B")))])
    #expect(text == "B" && by == "b" && error == nil)
  }

  @Test func `no other model is asked once something was said, or when the request is at fault`() async {
    let second = Stub(.success("B"))
    let half = await ask([
      candidate("a", Stub(.failure(.cut(cause: "x")), saysFirst: "Ha")), candidate("b", second),
    ])
    #expect(half.text == "Ha" && half.by == nil)
    guard case .cut? = half.error else {
      Issue.record("\(String(describing: half.error))")
      return
    }
    _ = await ask([candidate("a", Stub(.failure(.contextTooLong))), candidate("b", second)])
    #expect(second.asked.withLock(\.count) == 0)
  }

  @Test func `a model that has no tool calls does not stand in where there are tools`() async {
    let tool = ToolSpecification(name: "t", description: "", parameters: [:])
    let second = Stub(.success("B"))
    let (_, _, error) = await ask(
      [candidate("a", Stub(.failure(.timedOut(cause: "x")))), candidate("b", second, tools: .xml)],
      ChatRequest(messages: [.human("hi")], tools: [tool]))
    guard case .timedOut? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(second.asked.withLock(\.count) == 0)
  }

  // MARK: Breaker

  @Test func `five failures open the breaker, and after thirty seconds one call sees`() async {
    let clock = Mutex(ContinuousClock.now)
    let breaker = CircuitBreaker { clock.withLock { $0 } }
    let stub = Stub(.failure(.unavailable(status: 500)))
    let candidates = [candidate("a", stub, breaker: breaker)]
    for _ in 0..<5 { _ = await ask(candidates) }
    guard case .suspended(let seconds)? = await ask(candidates).error else {
      Issue.record("not open")
      return
    }
    #expect(seconds > 25 && seconds <= 31 && stub.asked.withLock(\.count) == 5)
    clock.withLock { $0 += .seconds(31) }
    #expect(breaker.restSeconds == nil)
    _ = await ask(candidates)
    #expect(stub.asked.withLock(\.count) == 6 && breaker.restSeconds != nil, "a failed probe closes it again")
    clock.withLock { $0 += .seconds(31) }
    stub.outcome.withLock { $0 = .success("A") }
    #expect(await ask(candidates).text == "A")
    stub.outcome.withLock { $0 = .failure(.unavailable(status: 500)) }
    _ = await ask(candidates)
    #expect(breaker.restSeconds == nil, "the count begins anew")
  }

  @Test func `what a server refuses, or a person stops, does not count against it`() async {
    let breaker = CircuitBreaker()
    for error in [ModelError.rejected(status: 400, message: ""), .cancelled, .unauthorized] {
      for _ in 0..<6 { _ = await ask([candidate("a", Stub(.failure(error)), breaker: breaker)]) }
      #expect(breaker.restSeconds == nil)
    }
  }
}

@Suite struct HistoryWindowTests {
  private func turn(_ number: Int, length: Int = 400) -> [Message] {
    [.human("question \(number) " + String(repeating: "x", count: length)), .assistant("answer \(number)")]
  }

  private func definition(_ tokens: Int) -> ModelDefinition {
    var definition = ModelDefinition(name: "m", provider: "openai", model: "m")
    definition.contextTokens = tokens
    definition.maxOutputTokens = 100
    return definition
  }

  @Test func `the oldest turns go first, and the last question stays`() {
    let messages = (1...10).flatMap { turn($0) } + [.human("now")]
    let fitting = ChatRequest(system: "S", messages: messages).fitting(definition(600))
    #expect(fitting.messages.first?.text.hasPrefix("question 7") == true)
    #expect(fitting.messages.last?.text == "now")
    #expect(TokenEstimate.tokens(in: fitting) <= 500)
    #expect(ChatRequest(messages: messages).fitting(definition(100_000)).messages == messages)
    let unknown = ModelDefinition(name: "m", provider: "openai", model: "m")
    #expect(ChatRequest(messages: messages).fitting(unknown).messages == messages)
  }

  @Test func `a call and its results stay or go together`() {
    var messages: [Message] = turn(1) + [.human("do it")]
    for number in 1...8 {
      let calls = ["a", "b"].map { ToolCall(name: "t", arguments: [:], id: "\($0)\(number)") }
      messages.append(.assistant("", toolCalls: calls))
      messages += calls.map { .toolResult(.string(String(repeating: "r", count: 300)), of: $0) }
    }
    for tokens in stride(from: 200, to: 2_000, by: 50) {
      let kept = ChatRequest(messages: messages).fitting(definition(tokens)).messages
      let called = Set(kept.flatMap(\.toolCalls).map(\.id))
      let answered = Set(kept.compactMap(\.toolCallID))
      #expect(called == answered, "\(tokens) tokens")
      #expect(kept.contains { $0.text == "do it" } && called.contains("a8"), "\(tokens) tokens")
      let order = kept.map { message in messages.firstIndex { $0.id == message.id } ?? -1 }
      #expect(order == order.sorted())
    }
  }

  @Test func `tokens are reckoned rather too many than too few`() {
    #expect(TokenEstimate.tokens(in: "") == 0)
    #expect(TokenEstimate.tokens(in: "Hello, how are you today?") == 7)  // cl100k counts 7
    #expect(TokenEstimate.tokens(in: "今天天气怎么样") == 7)
  }
}
