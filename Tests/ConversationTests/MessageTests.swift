import Conversation
import Testing

@Suite struct MessageTests {
  @Test(arguments: [
    (#"{"type":"human","content":"hi"}"#, Message.Role.human),
    (#"{"type":"AIMessageChunk","content":"hi"}"#, .ai),
    (#"{"role":"user","content":"hi"}"#, .human),
    (#"{"role":"assistant","content":[{"type":"text","text":"hi"}]}"#, .ai),
    (#"{"type":"tool","content":{"any":1},"tool_call_id":"c"}"#, .tool),
  ])
  func `reads a message by its type or its role`(text: String, role: Message.Role) throws {
    let message = try JSON(parsing: text).decoded(as: Message.self)
    #expect(message.role == role)
    #expect(!message.id.isEmpty)
  }

  @Test(arguments: [
    #"{"content":"hi"}"#, #"{"type":"remove","id":"1"}"#, #"{"type":"human","content":5}"#, "[]", "7",
    #"{"type":"tool","content":"x","status":"odd"}"#,
  ])
  func `refuses what is no message`(text: String) throws {
    let json = try JSON(parsing: text)
    #expect(throws: DecodingError.self) { try json.decoded(as: Message.self) }
  }

  @Test func `writes the fields of its role and no others`() throws {
    let keys: (Message) throws -> Set<String> = { Set(try JSON(encoding: $0).object?.keys.map { $0 } ?? []) }
    let common: Set = ["content", "additional_kwargs", "response_metadata", "type", "name", "id"]
    #expect(try keys(.human("a")) == common.union(["example"]))
    #expect(
      try keys(.assistant("a"))
        == common.union(["example", "tool_calls", "invalid_tool_calls", "usage_metadata"]))
    let call = ToolCall(name: "t", arguments: [:], id: "1")
    #expect(
      try keys(.toolResult("a", of: call)) == common.union(["tool_call_id", "artifact", "status"]))
  }

  @Test func `survives being written and read`() throws {
    var message = Message.assistant("text", toolCalls: [ToolCall(name: "f", arguments: ["a": 1], id: "x")])
    message.usage = TokenUsage(inputTokens: 3, outputTokens: 4)
    message.responseMetadata = ["finish_reason": "stop"]
    #expect(try JSON(encoding: message).decoded(as: Message.self) == message)
  }
}
