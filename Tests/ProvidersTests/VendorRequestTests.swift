import Conversation
import Testing

@testable import Providers

/// A conversation with everything in it, as each vendor wants to be told.
@Suite struct VendorRequestTests {
  private let find = ToolSpecification(name: "find", description: "D", parameters: ["type": "object"])

  /// Two calls and their results, thoughts of two vendors, a picture.
  private func request(by vendor: String) -> ChatRequest {
    let calls = [
      ToolCall(name: "find", arguments: ["q": "x"], id: "a:1"),
      ToolCall(name: "find", arguments: [:], id: "b"),
    ]
    var reply = Message.assistant("I look. ", toolCalls: calls)
    reply.thoughts = [
      Thought(vendor: vendor, text: "Hm.", signature: "sig", after: 0),
      Thought(vendor: "somebody", text: "else", signature: "foreign"),
      Thought(vendor: vendor, signature: "call-sig", callID: "a:1"),
    ]
    var picture = Message.human("")
    picture.content = [
      ["type": "text", "text": "see"],
      ["type": "image_url", "image_url": ["url": "data:image/png;base64,AAAA"]],
    ]
    return ChatRequest(
      system: "S",
      messages: [
        picture, reply, .toolResult("one", of: calls[0]), .toolResult("bad", of: calls[1], status: .error),
        .human("and?"),
      ], tools: [find])
  }

  @Test func `Anthropic gets alternating turns, thoughts with signatures and marks for its cache`() throws {
    var parameters = ModelParameters(model: "claude-sonnet-5-5")
    (parameters.thinking, parameters.effort) = (true, "low")
    let body = try JSON(encoding: AnthropicRequest(request(by: "anthropic"), parameters))
    let messages = try #require(body["messages"]?.array)
    #expect(messages.map { $0["role"] } == ["user", "assistant", "user"])
    #expect(messages[0]["content"]?[1]?["source"]?["data"] == "AAAA")
    let reply = try #require(messages[1]["content"]?.array)
    #expect(reply.map { $0["type"] } == ["thinking", "text", "tool_use", "tool_use"])
    #expect(reply[0]["signature"] == "sig" && reply[2]["id"] == "a_1" && reply[2]["input"] == ["q": "x"])
    let after = try #require(messages[2]["content"]?.array)
    #expect(after.map { $0["type"] } == ["tool_result", "tool_result", "text"])
    #expect(after[0]["tool_use_id"] == "a_1" && after[1]["is_error"] == true)
    #expect(after[2]["cache_control"] == ["type": "ephemeral"])
    #expect(body["system"]?[0]?["cache_control"] == ["type": "ephemeral"])
    #expect(body["thinking"] == ["type": "adaptive"] && body["output_config"] == ["effort": "low"])
    #expect(body["temperature"] == nil && body["max_tokens"] == 16_000)
    parameters.model = "claude-haiku-4-5"
    let older = try JSON(encoding: AnthropicRequest(request(by: "anthropic"), parameters))
    #expect(older["thinking"] == ["type": "enabled", "budget_tokens": 2_048])
  }

