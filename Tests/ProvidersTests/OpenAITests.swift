import Conversation
import Testing
import Transport

@testable import Providers

@Suite struct OpenAITests {
  /// Reads a recorded stream in pieces of that many bytes.
  private func read(_ recording: String, bytesAtOnce: Int) throws -> (
    text: String, calls: [ToolCall], end: [String]
  ) {
    var parser = ServerSentEventParser()
    var reader = OpenAIStreamReader()
    var events: [ModelEvent] = []
    let bytes = Array(recording.utf8)
    for start in stride(from: 0, to: bytes.count, by: bytesAtOnce) {
      for event in try parser.feed(Array(bytes[start..<min(start + bytesAtOnce, bytes.count)])) {
        events += try reader.read(event.data)
      }
    }
    events += try reader.end()
    var partial = PartialMessage(id: "m")
    var end: [String] = []
    for event in events {
      switch event {
      case .text(let text): partial.append(MessageDelta(id: "m", text: text))
      case .toolCall(let piece): partial.append(MessageDelta(id: "m", toolCalls: [piece]))
      case .usage(let usage): end.append("\(usage.inputTokens)+\(usage.outputTokens)")
      case .finished(let reason, let model): end.append("\(reason) \(model ?? "")")
      case .citations: break
      }
    }
    return (partial.finished.text, partial.finished.toolCalls, end)
  }

  private static let answer = """
    data: {"id":"1","model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

    data: {"id":"1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}]}

    : a comment

    data: {"id":"1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"世界 🐻"},"finish_reason":null}]}

    data: {"id":"1","model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

    data: {"id":"1","model":"gpt-x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}

    data: [DONE]


    """

  private static let calls = """
    data: {"model":"gpt-x","choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":""}}]}}]}

    data: {"model":"gpt-x","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q\\": "}},{"index":1,"id":"b","function":{"name":"add","arguments":"{}"}}]}}]}

    data: {"model":"gpt-x","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\\"x\\"}"}}]}}]}

    data: {"model":"gpt-x","choices":[{"delta":{},"finish_reason":"tool_calls"}]}


    """

  @Test func `an answer reads the same however its bytes are cut`() throws {
    for size in 1...Self.answer.utf8.count {
      let reply = try read(Self.answer, bytesAtOnce: size)
      #expect(reply.text == "Grüße, 世界 🐻")
      #expect(reply.end == ["9+4", "stop gpt-x"])
    }
  }

  @Test func `parallel calls read the same however their bytes are cut`() throws {
    for size in 1...Self.calls.utf8.count {
      let reply = try read(Self.calls, bytesAtOnce: size)
      #expect(
        reply.calls == [
          ToolCall(name: "find", arguments: ["q": "x"], id: "a"),
          ToolCall(name: "add", arguments: [:], id: "b"),
        ])
    }
  }

  @Test func `a stream that closes without a reason was cut`() {
    let error = #expect(throws: ModelError.self) {
      try read("data: {\"choices\":[{\"delta\":{\"content\":\"Hal\"}}]}\n\n", bytesAtOnce: 7)
    }
    guard case .cut? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    "data: {\"choices\": 5}\n\n", "data: hello\n\n", "data: {\"choices\":[{\"delta\":{\"content\":5}}]}\n\n",
  ])
  func `what is no chunk is said to be none`(recording: String) {
    let error = #expect(throws: ModelError.self) { try read(recording, bytesAtOnce: 3) }
    guard case .malformed? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `the request holds what the API wants and nothing it refuses`() throws {
    let call = ToolCall(name: "find", arguments: ["q": "x"], id: "a")
    let request = ChatRequest(
      system: "S",
      messages: [
        .human("hi"), .assistant(""), .assistant("", toolCalls: [call]), .toolResult(["n": 1], of: call),
        Message(role: .function, content: "obs", name: "f"),
      ], tools: [ToolSpecification(name: "find", description: "D", parameters: ["type": "object"])],
      stop: ["x"])
    let body = try JSON(encoding: OpenAIRequest(request, model: "gpt-4o"))
    #expect(
      body["messages"]?.array?.map { $0["role"]?.string } == ["system", "user", "assistant", "tool", "user"])
    #expect(body["messages"]?[2]?["content"] == .null)
    #expect(body["messages"]?[2]?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"q":"x"}"#)
    #expect(body["messages"]?[3]?["content"] == #"{"n":1}"#)
    #expect(body["tools"]?[0]?["function"]?["name"] == "find")
    #expect(body["temperature"] == 0 && body["stream"] == true && body["stop"] == ["x"])
    #expect(try JSON(encoding: OpenAIRequest(request, model: "o3-mini"))["temperature"] == nil)
  }

  @Test func `a key that a server repeats is not passed on`() {
    let body = Array(#"{"error":{"message":"Incorrect API key provided: sk-secret."}}"#.utf8)
    let error = OpenAIFailure.error(for: .status(400, body: body), hiding: "sk-secret")
    guard case .rejected(400, let message) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(message.contains("Incorrect API key") && !message.contains("sk-secret"))
  }

  @Test func `a refusal is told as what can be done about it`() {
    let long = Array(#"{"error":{"code":"context_length_exceeded","message":"too long"}}"#.utf8)
    guard case .contextTooLong = OpenAIFailure.error(for: .status(400, body: long), hiding: nil) else {
      Issue.record("not too long")
      return
    }
    guard case .unauthorized = OpenAIFailure.error(for: .status(401, body: []), hiding: nil) else {
      Issue.record("not unauthorized")
      return
    }
    let broke = Array(#"{"error":{"code":"insufficient_quota","message":"no money"}}"#.utf8)
    guard
      case .rejected(429, "no money") = OpenAIFailure.error(
        for: .rateLimited(retryAfterSeconds: 1, body: broke), hiding: nil)
    else {
      Issue.record("not rejected")
      return
    }
  }
}
