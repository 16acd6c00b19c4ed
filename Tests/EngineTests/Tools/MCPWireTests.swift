import Conversation
import Testing

@testable import Engine

/// The protocol as values: messages, eras, headers, descriptions, results.
@Suite struct MCPWireTests {
  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":7,"result":{}}"#, JSONRPC.Message.result(id: 7, [:])),
    (
      #"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"m","data":[1]}}"#,
      .failure(id: 7, JSONRPC.Failure(code: -1, message: "m", data: [1]))
    ),
    (
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"m"}}"#,
      .failure(id: nil, JSONRPC.Failure(code: -1, message: "m"))
    ),
    (#"{"jsonrpc":"2.0","method":"n"}"#, .notification(method: "n", params: [:])),
    (
      #"{"jsonrpc":"2.0","id":"a","method":"r","params":{"x":1}}"#,
      .request(id: "a", method: "r", params: ["x": 1])
    ),
  ])
  func `messages are read`(text: String, message: JSONRPC.Message) throws {
    #expect(JSONRPC.Message(try JSON(parsing: text)) == message)
  }

  @Test(arguments: [
    "{}", "[]", "null", #"{"id":1,"result":{}}"#, #"{"jsonrpc":"1.0","id":1,"result":{}}"#,
    #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"2.0","id":1,"result":3}"#,
    #"{"jsonrpc":"2.0","id":"x","result":{}}"#,
    #"{"jsonrpc":"2.0","id":null,"method":"m"}"#, #"{"jsonrpc":"2.0","id":1.5,"result":{}}"#,
  ])
  func `what is no message is none`(text: String) throws {
    #expect(JSONRPC.Message(try JSON(parsing: text)) == nil)
  }

  @Test func `a request carries version and abilities in the newer era only`() {
    let request = MCPRequest(method: "tools/call", params: ["name": "t"])
    let modern = request.params(in: .stateless, id: 5, clientVersion: "1.0")["_meta"]
    #expect(modern?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
    #expect(modern?["io.modelcontextprotocol/clientCapabilities"] == [:])
    #expect(modern?["io.modelcontextprotocol/clientInfo"] == ["name": "opengpts", "version": "1.0"])
    #expect(modern?["progressToken"] == 5)
    let legacy = request.params(in: .session(version: "2025-11-25"), id: 5, clientVersion: "1.0")
    #expect(legacy["_meta"] == ["progressToken": 5])
  }

  @Test(arguments: [
    ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
    (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
    ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
  ])
  func `values stand in headers as the specification's own table has them`(value: String, header: String) {
    #expect(MCPHeaderRules.encoded(value) == header)
  }

  private func described(_ properties: JSON) -> MCPToolDescription? {
    MCPToolDescription(["name": "t", "inputSchema": ["type": "object", "properties": properties]])
  }

  @Test func `arguments that a server wants in headers are mirrored by their paths`() throws {
    let tool = try #require(
      described([
        "region": ["type": "string", "x-mcp-header": "Region"],
        "deep": ["type": "object", "properties": ["n": ["type": "integer", "x-mcp-header": "N"]]],
      ]))
    #expect(tool.headers(for: ["region": "eu", "deep": ["n": 42]]) == ["Region": "eu", "N": "42"])
    #expect(tool.headers(for: ["region": nil]) == [:])
    #expect(tool.parameters.text.contains("x-mcp-header") == false)
  }

  @Test(
    arguments: [
      ["a": ["type": "string", "x-mcp-header": ""]], ["a": ["type": "number", "x-mcp-header": "A"]],
      ["a": ["type": "string", "x-mcp-header": "A b"]], ["a": ["type": "string", "x-mcp-header": 1]],
      ["a": ["type": "string", "x-mcp-header": "A"], "b": ["type": "string", "x-mcp-header": "a"]],
      ["a": ["type": "array", "items": ["type": "string", "x-mcp-header": "A"]]],
      ["a": ["anyOf": [["type": "string", "x-mcp-header": "A"]]]],
    ] as [JSON])
  func `a tool whose headers break the rules is left out`(properties: JSON) {
    #expect(described(properties) == nil)
  }

  @Test func `a schema is shown without references, and one that unfolds without end is cut`() throws {
    let schema: JSON = [
      "type": "object", "properties": ["p": ["$ref": "#/$defs/P"], "definitions": ["type": "string"]],
      "$defs": ["P": ["type": "object", "properties": ["next": ["$ref": "#/$defs/P"]]]],
    ]
    let shown = SchemaReader(root: schema).object(schema)
    #expect(shown["properties"]?["p"]?["properties"]?["next"] != nil && shown["$defs"] == nil)
    #expect(shown["properties"]?["definitions"] == ["type": "string"])
    #expect(shown.text.utf8.count < 2_000)
    #expect(SchemaReader(root: nil).object(["$ref": "https://evil.example/schema"]) == SchemaReader.anything)
    // What is cut says other things than the whole, and is no rule for results.
    for next in [["$ref": "#"], ["$ref": "https://evil.example/schema"]] as [JSON] {
      let list: JSON = ["type": "object", "properties": ["next": ["oneOf": [["type": "null"], next]]]]
      #expect(SchemaReader(root: list).whole(list) == nil)
    }
    let plain: JSON = ["type": "object", "properties": ["next": ["type": "null"]]]
    #expect(SchemaReader(root: plain).whole(plain) == plain)
  }

  @Test func `results become what a model reads and a page shows`() throws {
    let both = try MCPResult.toolResult(
      ["content": [["type": "text", "text": "{\"a\": 1}"]], "structuredContent": ["a": 1]], of: "S")
    #expect(both.content == ["a": 1])
    let more = try MCPResult.toolResult(
      ["content": [["type": "text", "text": "One."]], "structuredContent": ["a": 1]], of: "S")
    #expect(more.content == "One.\n\n{\"a\":1}")
    let odd = try MCPResult.toolResult(
      [
        "content": [
          ["type": "resource_link", "uri": "file:///x", "name": "x"], ["type": "audio"], ["type": "new"], 7,
          ["type": "resource", "resource": ["uri": "u", "blob": "AA", "mimeType": "image/gif"]],
        ]
      ], of: "S")
    #expect(
      odd.content
        == "x: file:///x\n\n[A sound, which cannot be played here.]\n\n[u: image/gif, which is no text.]")
    let failed = #expect(throws: ToolError.self) { try MCPResult.toolResult(["isError": true], of: "S") }
    #expect(failed?.message == "S failed without saying why.")
    #expect(try MCPResult.toolResult([:], of: "S").content == "")
  }

  @Test func `a server that fails again and again is tried later and later, up to a minute`() {
    #expect((1...9).map { MCPServer.backoffSeconds(failures: $0) } == [1, 2, 4, 8, 16, 32, 60, 60, 60])
  }
}
