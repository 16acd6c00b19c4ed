import Conversation
import Testing

@Suite struct PartialMessageTests {
  @Test func `pieces of several calls are put together by their index`() {
    var partial = PartialMessage(id: "m")
    partial.append(MessageDelta(id: "m", text: "Let me "))
    partial.append(
      MessageDelta(id: "m", toolCalls: [ToolCallDelta(index: 0, id: "a", name: "f", arguments: "{\"x\"")]))
    partial.append(MessageDelta(id: "m", toolCalls: [ToolCallDelta(index: 1, id: "b", name: "g")]))
    partial.append(MessageDelta(id: "m", toolCalls: [ToolCallDelta(index: 0, arguments: ": 1}")]))
    let message = partial.finished
    #expect(message.text == "Let me ")
    #expect(
      message.toolCalls == [
        ToolCall(name: "f", arguments: ["x": 1], id: "a"), ToolCall(name: "g", arguments: [:], id: "b"),
      ])
  }

  @Test func `a call whose arguments are no object is invalid and not carried out`() {
    var partial = PartialMessage(id: "m")
    partial.append(
      MessageDelta(id: "m", toolCalls: [ToolCallDelta(index: 0, id: "a", name: "f", arguments: "[1")]))
    #expect(partial.finished.toolCalls.isEmpty)
    #expect(partial.finished.invalidToolCalls.first?["name"] == "f")
    #expect(partial.textOnly.toolCalls.isEmpty)
  }

  @Test(arguments: [
    (#"{"query": "what "#, #"{"query":"what "}"#), (#"{"a": 1, "b"#, #"{"a":1}"#),
    (#"{"a": [1, {"b": "c"#, #"{"a":[1,{"b":"c"}]}"#),
    (#"{"a": "x\"#, #"{"a":"x"}"#), (#"{"#, "{}"), (#"{"a": tr"#, "{}"), (#"{"a": 1,"#, #"{"a":1}"#),
  ])
  func `arguments that are cut off are read as far as they go`(cut: String, read: String) throws {
    #expect(JSON(completing: cut) == (try JSON(parsing: read)))
  }

  @Test func `every prefix of a text can be read without harm`() throws {
    let text = #"{"a":[1,-2.5e3,{"b":"\u00e9\"}{"}],"c":null,"d":{"e":[true,false]}}"#
    for end in 0...text.count { _ = JSON(completing: String(text.prefix(end))) }
    #expect(JSON(completing: text) == (try JSON(parsing: text)))
  }
}
