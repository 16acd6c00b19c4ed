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

  /// A call whose result is a picture that its tool means for the model.
  private static let screenshot: ChatRequest = {
    let call = ToolCall(name: "look", arguments: [:], id: "a")
    let picture: JSON = ["type": "image", "media_type": "image/png", "data": "AAAA", "for_model": true]
    return ChatRequest(messages: [
      .human("see"), .assistant("", toolCalls: [call]), .toolResult("Here.", of: call, artifact: picture),
    ])
  }()

  @Test func `a picture that a tool brings stands in its result, where the vendor has a place for it`() throws
  {
    let request = Self.screenshot
    let claude = try JSON(encoding: AnthropicRequest(request, ModelParameters(model: "claude-x")))
    let blocks = claude["messages"]?[2]?["content"]?[0]?["content"]
    #expect(blocks?[0]?["text"] == "Here." && blocks?[1]?["source"]?["data"] == "AAAA")
    let gpt = try JSON(encoding: OpenAIResponsesRequest(request, ModelParameters(model: "gpt-6-sol")))
    #expect(gpt["input"]?[2]?["output"]?[1]?["image_url"] == "data:image/png;base64,AAAA")
    let gemini = try JSON(encoding: GeminiRequest(request, ModelParameters(model: "gemini-3.8-flash")))
    let response = gemini["contents"]?[2]?["parts"]?[0]?["functionResponse"]
    #expect(response?["response"] == ["result": "Here."])
    #expect(response?["parts"]?[0]?["inlineData"] == ["mimeType": "image/png", "data": "AAAA"])
    let nova = try JSON(encoding: BedrockRequest(request, ModelParameters(model: "amazon.nova-x")))
    #expect(
      nova["messages"]?[2]?["content"]?[0]?["toolResult"]?["content"]?[1]?["image"]?["source"] == [
        "bytes": "AAAA"
      ])
    // Chat Completions and Ollama have texts alone there.
    for body in [
      try JSON(encoding: OpenAIRequest(request, ModelParameters(model: "gpt-4o"), dialect: .openAI)),
      try JSON(encoding: OllamaRequest(request, ModelParameters(model: "llama3"))),
    ] {
      #expect(body["messages"]?.array?.last?["content"] == "Here.")
    }
  }

  @Test func `it is shown to models that see, in the turn in which it came`() {
    var definition = ModelDefinition(name: "m", provider: "anthropic", model: "m")
    definition.images = true
    #expect(Self.screenshot.withPictures(for: definition).messages[2].resultPicture != nil)
    var later = Self.screenshot
    later.messages += [.assistant("I see."), .human("and?")]
    #expect(later.withPictures(for: definition).messages[2].resultPicture == nil)
    definition.images = false
    #expect(Self.screenshot.withPictures(for: definition).messages[2].resultPicture == nil)
    var own = Self.screenshot
    own.messages[2].artifact = ["type": "image", "media_type": "image/png", "data": "AAAA"]
    #expect(own.messages[2].resultPicture == nil, "a picture for people alone")
  }

  @Test func `a picture that another vendor's model has made is told in words where none may stand`() throws {
    var drawn = Message.assistant("")
    drawn.content = [["type": "image_url", "image_url": ["url": "data:image/png;base64,AAAA"]]]
    let request = ChatRequest(messages: [.human("draw"), drawn, .human("and?")])
    for body in [
      try JSON(encoding: AnthropicRequest(request, ModelParameters(model: "claude-x"))),
      try JSON(encoding: BedrockRequest(request, ModelParameters(model: "amazon.nova-x"))),
    ] {
      #expect(body["messages"]?[1]?["content"]?[0]?["text"] == "[A picture that was made here.]")
    }
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
