import Conversation
import Testing

@Suite struct AssistantConfigurationTests {
  @Test func `an empty configuration is an agent with the original's defaults`() throws {
    let read = try AssistantConfiguration(config: [:])
    #expect(read.architecture == .agent)
    #expect(read.model == "GPT 3.5 Turbo")
    #expect(read.systemMessage == "You are a helpful assistant.")
    #expect(read.tools.isEmpty && !read.interruptBeforeAction)
  }

  @Test func `keys count with the prefix of the chosen architecture only`() throws {
    let config: JSON = [
      "configurable": [
        "type": "chatbot", "type==chatbot/system_message": "A", "type==agent/system_message": "B",
        "type==chatbot/llm_type": "GPT 4o",
      ]
    ]
    let read = try AssistantConfiguration(config: config)
    #expect(read.systemMessage == "A")
    #expect(read.model == "GPT 4o")
  }

  @Test func `a request's values win over the assistant's`() throws {
    let config: JSON = ["configurable": ["type": "agent", "type==agent/system_message": "A"]]
    let read = try AssistantConfiguration(
      config: config, overrides: ["configurable": ["type": "chatbot", "system_message": "C"]])
    #expect(read.architecture == .chatbot)
    #expect(read.systemMessage == "C")
  }

  @Test func `tools are read as objects or as bare names`() throws {
    let config: JSON = [
      "configurable": ["tools": ["retrieval", ["type": "wikipedia", "name": "odd", "config": ["a": "b"]]]]
    ]
    let read = try AssistantConfiguration(config: config)
    #expect(read.tools == [ToolChoice(type: "retrieval"), ToolChoice(type: "wikipedia", config: ["a": "b"])])
  }

  @Test(arguments: [
    ("type", JSON.string("robot")), ("type==agent/system_message", JSON.integer(5)),
    ("type==agent/tools", JSON.string("retrieval")), ("type==agent/tools", JSON.array([7])),
    ("type==agent/interrupt_before_action", JSON.string("yes")), ("checkpoint_id", JSON.string("no id")),
  ])
  func `a wrong value is named`(key: String, value: JSON) {
    let config: JSON = ["configurable": .object([key: value])]
    let error = #expect(throws: ConfigurationError.self) { try AssistantConfiguration(config: config) }
    #expect(error?.key.hasPrefix(key) == true)
  }
}
