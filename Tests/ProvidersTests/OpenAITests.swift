import Conversation
import Testing
import Transport

@testable import Providers

@Suite struct OpenAITests {
  private func body(
    _ request: ChatRequest, model: String = "gpt-4o", effort: String? = nil, dialect: OpenAIDialect = .openAI
  ) throws -> JSON {
    var parameters = ModelParameters(model: model)
    parameters.effort = effort
    parameters.maxOutputTokens = 100
    return try JSON(encoding: OpenAIRequest(request, parameters, dialect: dialect))
  }

  private let call = ToolCall(name: "find", arguments: ["q": "x"], id: "a")
  private let find = ToolSpecification(name: "find", description: "D", parameters: ["type": "object"])

  @Test func `the request holds what the API wants and nothing it refuses`() throws {
    let request = ChatRequest(
      system: "S",
      messages: [
        .human("hi"), .assistant(""), .assistant("", toolCalls: [call]), .toolResult(["n": 1], of: call),
        Message(role: .function, content: "obs", name: "f"),
      ], tools: [find], stop: ["x"])
    let body = try body(request)
    #expect(
      body["messages"]?.array?.map { $0["role"]?.string } == ["system", "user", "assistant", "tool", "user"])
    #expect(body["messages"]?[2]?["content"] == .null)
    #expect(body["messages"]?[2]?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"q":"x"}"#)
    #expect(body["messages"]?[3]?["content"] == #"{"n":1}"#)
    #expect(body["tools"]?[0]?["function"]?["name"] == "find")
    #expect(body["temperature"] == 0 && body["stream"] == true && body["stop"] == ["x"])
    #expect(body["max_tokens"] == 100 && body["max_completion_tokens"] == nil)
  }

  @Test func `reasoning models are asked as they want to be`() throws {
    let plain = ChatRequest(messages: [.human("hi")], stop: ["x"])
    let reasoning = try body(plain, model: "gpt-6-sol", effort: "high")
    #expect(reasoning["temperature"] == nil && reasoning["stop"] == nil)
    #expect(reasoning["max_completion_tokens"] == 100 && reasoning["max_tokens"] == nil)
    #expect(reasoning["reasoning_effort"] == "high")
    let acting = ChatRequest(messages: [.human("hi")], tools: [find])
    #expect(try body(acting, model: "gpt-5.6-sol", effort: "high")["reasoning_effort"] == "none")
    #expect(try body(acting, model: "o3-mini", effort: "low")["reasoning_effort"] == "low")
    #expect(try body(acting, model: "gpt-4o")["reasoning_effort"] == nil)
    // A compatible server is spared what only OpenAI knows.
    #expect(try body(plain, model: "gpt-6-sol", dialect: OpenAIDialect())["max_tokens"] == 100)
  }

  @Test func `pictures reach the model whatever their shape`() throws {
    var message = Message.human("")
    message.content = [
      ["type": "text", "text": "look"],
      ["type": "image_url", "image_url": ["url": "data:image/png;base64,AAAA"]],
      ["type": "image", "source_type": "base64", "mime_type": "image/jpeg", "data": "BBBB"],
      ["type": "image", "source": ["type": "base64", "media_type": "image/gif", "data": "CCCC"]],
      ["type": "image_url", "image_url": "https://example.org/a.png"],
    ]
    let content = try body(ChatRequest(messages: [message]))["messages"]?[0]?["content"]
    #expect(
      content?.array?.compactMap { $0["image_url"]?["url"]?.string } == [
        "data:image/png;base64,AAAA", "data:image/jpeg;base64,BBBB", "data:image/gif;base64,CCCC",
        "https://example.org/a.png",
      ])
    #expect(content?[0]?["text"] == "look")
  }

  @Test func `thoughts go back to the vendor that wants them, and to no other`() throws {
    var message = Message.assistant("", toolCalls: [call])
    message.thoughts = [Thought(vendor: "openai", text: "Hm.")]
    let request = ChatRequest(messages: [.human("hi"), message, .toolResult("y", of: call)])
    let returning = OpenAIDialect(returnsThoughts: true)
    #expect(try body(request, dialect: returning)["messages"]?[1]?["reasoning_content"] == "Hm.")
    #expect(try body(request)["messages"]?[1]?["reasoning_content"] == nil)
  }

  @Test func `what a refusal says is told as what can be done about it`() {
    let refusals = Refusals.openAI(key: "sk-secret")
    let broke = Array(#"{"error":{"code":"insufficient_quota","message":"no money"}}"#.utf8)
    guard
      case .rejected(429, "no money") = refusals.error(for: .rateLimited(retryAfterSeconds: 1, body: broke))
    else {
      Issue.record("not rejected")
      return
    }
    let long = Array(#"{"message":"This model's maximum context length is 8 tokens"}"#.utf8)
    guard case .contextTooLong = refusals.error(for: .status(400, body: long)) else {
      Issue.record("not too long")
      return
    }
  }

  @Test func `a deployment of Azure has its own address and header`() throws {
    let classic = AzureOpenAI.baseURL(
      of: "https://x.openai.azure.com/", deployment: "my model", apiVersion: "2025-01-01")
    #expect(classic == "https://x.openai.azure.com/openai/deployments/my%20model")
    let dialect = OpenAIDialect.azure(apiVersion: "2025-01-01")
    #expect(dialect.query == "?api-version=2025-01-01" && dialect.keyHeader("k").name == "api-key")
    #expect(
      AzureOpenAI.baseURL(of: "https://x.openai.azure.com", deployment: "m", apiVersion: nil)
        == "https://x.openai.azure.com/openai/v1")
  }
}