  @Test func `OpenAI gets items, its sealed thoughts before what they led to`() throws {
    var conversation = request(by: "x")
    conversation.messages[1].thoughts = [
      Thought(vendor: "openai-responses", signature: "rs_1", redacted: "sealed")
    ]
    var parameters = ModelParameters(model: "gpt-6-sol")
    parameters.effort = "high"
    let body = try JSON(encoding: OpenAIResponsesRequest(conversation, parameters))
    let input = try #require(body["input"]?.array)
    #expect(
      input.map { $0["type"]?.string ?? $0["role"]?.string } == [
        "user", "reasoning", "assistant", "function_call", "function_call", "function_call_output",
        "function_call_output", "user",
      ])
    #expect(input[1]["encrypted_content"] == "sealed" && input[1]["id"] == "rs_1")
    #expect(input[0]["content"]?[1]?["image_url"] == "data:image/png;base64,AAAA")
    #expect(input[3]["arguments"] == #"{"q":"x"}"# && input[5]["call_id"] == "a:1")
    #expect(body["store"] == false && body["reasoning"] == ["effort": "high"] && body["instructions"] == "S")
    #expect(body["tools"]?[0]?["name"] == "find" && body["include"] == ["reasoning.encrypted_content"])
  }

  @Test func `Gemini gets its signatures back where they came`() throws {
    let body = try JSON(
      encoding: GeminiRequest(request(by: "google"), ModelParameters(model: "gemini-3.8-flash")))
    let contents = try #require(body["contents"]?.array)
    #expect(contents.map { $0["role"] } == ["user", "model", "user"])
    #expect(contents[0]["parts"]?[1]?["inlineData"] == ["mimeType": "image/png", "data": "AAAA"])
    let parts = try #require(contents[1]["parts"]?.array)
    #expect(parts.compactMap { $0["functionCall"] }.count == 2)
    let call = try #require(parts.first { $0["functionCall"] != nil })
    #expect(call["thoughtSignature"] == "call-sig")
    #expect(parts.last?["thoughtSignature"] == nil)
    let results = try #require(contents[2]["parts"]?.array)
    #expect(results[0]["functionResponse"]?["response"] == ["result": "one"])
    #expect(results[1]["functionResponse"]?["response"] == ["error": "bad"])
    #expect(body["tools"]?[0]?["functionDeclarations"]?[0]?["parametersJsonSchema"] == ["type": "object"])
    // Calls of another model carry the word for them.
    let foreign = try JSON(
      encoding: GeminiRequest(request(by: "x"), ModelParameters(model: "gemini-3.8-flash")))
    let signatures = foreign["contents"]?[1]?["parts"]?.array?.compactMap { $0["thoughtSignature"]?.string }
    #expect(signatures == ["skip_thought_signature_validator"])
  }

  @Test func `Ollama gets pictures apart, calls as objects and room for the conversation`() throws {
    var parameters = ModelParameters(model: "llama3")
    parameters.contextTokens = 8_192
    let body = try JSON(encoding: OllamaRequest(request(by: "ollama"), parameters))
    let messages = try #require(body["messages"]?.array)
    #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "tool", "tool", "user"])
    #expect(messages[1]["images"] == ["AAAA"] && messages[1]["content"] == "see")
    #expect(messages[2]["tool_calls"]?[0]?["function"]?["arguments"] == ["q": "x"])
    #expect(messages[2]["thinking"] == "Hm." && messages[3]["tool_name"] == "find")
    #expect(body["options"]?["num_ctx"] == 8_192 && body["think"] == nil)
  }

  @Test func `Bedrock gets blocks, and a list of tools whenever a call stands in the history`() throws {
    var conversation = request(by: "bedrock")
    conversation.tools = []
    let body = try JSON(
      encoding: BedrockRequest(conversation, ModelParameters(model: "us.anthropic.claude-haiku-4-5-v1:0")))
    let messages = try #require(body["messages"]?.array)
    #expect(messages[0]["content"]?[1]?["image"]?["source"] == ["bytes": "AAAA"])
    let reply = try #require(messages[1]["content"]?.array)
    #expect(reply[0]["reasoningContent"]?["reasoningText"]?["signature"] == "sig")
    #expect(reply[2]["toolUse"]?["toolUseId"] == "a_1")
    #expect(messages[2]["content"]?[1]?["toolResult"]?["status"] == "error")
    #expect(body["toolConfig"]?["tools"]?[0]?["toolSpec"]?["name"] == "find")
    #expect(body["system"] == [["text": "S"]] && body["inferenceConfig"]?["temperature"] == nil)
  }

  @Test func `a picture by address is refused where the vendor fetches none`() {
    var message = Message.human("")
    message.content = [["type": "image_url", "image_url": ["url": "https://example.org/a.png"]]]
    let request = ChatRequest(messages: [message])
    #expect(throws: ModelError.self) { try GeminiRequest(request, ModelParameters(model: "gemini-3")) }
    #expect(throws: ModelError.self) { try OllamaRequest(request, ModelParameters(model: "x")) }
    #expect(throws: ModelError.self) { try BedrockRequest(request, ModelParameters(model: "x")) }
  }
}
