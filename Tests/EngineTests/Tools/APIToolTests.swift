import Conversation
import Foundation
import Providers
import Testing
import Transport

@testable import Engine

/// Operations of services that people describe by OpenAPI documents.
@Suite struct APIToolTests {
  private static let document: JSON = [
    "openapi": "3.0.3",
    "servers": [["url": "https://{place}.example/v1", "variables": ["place": ["default": "eu"]]]],
    "paths": [
      "/pets/{pet/id}": [:],
      "/pets/{id}": [
        "parameters": [["$ref": "#/components/parameters/Id"]],
        "get": [
          "operationId": "getPet", "summary": "One pet", "description": "With its  owner.",
          "parameters": [
            ["name": "fields", "in": "query", "schema": ["type": "array", "items": ["type": "string"]]],
            ["name": "X-Trace", "in": "header", "schema": ["type": "string"]],
            ["name": "Authorization", "in": "header", "schema": ["type": "string"]],
            ["name": "session", "in": "cookie", "schema": ["type": "string"]],
            ["name": "id", "in": "query", "schema": ["type": "integer"]],
          ],
        ],
        "post": [
          "operationId": "feed pet",
          "requestBody": [
            "required": true,
            "content": ["application/json; charset=utf-8": ["schema": ["$ref": "#/components/schemas/Food"]]],
          ],
        ],
        "put": [
          "operationId": "form",
          "requestBody": [
            "content": [
              "application/x-www-form-urlencoded": [
                "schema": ["type": "object", "properties": ["a": ["type": "string"]]]
              ]
            ]
          ],
        ],
        "delete": [
          "parameters": [["name": "sid", "in": "cookie", "required": true, "schema": ["type": "string"]]]
        ],
      ],
      "/../admin": ["get": ["operationId": "escape"]], "/a/{b}": ["get": ["operationId": "undescribed"]],
    ],
    "components": [
      "parameters": ["Id": ["name": "id", "in": "path", "required": true, "schema": ["type": "string"]]],
      "schemas": ["Food": ["type": "object", "properties": ["more": ["$ref": "#/components/schemas/Food"]]]],
    ],
  ]

  private func tool(
    _ id: String, at address: String, _ authentication: CustomTool.Authentication = .init(),
    secret: String? = nil
  ) throws -> APITool {
    let operation = try #require(APIDocument(Self.document).allOperations.first { $0.id == id })
    let client = HTTPClient(policy: .publicOnly(allowing: ["127.0.0.1/32"].compactMap(Network.init)))
    let custom = CustomTool(
      userID: .random(), name: "Shop", baseURL: address, authentication: authentication)
    return APITool(custom, operation: operation, secret: secret, client: client)
  }

  @Test func `a document is read as it is meant, and what cannot be called says why`() throws {
    let document = try APIDocument(checking: Self.document)
    #expect(document.serverURL == "https://eu.example/v1")
    let operations = Dictionary(uniqueKeysWithValues: document.allOperations.map { ($0.id, $0) })
    #expect(operations["getPet"]?.obstacle == nil && operations["getPet"]?.method.readsOnly == true)
    #expect(operations["escape"]?.obstacle == "Its path cannot be used.")
    #expect(operations["undescribed"]?.obstacle?.contains("not described: b") == true)
    #expect(operations["delete__pets__id_"]?.obstacle == "It needs a cookie, sid.")
    let schema = try #require(operations["getPet"]?.argumentSchema)
    #expect(schema["required"] == ["id"])
    #expect(schema["properties"]?.object?.keys.sorted() == ["X-Trace", "fields", "id", "query_id"])
    #expect((operations["feed pet"]?.argumentSchema.text.utf8.count ?? .max) < 3_000)
  }

  @Test(
    arguments: [
      ["swagger": "2.0"], ["openapi": "4.0.0", "paths": [:]], ["openapi": "3.1.0"], [], "x", nil,
    ] as [JSON])
  func `what is no OpenAPI 3 document is refused in words`(json: JSON) {
    #expect(throws: ToolError.self) { try APIDocument(checking: json) }
  }

  @Test func `arguments go where the document wants them, and nowhere else`() async throws {
    let site = try ScriptedSite { _ in .init(body: #"{"name":"Rex"}"#) }
    let result = try await tool("getPet", at: site.address + "/v1/").call([
      "id": "a/b c?d", "fields": ["x&y", "z"], "X-Trace": "t", "query_id": 7, "Authorization": "no",
      "other": 1,
    ])
    #expect(result.content == ["name": "Rex"])
    let request = try #require(site.requests.first)
    #expect(request.target == "/v1/pets/a%2Fb%20c%3Fd?fields=x%26y&fields=z&id=7")
    #expect(request.headers["x-trace"] == "t" && request.headers["authorization"] == nil)
    for id in ["..", ".", ""] {
      await #expect(throws: ToolError.self) {
        try await tool("getPet", at: site.address).call(["id": .string(id)]).content
      }
    }
    await #expect(throws: ToolError.self) {
      try await tool("getPet", at: site.address).call(["id": "1", "X-Trace": "a\r\nb: c"]).content
    }
    #expect(site.requests.count == 1)
  }

  @Test func `a body is JSON or a form, and an operation that writes is sent once`() async throws {
    let site = try ScriptedSite {
      $0.method == "PUT" ? .init(type: "text/plain", body: "ok") : .init(status: 503)
    }
    let feed = try tool("feed pet", at: site.address)
    #expect(feed.specification.name == "feed_pet" && !feed.readsOnly && !feed.isRepeatable)
    await #expect(throws: ToolError.self) { try await feed.call(["id": "1"]).content }
    await #expect(throws: ToolError.self) { try await feed.call(["id": "1", "body": ["more": [:]]]).content }
    #expect(site.requests.map(\.body) == [#"{"more":{}}"#])
    let form = try tool("form", at: site.address)
    #expect(try await form.call(["id": "1", "body": ["a": "x y&z"]]).content == "ok")
    #expect(site.requests.last?.value("a") == "x y&z")
  }

  @Test(arguments: [
    (CustomTool.Authentication(type: .bearer), "authorization", "Bearer hush"),
    (.init(type: .basic, name: "anna"), "authorization", "Basic YW5uYTpodXNo"),
    (.init(type: .apiKeyInHeader, name: "X-Trace"), "x-trace", "hush"),
  ])
  func `the secret stands where the settings want it, over what a model wrote`(
    authentication: CustomTool.Authentication, header: String, value: String
  ) async throws {
    let site = try ScriptedSite { _ in .init(status: 400, body: #"{"message":"bad hush"}"#) }
    let tool = try tool("getPet", at: site.address, authentication, secret: "hush")
    let error = await #expect(throws: ToolError.self) {
      try await tool.call(["id": "1", "X-Trace": "mine"]).content
    }
    #expect(site.requests[0].headers[header] == value)
    #expect(error?.message == "Shop did not accept the request (status 400): bad (key)")
    let without = try self.tool("getPet", at: site.address, authentication)
    await #expect(throws: ToolError.self) { try await without.call(["id": "1"]).content }
    #expect(site.requests.count == 1)
  }

  @Test func `a key in the query replaces what a model wrote there`() async throws {
    let site = try ScriptedSite { _ in .init(body: "[]") }
    let tool = try tool("getPet", at: site.address, .init(type: .apiKeyInQuery, name: "id"), secret: "hush")
    _ = try await tool.call(["id": "1", "query_id": 5])
    #expect(site.requests[0].target == "/pets/1?id=hush")
  }
}
